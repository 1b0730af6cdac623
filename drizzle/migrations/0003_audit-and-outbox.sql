-- Who changed what, when: written in the transaction of the change itself.
create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  -- noun.past-participle, such as subscription.paused
  action text not null,
  -- What it was done to: the name of a consumer, a channel.
  subject text not null,
  details jsonb not null default '{}'
);
--> statement-breakpoint
create index audit_log_subject_idx on audit_log (subject, id);
--> statement-breakpoint

-- Events that were published inside of a transaction, until the relay has moved them into the log.
create table outbox (
  id bigint generated always as identity primary key,
  -- The event in the CloudEvents JSON format, its payload verbatim.
  envelope text not null,
  created_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz,
  -- Why the log would not take it. It is not tried again.
  refused_reason text
);
--> statement-breakpoint
create index outbox_unsent_idx on outbox (id) where sent_at is null and refused_reason is null;
--> statement-breakpoint
create index outbox_sent_idx on outbox (sent_at) where sent_at is not null;
--> statement-breakpoint

-- Systems that deliver on their own may report the end of an attempt before its start, or without it. Their outcomes
-- by number, beside those of the bus: 4 running, 5 failed for good.
alter table attempts alter column started_at drop not null, alter column duration_us drop not null,
  add column ended_at timestamptz;
