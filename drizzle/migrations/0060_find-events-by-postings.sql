-- Where events of a type, or from a source, stand: up to 64 positions a row. Written behind the log, thousands of events
-- at a time, this costs a part of what an index by (name, position) costs each event while it is stored. The last
-- events, for which there are no postings yet, are looked through themselves.
create table event_postings (
  name_id integer not null,
  first bigint not null,
  last bigint not null,
  -- The lower 31 bits of the positions, ascending. The higher ones are those of `first`, for all of the row.
  low_bits integer[] not null,
  constraint event_postings_pkey primary key (name_id, first)
);
--> statement-breakpoint

-- The position up to which there are postings. Not for parallel plans: what reads postings row by row keeps their order.
create function event_postings_end() returns bigint language sql stable parallel unsafe
begin atomic
  select coalesce((select position from checkpoints where name = 'event-postings'), 0);
end;
--> statement-breakpoint

-- Adds the postings of the next events, as many as `most`, and says whether there may be more. Fewer than `fewest` are
-- left for later: postings of few events are long in the table and short in what they tell. Events come by position, and
-- a hash table keeps that order within each name; sorting by name alone would not.
create function add_event_postings(up_to bigint, fewest integer, most integer) returns boolean language plpgsql
  set enable_sort = off set enable_hashagg = on as $$
declare
  after bigint;
  last_one bigint;
  waiting integer;
begin
  insert into checkpoints (name, position) values ('event-postings', 0) on conflict do nothing;
  select position into after from checkpoints where name = 'event-postings' for update;
  with fresh as materialized (
    select position, position >> 31 as high, (position & 2147483647)::integer as low, type_id, source_id from events
    where position > after and position <= up_to order by position limit most
  ), seen as (
    select max(position) as last_one, count(*) as waiting from fresh
  ), added as (
    insert into event_postings (name_id, first, last, low_bits)
    select name_id, (high << 31) | part[1], (high << 31) | part[cardinality(part)], part
    from (
      select coalesce(type_id, source_id) as name_id, high, array_agg(low) as lows from fresh
      where (select seen.waiting from seen) >= fewest
      group by grouping sets ((type_id, high), (source_id, high))
    ) named
    cross join lateral generate_series(1, cardinality(lows), 64) start
    cross join lateral (select lows[start:start + 63] offset 0) parts (part)
  )
  select seen.last_one, seen.waiting into last_one, waiting from seen;
  if waiting < fewest then return false; end if;
  update checkpoints set position = last_one, updated_at = now() where name = 'event-postings';
  return waiting = most;
end $$;
--> statement-breakpoint
do $$ begin while add_event_postings(safe_position(), 1, 32768) loop end loop; end $$;
--> statement-breakpoint

-- The position down to which so many events of a name reach, by whole rows of postings; null when there are fewer in
-- the range.
create function floor_named(named integer, low bigint, high bigint, wanted bigint)
  returns bigint language plpgsql stable as $$
declare
  left_over bigint := wanted;
  posting record;
begin
  for posting in
    select first, last, cardinality(low_bits) as events from event_postings
    where name_id = named and first < high order by first desc
  loop
    exit when posting.last < low;
    left_over := left_over - posting.events;
    if left_over < 0 then return posting.first; end if;
  end loop;
  return null;
end $$;
--> statement-breakpoint
drop index events_type_id_position_idx;
--> statement-breakpoint
drop index events_source_id_position_idx;
