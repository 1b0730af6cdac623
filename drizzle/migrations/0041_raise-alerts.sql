-- Where people are told of alerts.
create table alert_destinations (
  id integer generated always as identity primary key,
  kind text not null check (kind in ('webhook', 'slack', 'mail')),
  name text not null,
  -- {"url", "secrets": [{"secret", "until"}]}, {"url"} or {"to": []}; empty once it is deleted.
  config jsonb not null,
  updated_at timestamptz not null,
  -- What was sent to it stays to be seen.
  deleted_at timestamptz
);
--> statement-breakpoint
create unique index alert_destinations_name_key on alert_destinations (lower(name)) where deleted_at is null;
--> statement-breakpoint
create table alert_rules (
  id integer generated always as identity primary key,
  name text not null,
  is_on boolean not null,
  severity text not null check (severity in ('critical', 'warning', 'info')),
  condition jsonb not null,
  for_ms integer not null,
  destinations integer[] not null,
  note text not null,
  runbook text,
  version integer not null default 1,
  muted_until timestamptz,
  mute_reason text,
  muted_by text,
  -- When it was looked at last, and why it could not be told whether it holds.
  evaluated_at timestamptz,
  problem text,
  updated_at timestamptz not null,
  updated_by text not null
);
--> statement-breakpoint
create unique index alert_rules_name_key on alert_rules (lower(name));
--> statement-breakpoint
create table alerts (
  id bigint generated always as identity primary key,
  -- Alerts outlive their rules, and say what these were called.
  rule_id integer not null,
  rule_name text not null,
  severity text not null check (severity in ('critical', 'warning', 'info')),
  condition jsonb not null,
  labels jsonb not null,
  -- The labels in one text.
  series text not null,
  state text not null check (state in ('pending', 'firing', 'acknowledged', 'flapping', 'resolved')),
  holds boolean not null,
  began_at timestamptz not null,
  held_ms bigint not null,
  seen_at timestamptz not null,
  fired_at timestamptz,
  resolved_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_note text,
  -- Moments, in milliseconds since 1970, at which it fired or was over of late.
  changes jsonb not null,
  value double precision,
  worst double precision,
  told text check (told in ('firing', 'acknowledged', 'resolved', 'flapping')),
  muted_until timestamptz,
  mute_reason text,
  muted_by text
);
--> statement-breakpoint
create unique index alerts_rule_id_series_key on alerts (rule_id, series) where state <> 'resolved';
--> statement-breakpoint
create index alerts_rule_id_id_idx on alerts (rule_id, id);
--> statement-breakpoint
create index alerts_state_id_idx on alerts (state, id);
--> statement-breakpoint
create index alerts_resolved_at_idx on alerts (resolved_at) where state = 'resolved';
--> statement-breakpoint
-- Those of which people believe still that they fire.
create index alerts_told_idx on alerts (id) where state = 'resolved' and told in ('firing', 'acknowledged', 'flapping');
--> statement-breakpoint
create table alert_steps (
  alert_id bigint not null references alerts (id) on delete cascade,
  -- From 1.
  step integer not null,
  at timestamptz not null,
  state text not null check (state in ('pending', 'firing', 'acknowledged', 'flapping', 'resolved')),
  cause text not null,
  value double precision,
  actor text,
  primary key (alert_id, step)
);
--> statement-breakpoint
create table alert_notices (
  id bigint generated always as identity primary key,
  -- Null for a message that only tries the destination.
  alert_id bigint references alerts (id) on delete cascade,
  kind text not null check (kind in ('firing', 'acknowledged', 'resolved', 'flapping', 'test')),
  destination_id integer not null references alert_destinations (id),
  -- What is said, as it was when it came to be said: every try sends the same.
  message jsonb not null,
  status text not null check (status in ('waiting', 'sent', 'retrying', 'failed', 'muted')),
  created_at timestamptz not null,
  next_attempt_at timestamptz,
  -- Tries since it was made, or since somebody had it tried again.
  tries integer not null default 0,
  -- Whoever sends it has it until then.
  leased_until timestamptz,
  -- [{"at", "durationMs", "code", "error"}], oldest first.
  attempts jsonb not null default '[]'
);
--> statement-breakpoint
create index alert_notices_next_attempt_at_idx on alert_notices (next_attempt_at) where status in ('waiting', 'retrying');
--> statement-breakpoint
create index alert_notices_alert_id_idx on alert_notices (alert_id, id);
--> statement-breakpoint
create index alert_notices_destination_id_idx on alert_notices (destination_id, id);
--> statement-breakpoint
-- One process at a time looks at the rules.
create table alert_evaluation (
  id integer primary key check (id = 1),
  holder text,
  leased_until timestamptz,
  evaluated_at timestamptz
);
--> statement-breakpoint
insert into alert_evaluation (id) values (1);
