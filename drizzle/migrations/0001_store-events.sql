-- Strings that repeat in event after event, kept once: rows and indexes hold four bytes instead.
create table interned_names (
  id integer generated always as identity primary key,
  field text not null,
  name text not null,
  constraint interned_names_field_check check (field in (
    'type', 'source', 'channel', 'kind', 'content-type', 'data-schema', 'aggregate-type'))
);
--> statement-breakpoint
-- By hash: a name may be longer than an index entry can be.
create unique index interned_names_field_name_key on interned_names (field, md5(name));
--> statement-breakpoint

-- A position is the microsecond (since 1970, by the database's clock) at which an event was recorded, made unique
-- by counting on when two events share one. So position order is time order, a window of time is a range of
-- positions, and partitions by position are partitions by time.
create table events (
  position bigint not null,
  event_time timestamptz,
  type_id integer not null,
  source_id integer not null,
  channel_id integer,
  content_type_id integer,
  data_schema_id integer,
  aggregate_type_id integer,
  aggregate_version integer,
  kind smallint,
  shape smallint not null,
  data_encoding smallint not null,
  id text not null,
  -- The producer's own spelling of its time, where `event_time` alone would not give it back.
  time_text text,
  subject text,
  correlation_id text,
  causation_id text,
  partition_key text,
  aggregate_id text,
  traceparent text,
  extensions text,
  data_text text,
  data_bytes bytea,
  constraint events_pkey primary key (position)
) partition by range (position);
--> statement-breakpoint
create index events_type_id_position_idx on events (type_id, position);
--> statement-breakpoint
create index events_source_id_position_idx on events (source_id, position);
--> statement-breakpoint
create index events_correlation_id_position_idx on events (hashtextextended(correlation_id, 0), position)
  where correlation_id is not null;
--> statement-breakpoint
create index events_subject_position_idx on events (hashtextextended(subject, 0), position)
  where subject is not null;
--> statement-breakpoint

-- (source, id) is the identity of an event, over all partitions: the first 128 bits of its SHA-256.
create table event_identities (
  identity uuid not null,
  position bigint not null,
  constraint event_identities_pkey primary key (identity)
);
--> statement-breakpoint

-- The last position that was handed out.
create sequence event_positions as bigint minvalue 0 start 0;
--> statement-breakpoint
select setval('event_positions', 0);
--> statement-breakpoint

-- An open append holds a shared advisory lock whose key carries the last position handed out before it began:
-- 0x2A3 in the top eleven bits, the position in the other 53.
create function append_lock_tag() returns bigint language sql immutable parallel safe
  return 675;
--> statement-breakpoint

-- Hands out `n` consecutive positions to this transaction and gives the first. The lock is taken before the
-- positions exist and is held until the transaction has become visible or has failed; `safe_position` relies on it.
create function begin_append(n integer) returns bigint language plpgsql as $$
declare
  allocator constant bigint := 7104002;
  before bigint;
  first bigint;
begin
  select last_value into before from event_positions;
  perform pg_advisory_xact_lock_shared((append_lock_tag() << 53) | before);
  perform pg_advisory_lock(allocator);
  select last_value into before from event_positions;
  first := greatest(before + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint);
  perform setval('event_positions', first + n - 1);
  perform pg_advisory_unlock(allocator);
  return first;
end $$;
--> statement-breakpoint

-- The position up to which nothing can appear any more: every append at or below it has committed or failed.
-- Read events in a later statement than this one, at read committed, so that its snapshot is newer.
create function safe_position() returns bigint language plpgsql as $$
declare
  handed_out bigint;
  open_append bigint;
begin
  select last_value into handed_out from event_positions;
  select min(((classid::bigint << 32) | objid::bigint) & ((1::bigint << 53) - 1)) into open_append
    from pg_locks
    where locktype = 'advisory' and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and classid::bigint >> 21 = append_lock_tag();
  return least(handed_out, open_append);
end $$;
--> statement-breakpoint

create function position_at(moment timestamptz) returns bigint language sql immutable parallel safe
  return (extract(epoch from moment) * 1000000)::bigint;
--> statement-breakpoint

-- Makes the partition of the (UTC) day that holds `moment`, when it is missing. Attaching a ready table lets
-- reads and writes of the other partitions go on.
create function ensure_event_partition(moment timestamptz) returns text language plpgsql as $$
declare
  day timestamptz := date_trunc('day', moment, 'UTC');
  partition_name text := 'events_' || to_char(day at time zone 'UTC', 'YYYYMMDD');
begin
  if to_regclass(partition_name) is not null then return partition_name; end if;
  perform pg_advisory_xact_lock(7104003);
  if to_regclass(partition_name) is not null then return partition_name; end if;
  execute format('create table %I (like events including defaults including constraints)', partition_name);
  -- Freshly written rows are vacuumed soon, so that index-only scans find the visibility map filled.
  execute format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.05)', partition_name);
  execute format('alter table events attach partition %I for values from (%s) to (%s)',
    partition_name, position_at(day), position_at(day + interval '1 day'));
  return partition_name;
end $$;
--> statement-breakpoint

-- Where each reader of the event log stands; written in the transaction of what the reader wrote.
create table checkpoints (
  name text primary key,
  position bigint not null,
  updated_at timestamptz not null default now()
);
--> statement-breakpoint

-- Events an hour for each interned name (type, source, channel, kind), written with the checkpoint `hourly-counts`.
create table hourly_counts (
  hour timestamptz not null,
  name_id integer not null references interned_names,
  events bigint not null,
  constraint hourly_counts_pkey primary key (hour, name_id)
);
