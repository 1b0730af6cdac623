-- The identities of events at consecutive positions, of each the first 8 bytes, in the order of the positions: those of
-- the events that are not in a run yet. No index decides whether one is taken: one process at a time appends, and knows them.
create table identity_batches (
  first bigint not null,
  prefixes bytea not null,
  constraint identity_batches_pkey primary key (first)
);
--> statement-breakpoint
-- They are as good as random: not to be compressed, and a thousand to a page.
alter table identity_batches alter column prefixes set storage plain;
--> statement-breakpoint

insert into identity_batches (first, prefixes)
select min(position), string_agg(substr(uuid_send(identity), 1, 8), '' order by position)
from (
  select identity, position, island, (row_number() over (partition by island order by position) - 1) / 1000 as part
  from (select identity, position, position - row_number() over (order by position) as island from event_identities) placed
) parted
group by island, part;
--> statement-breakpoint
drop table event_identities;
--> statement-breakpoint
drop function seal_identities(bigint, uuid, uuid, integer);
--> statement-breakpoint
alter table identity_runs drop column left_at;
--> statement-breakpoint

-- Whose turn it is to append: whoever takes it counts on, and waits for the appends that were open before.
create table append_turns (turn bigint not null);
--> statement-breakpoint
insert into append_turns values (0);
--> statement-breakpoint

-- Held by a process that has taken the turn, for as long as no other may take it from it.
create function turn_lock() returns bigint language sql immutable
  return 7104006;
--> statement-breakpoint

-- Refuses a writer whose turn is over. It looks after the lock of its append is held: who takes the turn commits that
-- before looking for open appends, so that one of the two sees the other.
create function require_turn(mine bigint) returns void language plpgsql as $$
begin
  if not exists (select from append_turns where turn = mine) then
    raise exception 'Another process has appended since' using errcode = 'NG002';
  end if;
end $$;
--> statement-breakpoint

-- As before, for a writer whose turn it is. Without a turn nothing is checked: for whoever is alone with the database.
drop function begin_append(integer, bigint);
--> statement-breakpoint
create function begin_append(n integer, known_to bigint default 0, turn bigint default null) returns bigint language plpgsql as $$
declare
  allocator constant bigint := 7104002;
  before bigint;
  first bigint;
begin
  select last_value into before from event_positions;
  perform pg_advisory_xact_lock_shared((append_lock_tag() << 53) | before);
  if turn is not null then perform require_turn(turn); end if;
  perform require_runs(known_to);
  perform pg_advisory_lock(allocator);
  select last_value into before from event_positions;
  first := greatest(before + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint);
  perform setval('event_positions', first + n - 1);
  perform pg_advisory_unlock(allocator);
  return first;
end $$;
--> statement-breakpoint

drop function append_events(json, bigint);
--> statement-breakpoint
-- Stores a batch in one statement and gives its first position: one round trip for a few events. Larger batches come
-- by COPY, which costs less an event and more a batch. One element an event, in order; what is null is left out.
create function append_events(batch json, known_to bigint default 0, turn bigint default null) returns bigint language plpgsql as $$
declare
  first constant bigint := begin_append(json_array_length(batch), known_to, turn);
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
    insert into identity_batches (first, prefixes)
    select min(part.position), string_agg(substr(uuid_send(part.identity), 1, 8), '' order by part.position)
    from fresh part group by (part.position - first) / 1000
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

drop function append_to_streams(integer[], text[], integer[], integer[], integer[], uuid[], integer[], json, bigint);
--> statement-breakpoint
-- Appends to streams, many at once, each decided by itself in the order given; one statement, so that the streams stay
-- locked for as short as can be. `type_ids` and `aggregate_ids` name the streams, each once; `slots` says which of them
-- an append goes to, `expected` the version that it must be at (-1: any), `counts` how many events it has. `batch` holds
-- the events: `append` and `place` (from 1, from 0) say where they belong.
--
-- Gives, for each append, 0 with the version and position of its first event; 1 with the actual version, when that is
-- not the expected one. What was not appended has left nothing behind. None of the identities may be taken: the writer
-- knows which are.
create function append_to_streams(
  type_ids integer[], aggregate_ids text[], slots integer[], expected integer[], counts integer[],
  batch json, known_to bigint default 0, turn bigint default null
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

  for at in 1 .. appends loop
    slot := slots[at];
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
    start := begin_append(total, known_to, turn);
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
      insert into identity_batches (first, prefixes)
      select min(part.position), string_agg(substr(uuid_send(part.identity), 1, 8), '' order by part.position)
      from fresh part group by (part.position - start) / 1000
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
    -- What was decided rests upon the identities that the writer knows.
    if turn is not null then perform require_turn(turn); end if;
    perform require_runs(known_to);
  end if;
  -- Streams that were made for appends that lost.
  if 0 = any(versions) then
    delete from streams s where s.id = any(stream_ids) and s.events = 0;
  end if;
  return query
    select outcomes[at], firsts[at], start + starts[at] from generate_subscripts(slots, 1) at order by at;
end $$;
