-- Operations that deliver a frozen selection of dead letters again.
create table replays (
  id integer generated always as identity primary key,
  -- Why, as whoever asked for it put it, and the page that it was asked on.
  reason text not null,
  view text,
  actor text not null,
  -- The rule that did it; null where a person did.
  rule_id integer,
  -- What was asked for, and the number of the last letter that could be in it.
  selection jsonb not null,
  cut_off bigint not null,
  -- Letters that match, but died after that.
  newer bigint not null default 0,
  -- {"to": "consumer" | "all", "retries": "policy" | "none", "edit": …}
  delivery jsonb not null,
  status text not null constraint replays_status_check check (
    status in ('planned', 'running', 'paused', 'finished', 'cancelled', 'stopped')),
  -- Everything that it goes on from, with its status.
  run jsonb not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
--> statement-breakpoint
create index replays_active_idx on replays (id) where status in ('running', 'paused');
--> statement-breakpoint

create table replay_items (
  -- Without a constraint: half a million items would be checked one by one when they are frozen.
  replay_id integer not null,
  -- The order of the replay, from 1.
  seq integer not null,
  position bigint not null,
  subscription_id integer not null,
  -- The one before it in its key; null for the first, and for those without a key. 0 where its delivery is under way by
  -- other means.
  behind integer,
  -- 0 waits behind another, 1 may start, 2 in flight, 3 ended.
  state smallint not null,
  -- By number: succeeded, failed-same, failed-new, skipped-handled, unknown.
  outcome smallint,
  case_id integer,
  -- The case of its failure in the replay, if it failed.
  new_case_id integer,
  -- The generation of the delivery that the replay made.
  generation integer,
  started_at timestamptz,
  ended_at timestamptz,
  constraint replay_items_pkey primary key (replay_id, seq)
);
--> statement-breakpoint
create index replay_items_ready_idx on replay_items (replay_id, seq) where state = 1;
--> statement-breakpoint
create index replay_items_in_flight_idx on replay_items (replay_id, seq) where state = 2;
--> statement-breakpoint
create index replay_items_behind_idx on replay_items (replay_id, behind) where behind is not null;
--> statement-breakpoint
create index replay_items_position_idx on replay_items (position, subscription_id);
--> statement-breakpoint
create index replay_items_outcome_idx on replay_items (replay_id, outcome, seq) where outcome is not null;
--> statement-breakpoint

-- Payloads that were edited for one delivery. The event itself never changes.
create table delivery_edits (
  position bigint not null,
  subscription_id integer not null,
  generation integer not null,
  data_text text not null,
  replay_id integer not null,
  constraint delivery_edits_pkey primary key (position, subscription_id, generation)
);
--> statement-breakpoint

-- The last attempt that a delivery gets in its generation, where that is not the consumer's policy.
alter table deliveries add column attempt_limit smallint;
