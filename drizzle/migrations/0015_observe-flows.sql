-- Flows that began, by type and source of their first event: an estimate where more began at once than were looked at.
create table flow_starts (
  minute timestamptz not null,
  type_id integer not null,
  source_id integer not null,
  flows double precision not null,
  constraint flow_starts_pkey primary key (minute, type_id, source_id)
);
--> statement-breakpoint

-- Flows that are to be examined once they have come to rest.
create table flow_candidates (
  start_position bigint primary key,
  type_id integer not null,
  source_id integer not null,
  correlation_id text not null,
  look_at timestamptz not null
);
--> statement-breakpoint
create index flow_candidates_look_at_idx on flow_candidates (look_at);
--> statement-breakpoint

-- What was found out about examined flows, merged by the minute in which they began: how they ran, what they emitted and
-- who was handed it, and the newest of them.
create table flow_minutes (
  minute timestamptz not null,
  type_id integer not null,
  source_id integer not null,
  way text not null constraint flow_minutes_way_check check (way in ('directed', 'reacting')),
  flows bigint not null,
  summary jsonb not null,
  traffic jsonb not null,
  -- [{"correlationId": …, "position": …}], newest first.
  examples jsonb not null,
  constraint flow_minutes_pkey primary key (minute, type_id, source_id, way)
);
--> statement-breakpoint

-- How many events of a source had a cause, of those that were examined.
create table source_reactions (
  source_id integer primary key,
  events bigint not null,
  updated_at timestamptz not null default now()
);
--> statement-breakpoint

-- Of these, how many a consumer had taken the cause of before: near all of them, where source and consumer are one service.
create table service_sightings (
  source_id integer not null,
  consumer text not null,
  hits bigint not null,
  updated_at timestamptz not null default now(),
  constraint service_sightings_pkey primary key (source_id, consumer)
);
