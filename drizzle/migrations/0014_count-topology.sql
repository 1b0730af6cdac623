-- What the topology is drawn from, by the minute in which it was recorded; after a day, by the hour: a row then stands
-- at the first minute of its hour. Written with the checkpoint `topology`.
create table event_minutes (
  minute timestamptz not null,
  type_id integer not null,
  source_id integer not null,
  -- 0 where the event names none.
  channel_id integer not null,
  -- As in `events`; -1 where the event has none.
  kind smallint not null,
  events bigint not null,
  -- Without a correlation id.
  uncorrelated bigint not null default 0,
  -- Those that name a cause, those of them whose cause was looked for, and those whose cause was not there.
  caused bigint not null default 0,
  traced bigint not null default 0,
  uncaused bigint not null default 0,
  last_position bigint not null,
  constraint event_minutes_pkey primary key (minute, type_id, source_id, channel_id, kind)
);
--> statement-breakpoint

-- Which events led to which, of those whose cause was looked for: as a logarithmic histogram of the time between them.
create table cause_minutes (
  minute timestamptz not null,
  cause_type_id integer not null,
  cause_source_id integer not null,
  type_id integer not null,
  source_id integer not null,
  bin smallint not null,
  events bigint not null,
  constraint cause_minutes_pkey primary key (minute, cause_type_id, cause_source_id, type_id, source_id, bin)
);
