-- What flows were recognised to be: one row for each saga, written by the recogniser alone and from nothing but what was
-- recorded, so that it can be made anew at any time.
create table saga_types (
  id integer generated always as identity primary key,
  -- The name of the declaration, or the id of the flow type.
  type text not null constraint saga_types_type_key unique,
  -- What people call it.
  name text not null,
  -- Whether its flows are sagas from their first event on. Others are listed only when something failed in them.
  is_process boolean not null default false
);
--> statement-breakpoint

-- What the flows of a type begin with.
create table saga_starts (
  type_id integer not null references saga_types on delete cascade,
  event_type_id integer not null,
  source_id integer not null,
  constraint saga_starts_pkey primary key (event_type_id, source_id, type_id)
);
--> statement-breakpoint

create table sagas (
  -- Made of its correlation and subject, so that the same saga has the same id wherever it is recognised.
  id uuid primary key,
  type_id integer not null references saga_types,
  -- By number: correlation id, trace, payload.
  correlation_kind smallint not null,
  correlation text not null,
  -- Where several sagas run under one correlation: what this one is about.
  subject text,
  -- What people know it by.
  business_key text,
  -- What stands behind the last sign of the key that is no letter and no digit: `123` of `order-123`.
  key_tail text,
  -- By number: declared, mediated, choreographed.
  basis smallint not null,
  -- By number, the most harm first: stuck, failed, compensating, waiting, running, compensated, completed.
  state smallint not null,
  since timestamptz not null,
  started_at timestamptz not null,
  -- Null while it goes on.
  ended_at timestamptz,
  -- Microseconds from its beginning to its end.
  took_us bigint,
  -- The step that it waits for, or is at.
  step text,
  -- What is waited for, as in `AWAITED`.
  awaits text,
  -- The first step that failed, and why.
  failed_step text,
  failure text,
  -- Steps: done, known of, failed, taken back, to be taken back.
  completed integer not null,
  steps integer not null,
  failed integer not null,
  compensated integer not null,
  to_compensate integer not null,
  events integer not null,
  services integer not null,
  first_position bigint not null,
  last_position bigint not null,
  -- The event whose dead letter holds it up.
  held_position bigint,
  -- When it has to be looked at again although nothing was recorded; null where that is not needed.
  look_at timestamptz,
  looked_at timestamptz not null,
  -- What it adds to the map of its type, packed; null as long as it has not ended.
  counted bytea,
  -- The hour of the map that it is counted in.
  counted_hour timestamptz
);
--> statement-breakpoint
-- Every way to sort, of all sagas in a state and of those of one type: a list goes along one of these at a time.
create index sagas_state_idx on sagas (state, since, id);
--> statement-breakpoint
create index sagas_type_state_idx on sagas (type_id, state, since, id);
--> statement-breakpoint
create index sagas_state_started_idx on sagas (state, started_at, id);
--> statement-breakpoint
create index sagas_type_state_started_idx on sagas (type_id, state, started_at, id);
--> statement-breakpoint
create index sagas_state_took_idx on sagas (state, took_us, id) where took_us is not null;
--> statement-breakpoint
create index sagas_type_state_took_idx on sagas (type_id, state, took_us, id) where took_us is not null;
--> statement-breakpoint
create index sagas_step_idx on sagas (hashtextextended(step, 0), state, since, id) where step is not null;
--> statement-breakpoint
create index sagas_key_idx on sagas (lower(left(business_key, 200)) text_pattern_ops);
--> statement-breakpoint
create index sagas_tail_idx on sagas (lower(left(key_tail, 200)) text_pattern_ops);
--> statement-breakpoint
create index sagas_correlation_idx on sagas (lower(left(correlation, 200)) text_pattern_ops);
--> statement-breakpoint
create index sagas_look_at_idx on sagas (look_at) where look_at is not null;
--> statement-breakpoint
create index sagas_held_idx on sagas (held_position) where held_position is not null;
--> statement-breakpoint

-- Events whose dead letter was delivered, given up or taken back: sagas that they held up have to be looked at.
create table saga_nudges (
  position bigint not null
);
--> statement-breakpoint

-- How many sagas of a type stand where; the step is '' where there is none.
create table saga_counts (
  type_id integer not null references saga_types on delete cascade,
  basis smallint not null,
  state smallint not null,
  step text not null,
  sagas bigint not null,
  constraint saga_counts_pkey primary key (type_id, basis, state, step)
);
--> statement-breakpoint

-- Process maps of the sagas that ended, by the hour in which they began.
create table saga_maps (
  type_id integer not null references saga_types on delete cascade,
  hour timestamptz not null,
  map jsonb not null,
  -- Counts its changes.
  version integer not null default 0,
  constraint saga_maps_pkey primary key (type_id, hour)
);
--> statement-breakpoint

-- Events that belong to a flow by their trace or by a place in their payload; those with a correlation id have an index.
create table flow_members (
  -- By number, as in `sagas`.
  correlation_kind smallint not null,
  correlation text not null,
  position bigint not null
);
--> statement-breakpoint
create index flow_members_idx on flow_members (hashtextextended(correlation, 0), correlation_kind, position);
--> statement-breakpoint
create unique index flow_members_position_key on flow_members (position);
--> statement-breakpoint

-- Where payloads say which flow an event belongs to, for events that say it in no other way; the first that matches counts.
create table correlation_paths (
  id integer generated always as identity primary key,
  -- A glob of event types.
  type text not null,
  -- Such as `data.order_id`.
  path text not null,
  created_at timestamptz not null default now(),
  constraint correlation_paths_key unique (type, path)
);
--> statement-breakpoint

-- Sagas are recognised from what is recorded from now on, and of the last day.
insert into checkpoints (name, position)
select 'sagas', greatest(0, (extract(epoch from now() - interval '1 day') * 1000000)::bigint)
on conflict do nothing;
--> statement-breakpoint
-- Up to which of the numbered dead letters sagas were looked at.
insert into checkpoints (name, position) values ('saga-letters', 0) on conflict do nothing;
