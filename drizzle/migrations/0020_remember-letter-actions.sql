-- What was done to which dead letters by hand or by a rule, apart from replays: the audit row says who, when and why.
create table letter_actions (
  position bigint not null,
  subscription_id integer not null,
  audit_id bigint not null references audit_log,
  constraint letter_actions_pkey primary key (position, subscription_id, audit_id)
);
