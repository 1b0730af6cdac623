-- Identities of older events, out of the way of those that arrive: a run holds those up to the position `last` that were
-- not in a run before. It is written once, and counts from when its row here is committed.
create table identity_runs (
  last bigint not null,
  entries bigint not null,
  -- Of the filter, all pieces together.
  filter_bytes integer not null,
  -- When the newest part, `event_identities`, held none of them any more.
  left_at timestamptz,
  constraint identity_runs_pkey primary key (last)
);
--> statement-breakpoint

-- The entries of a run, in the order of the identities: of each the first 8 bytes, and 8 of the position.
create table identity_blocks (
  run bigint not null,
  -- The first identity of the block, whole.
  first uuid not null,
  entries bytea not null,
  constraint identity_blocks_pkey primary key (run, first)
);
--> statement-breakpoint
-- They are as good as random: not to be compressed, and four to a page.
alter table identity_blocks alter column entries set storage plain;
--> statement-breakpoint

-- What those who append keep in memory of a run: see server/domain/identity-filter.ts.
create table identity_filters (
  run bigint not null,
  piece integer not null,
  bits bytea not null,
  constraint identity_filters_pkey primary key (run, piece)
);
--> statement-breakpoint
alter table identity_filters alter column bits set storage external;
--> statement-breakpoint

-- Writes a part of the identities up to `run` into blocks, and gives the first 8 bytes of each. Through the index:
-- a walk through all of the table for each part would be many.
create function seal_identities(run bigint, low uuid, high uuid, block_size integer) returns bytea language plpgsql
  set enable_seqscan = off as $$
declare
  prefixes bytea;
begin
  with part as materialized (
    select identity, substr(uuid_send(identity), 1, 8) as prefix, position,
      (row_number() over (order by identity) - 1) / block_size as block
    from event_identities i where identity between low and high and i.position <= seal_identities.run
  ), added as (
    insert into identity_blocks (run, first, entries)
    select seal_identities.run, (array_agg(identity order by identity))[1],
      string_agg(prefix || int8send(position), '' order by identity)
    from part group by block
  )
  select string_agg(prefix, '') into prefixes from part;
  return coalesce(prefixes, '');
end $$;
--> statement-breakpoint

-- One process seals at a time.
create function sealing_lock() returns bigint language sql immutable
  return 7104005;
--> statement-breakpoint

-- A connection that was lost and opened again does not hold the lock any more, and another process may seal.
create function holds_sealing() returns boolean language sql volatile as $$
  select exists (
    select from pg_locks where locktype = 'advisory' and objsubid = 1 and classid = 0 and objid = sealing_lock()::oid
      and database = (select oid from pg_database where datname = current_database())
      and pid = pg_backend_pid() and granted)
$$;
--> statement-breakpoint

-- Refuses a writer that does not know all runs. It looks after the lock of its append is held: who seals commits the run
-- before looking for that lock, so that one of the two sees the other.
create function require_runs(known_to bigint) returns void language plpgsql as $$
begin
  if exists (select from identity_runs where last > known_to) then
    raise exception 'Identities were sealed that the writer does not know of' using errcode = 'NG001';
  end if;
end $$;
--> statement-breakpoint

-- As before, for a writer that knows the runs up to `known_to`.
drop function begin_append(integer);
--> statement-breakpoint
create function begin_append(n integer, known_to bigint default 0) returns bigint language plpgsql as $$
declare
  allocator constant bigint := 7104002;
  before bigint;
  first bigint;
begin
  select last_value into before from event_positions;
  perform pg_advisory_xact_lock_shared((append_lock_tag() << 53) | before);
  perform require_runs(known_to);
  perform pg_advisory_lock(allocator);
  select last_value into before from event_positions;
  first := greatest(before + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint);
  perform setval('event_positions', first + n - 1);
  perform pg_advisory_unlock(allocator);
  return first;
end $$;
--> statement-breakpoint

-- The appends that are open now, by the transactions that hold their locks.
create function open_appends() returns text[] language sql volatile as $$
  select coalesce(array_agg(virtualtransaction), '{}') from pg_locks
    where locktype = 'advisory' and objsubid = 1
      and database = (select oid from pg_database where datname = current_database())
      and classid::bigint >> 21 = append_lock_tag();
$$;
--> statement-breakpoint

drop function append_events(json);
--> statement-breakpoint
-- Stores a batch in one statement and gives its first position: one round trip for a few events. Larger batches come
-- by COPY, which costs less an event and more a batch. One element an event, in order; what is null is left out.
create function append_events(batch json, known_to bigint default 0) returns bigint language plpgsql as $$
declare
  first constant bigint := begin_append(json_array_length(batch), known_to);
begin
  with fresh as materialized (
    select *, first + ordinality - 1 as position
    from rows from (json_to_recordset(batch) as (
      identity uuid, event_hours integer, event_micros bigint,
      type_id integer, source_id integer, channel_id integer, content_type_id integer, data_schema_id integer,
      aggregate_type_id integer, aggregate_version integer, kind smallint, shape smallint, data_encoding smallint,
      id text, time_text text, subject text, correlation_id text, causation_id text, partition_key text,
      aggregate_id text, traceparent text, extensions text, data_text text, data_bytes bytea)) with ordinality
  ), claimed as (
    -- In the order of the index, so that two appends never deadlock.
    insert into event_identities (identity, position) select identity, position from fresh order by identity
  )
  insert into events (position, event_time, type_id, source_id, channel_id, content_type_id, data_schema_id,
    aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject, correlation_id,
    causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes)
  select position, timestamptz 'epoch' + make_interval(hours => event_hours) + event_micros * interval '1 microsecond',
    type_id, source_id, channel_id, content_type_id, data_schema_id,
    aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject, correlation_id,
    causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes
  from fresh;
  return first;
end $$;
--> statement-breakpoint

drop function append_to_streams(integer[], text[], integer[], integer[], integer[], uuid[], integer[], json);
--> statement-breakpoint
-- Appends to streams, many at once, each decided by itself in the order given; one statement, so that the streams stay
-- locked for as short as can be. `type_ids` and `aggregate_ids` name the streams, each once; `slots` says which of them
-- an append goes to, `expected` the version that it must be at (-1: any), `counts` how many events it has. `batch` holds
-- the events: `append` and `place` (from 1, from 0) say where they belong.
--
-- Gives, for each append, 0 with the version and position of its first event; 1 with the actual version, when that is
-- not the expected one; 2 when an identity of its events is taken. What was not appended has left nothing behind.
create function append_to_streams(
  type_ids integer[], aggregate_ids text[], slots integer[], expected integer[], counts integer[],
  identities uuid[], owners integer[], batch json, known_to bigint default 0
) returns table (outcome integer, version integer, first_position bigint) language plpgsql
-- The lists are short and the tables long: walk the indexes, whatever statistics of a young table say.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
-- Its lists are of a few elements or a few hundred, and each plan serves both: planning anew costs more than running it.
set plan_cache_mode = force_generic_plan as $$
declare
  appends constant integer := cardinality(slots);
  stream_ids bigint[];
  versions integer[];
  added integer[];
  lasts bigint[];
  outcomes integer[] := array_fill(0, array[appends]);
  firsts integer[] := array_fill(0, array[appends]);
  starts bigint[] := array_fill(0::bigint, array[appends]);
  total integer := 0;
  start bigint;
  slot integer;
  owner integer;
begin
  -- In one order for everybody, here and in the locks below, so that two batches never deadlock.
  insert into streams (type_id, aggregate_id)
    select wanted.type_id, wanted.aggregate_id from unnest(type_ids, aggregate_ids) wanted (type_id, aggregate_id)
    where not exists (
      select from streams s where s.type_id = wanted.type_id and s.aggregate_id = wanted.aggregate_id)
    order by wanted.type_id, wanted.aggregate_id collate "C"
    on conflict do nothing;
  with locked as materialized (
    select wanted.slot, s.id, s.version
    from unnest(type_ids, aggregate_ids) with ordinality wanted (type_id, aggregate_id, slot)
    join streams s on s.type_id = wanted.type_id and s.aggregate_id = wanted.aggregate_id
    order by wanted.type_id, wanted.aggregate_id collate "C"
    for update of s
  )
  select array_agg(locked.id order by locked.slot), array_agg(locked.version order by locked.slot)
    into stream_ids, versions from locked;
  added := array_fill(0, array[cardinality(versions)]);
  lasts := array_fill(0::bigint, array[cardinality(versions)]);

  -- Only now: an append that held a lock before has become visible.
  for owner in
    select wanted.owner from unnest(identities, owners) wanted (identity, owner)
    join event_identities taken on taken.identity = wanted.identity
  loop
    outcomes[owner] := 2;
  end loop;

  for at in 1 .. appends loop
    slot := slots[at];
    if outcomes[at] = 2 then continue; end if;
    firsts[at] := versions[slot];
    if expected[at] >= 0 and expected[at] <> versions[slot] then
      outcomes[at] := 1;
      continue;
    end if;
    firsts[at] := firsts[at] + 1;
    starts[at] := total;
    versions[slot] := versions[slot] + counts[at];
    added[slot] := added[slot] + counts[at];
    total := total + counts[at];
    lasts[slot] := total - 1;
  end loop;

  if total > 0 then
    start := begin_append(total, known_to);
    with fresh as materialized (
      select e.*, start + starts[e.append] + e.place as position, firsts[e.append] + e.place as version,
        slots[e.append] as slot
      from json_to_recordset(batch) as e (
        append integer, place integer, identity uuid, event_hours integer, event_micros bigint,
        type_id integer, source_id integer, channel_id integer, content_type_id integer, data_schema_id integer,
        aggregate_type_id integer, kind smallint, shape smallint, data_encoding smallint,
        id text, time_text text, subject text, correlation_id text, causation_id text, partition_key text,
        aggregate_id text, traceparent text, extensions text, data_text text, data_bytes bytea)
      where outcomes[e.append] = 0
    ), claimed as (
      insert into event_identities (identity, position)
      select fresh.identity, fresh.position from fresh order by fresh.identity
    ), numbered as (
      insert into stream_events (stream_id, version, position)
      select stream_ids[fresh.slot], fresh.version, fresh.position from fresh
    )
    insert into events (position, event_time, type_id, source_id, channel_id, content_type_id, data_schema_id,
      aggregate_type_id, aggregate_version, kind, shape, data_encoding, id, time_text, subject, correlation_id,
      causation_id, partition_key, aggregate_id, traceparent, extensions, data_text, data_bytes)
    select f.position, timestamptz 'epoch' + make_interval(hours => f.event_hours) + f.event_micros * interval '1 microsecond',
      f.type_id, f.source_id, f.channel_id, f.content_type_id, f.data_schema_id,
      f.aggregate_type_id, f.version, f.kind, f.shape, f.data_encoding, f.id, f.time_text, f.subject, f.correlation_id,
      f.causation_id, f.partition_key, f.aggregate_id, f.traceparent, f.extensions, f.data_text, f.data_bytes
    from fresh f;
    update streams s
      set version = versions[changed.slot], last_position = start + lasts[changed.slot],
        events = s.events + added[changed.slot], first_version = least(s.first_version, versions[changed.slot] - added[changed.slot] + 1)
      from generate_subscripts(stream_ids, 1) changed (slot)
      where s.id = stream_ids[changed.slot] and added[changed.slot] > 0;
  else
    -- What was decided rests upon the identities that were found.
    perform require_runs(known_to);
  end if;
  -- Streams that were made for appends that lost.
  if 0 = any(versions) then
    delete from streams s where s.id = any(stream_ids) and s.events = 0;
  end if;
  return query
    select outcomes[at], firsts[at], start + starts[at] from generate_subscripts(slots, 1) at order by at;
end $$;
