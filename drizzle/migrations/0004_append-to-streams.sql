-- The aggregates whose events are known. `version` is the highest one; of streams that were observed in what others
-- sent, versions may be missing, or stand in several events.
create table streams (
  id bigint generated always as identity primary key,
  type_id integer not null,
  -- At most 2,000 bytes: a longer one does not fit into an index entry.
  aggregate_id text not null,
  first_version integer,
  version integer not null default 0,
  last_position bigint not null default 0,
  events bigint not null default 0,
  -- Events whose version another event of the stream had before.
  duplicates bigint not null default 0,
  -- Events that were not appended here, but found in what others sent.
  observed bigint not null default 0,
  constraint streams_type_id_aggregate_id_key unique (type_id, aggregate_id)
);
--> statement-breakpoint
create index streams_last_position_idx on streams (last_position);
--> statement-breakpoint
create index streams_type_id_last_position_idx on streams (type_id, last_position);
--> statement-breakpoint

-- Which event is which version. The event itself stands in `events`; when its partition goes, its envelope is kept here.
create table stream_events (
  stream_id bigint not null,
  version integer not null,
  position bigint not null,
  archived text,
  constraint stream_events_pkey primary key (stream_id, version, position)
);
--> statement-breakpoint
create index stream_events_archived_idx on stream_events (position) where archived is not null;
--> statement-breakpoint

-- The latest state that was kept of an aggregate, so that the events before it needn't be read.
create table snapshots (
  stream_id bigint primary key references streams,
  version integer not null,
  -- The way in which states were built; states of another way are not used.
  state_version integer not null,
  state jsonb not null,
  taken_at timestamptz not null default now()
);
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
  identities uuid[], owners integer[], batch json
) returns table (outcome integer, version integer, first_position bigint) language plpgsql
-- The lists are short and the tables long: walk the indexes, whatever statistics of a young table say.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
    start := begin_append(total);
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
  end if;
  -- Streams that were made for appends that lost.
  if 0 = any(versions) then
    delete from streams s where s.id = any(stream_ids) and s.events = 0;
  end if;
  return query
    select outcomes[at], firsts[at], start + starts[at] from generate_subscripts(slots, 1) at order by at;
end $$;
