-- Whose events they were: what one system wrote can be taken out of the counts. 0: counted before that was kept.
alter table unrouted_events add column source_id integer not null default 0;
alter table unrouted_events alter column source_id drop default;
alter table unrouted_events drop constraint unrouted_events_pkey,
  add constraint unrouted_events_pkey primary key (hour, type_id, source_id);

-- What the services of sample systems remember, such as what a customer prefers.
create table sample_documents (
  scenario text not null,
  -- The service and what it is about.
  name text not null,
  document jsonb not null,
  constraint sample_documents_pkey primary key (scenario, name)
);

-- Orders of the event-sourced sample system, as its events left them: the read model of the projection `sample-orders`.
create table sample_orders (
  generation integer not null,
  order_id text not null,
  version integer not null,
  state jsonb not null,
  last_position bigint not null,
  constraint sample_orders_pkey primary key (generation, order_id)
);
