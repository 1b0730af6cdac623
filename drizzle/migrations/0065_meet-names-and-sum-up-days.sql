-- The rows of a name's postings that reach into a range. Rows don't overlap: of those that begin before the range, only
-- the last can. `offset 0` keeps them a part of its own wherever this is put in, read by the key, whatever is joined.
create function postings_between(named integer, low bigint, high bigint)
  returns table (first bigint, last bigint, low_bits integer[]) language sql stable
begin atomic
  select p.first, p.last, p.low_bits from event_postings p
  where p.name_id = named and p.first < high and p.last >= low and p.first >= coalesce(
    (select max(b.first) from event_postings b where b.name_id = named and b.first <= low), low)
  offset 0;
end;
--> statement-breakpoint

-- The positions in a range that postings of some names tell of, in no order.
create function positions_between(named integer[], low bigint, high bigint)
  returns setof bigint language sql stable
begin atomic
  select posted.position from (
    select (p.first >> 31 << 31) | low_bit as position
    from unnest(named) id cross join lateral postings_between(id, low, high) p cross join lateral unnest(p.low_bits) low_bit
    offset 0
  ) posted
  where posted.position >= low and posted.position < high;
end;
--> statement-breakpoint

-- Where events stand, newest first, that postings of one of the rarer names and of one of the others tell of: those of a
-- type and a source. From the end of the range down, it looks at about `wanted` positions of the rarer names, and gives
-- at most `most`.
--
-- reached: down to where all of them were given; null when that is the whole range.
-- work: for each of the other names `wanted` and one for each of its rows; three times `wanted` for one whose rows were
--   each read by themselves.
--
-- A position is looked up in the other name's row that begins at or below it. Where that name has few rows in the range,
-- a search in their beginnings says which, and all of them are read once and joined: by a hash, since Postgres may not
-- know how many there are and would go through all of them for each position. Otherwise only the rows that a position
-- may stand in are read, each by the key.
create function common_positions(rarer integer[], others integer[], low bigint, high bigint, wanted integer, most integer,
  out positions bigint[], out reached bigint, out work bigint) language plpgsql stable
  set enable_nestloop = off set enable_mergejoin = off set enable_memoize = off as $$
declare
  few constant integer := wanted / 2;
  bottom bigint;
  other integer;
  begins bigint[];
begin
  select max(floor_named(id, low, high, greatest(wanted / cardinality(rarer), 1))) into reached from unnest(rarer) id;
  -- The row in which the range begins may tell of earlier events, too.
  if reached <= low then reached := null; end if;
  bottom := coalesce(reached, low);
  work := 0;
  foreach other in array others loop
    begins := array(
      select p.first from event_postings p
      where p.name_id = other and p.first < high and p.first >= coalesce(
        (select max(b.first) from event_postings b where b.name_id = other and b.first <= bottom), bottom)
      order by p.first limit few + 1);
    if cardinality(begins) <= few then
      work := work + wanted + cardinality(begins);
      positions := positions || array(
        with beginnings as materialized (
          select begins
        )
        select position from (
          select position,
            (select b.begins from beginnings b)[width_bucket(position, (select b.begins from beginnings b))] as first
          from positions_between(rarer, bottom, high) position
          offset 0
        ) sought join postings_between(other, bottom, high) p using (first)
        where position = (p.first >> 31 << 31)
          | p.low_bits[width_bucket((position & 2147483647)::integer, p.low_bits)]);
    else
      work := work + 3 * wanted;
      positions := positions || array(
        select position from positions_between(rarer, bottom, high) position
        where position = (
          select (p.first >> 31 << 31) | p.low_bits[width_bucket((position & 2147483647)::integer, p.low_bits)]
          from event_postings p where p.name_id = other and p.first <= position order by p.first desc limit 1));
    end if;
  end loop;
  positions := array(select position from unnest(positions) position order by position desc limit most);
  if cardinality(positions) = most then reached := positions[most]; end if;
end $$;
--> statement-breakpoint

-- The hourly counts of whole days (UTC) before the one in which the checkpoint `hourly-counts` stands: a window of weeks
-- is read from a row a day and name.
create table daily_counts (
  day timestamptz not null,
  name_id integer not null references interned_names,
  events bigint not null,
  constraint daily_counts_pkey primary key (day, name_id)
);
--> statement-breakpoint
insert into daily_counts (day, name_id, events)
select date_trunc('day', hour, 'UTC'), name_id, sum(events) from hourly_counts
where hour < (
  select to_timestamp(position / 86400000000 * 86400) from checkpoints where name = 'hourly-counts')
group by 1, 2;
