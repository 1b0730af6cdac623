-- What an event is about, as a name of postings: a hash of 31 bits, below zero, where the ids of interned names are not.
-- Two subjects may share one, so that who reads events by it looks at their subject, too.
create function subject_posting(subject text) returns integer language sql immutable strict parallel safe
  return (-1 - (hashtextextended(subject, 0) & 2147483647))::integer;
--> statement-breakpoint

-- As before, with the subjects of those events that have one.
create or replace function add_event_postings(up_to bigint, fewest integer, most integer) returns boolean language plpgsql
  set enable_sort = off set enable_hashagg = on as $$
declare
  after bigint;
  last_one bigint;
  waiting integer;
begin
  insert into checkpoints (name, position) values ('event-postings', 0) on conflict do nothing;
  select position into after from checkpoints where name = 'event-postings' for update;
  with fresh as materialized (
    select position, position >> 31 as high, (position & 2147483647)::integer as low, type_id, source_id,
      subject_posting(subject) as subject_id
    from events
    where position > after and position <= up_to order by position limit most
  ), seen as (
    select max(position) as last_one, count(*) as waiting from fresh
  ), added as (
    insert into event_postings (name_id, first, last, low_bits)
    select name_id, (high << 31) | part[1], (high << 31) | part[cardinality(part)], part
    from (
      select coalesce(type_id, source_id, subject_id) as name_id, high, array_agg(low) as lows from fresh
      where (select seen.waiting from seen) >= fewest
      group by grouping sets ((type_id, high), (source_id, high), (subject_id, high))
    ) named
    cross join lateral generate_series(1, cardinality(lows), 64) start
    cross join lateral (select lows[start:start + 63] offset 0) parts (part)
    -- The group of the events without a subject.
    where name_id is not null
  )
  select seen.last_one, seen.waiting into last_one, waiting from seen;
  if waiting < fewest then return false; end if;
  update checkpoints set position = last_one, updated_at = now() where name = 'event-postings';
  return waiting = most;
end $$;
--> statement-breakpoint
delete from checkpoints where name = 'event-postings';
--> statement-breakpoint
truncate event_postings;
--> statement-breakpoint
do $$ begin while add_event_postings(safe_position(), 1, 32768) loop end loop; end $$;
--> statement-breakpoint
drop index events_subject_position_idx;
