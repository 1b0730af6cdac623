import type { Sql, SqlTx } from "../db.ts";

export type NameColumn = "type_id" | "source_id";

/** Whose events are meant: those of a type or from a source, by its id or what gives it, or those about a subject. */
export type Named = { column: NameColumn; name: number | ReturnType<Sql> } | { subject: string };

type Range = {
  /** First position, inclusive; of all when left out. */
  from?: string | ReturnType<Sql>;
  /** End of the positions, exclusive; after all when left out. */
  before?: string | ReturnType<Sql>;
};

export type NamedRange = Named &
  Range & {
    /** `and …`: what else must hold of an event. */
    rest?: ReturnType<Sql>;
  };

const BEGINNING = "0";
const END = "9223372036854775807";
/** Positions that a row of postings has at most. */
const POSTING = 64;

/** The range after one position and up to another. */
export function rangeBetween(sql: Sql | SqlTx, after: string, upTo: string): Required<Range> {
  return { from: sql`(${after}::bigint + 1)`, before: sql`(${upTo}::bigint + 1)` };
}

/**
 * Rows of `events` of a type, from a source or about a subject, newest first, as a query to select from: it reads no further than its
 * `limit` makes it. The last events, for which there are no postings yet, are looked through; then come those that the
 * postings name.
 */
export function newestNamed(sql: Sql | SqlTx, range: NamedRange): ReturnType<Sql> {
  return sql`
    (${inTail(sql, range)} order by position desc)
    union all
    select found.* from (${postings(sql, { ...range, name: postingName(sql, range) })} order by first desc) posting
    cross join lateral (${posted(sql, range)} order by position desc) found`;
}

/** The same from the other end: the oldest first. */
export function oldestNamed(sql: Sql | SqlTx, range: NamedRange): ReturnType<Sql> {
  return sql`
    select found.* from (${postings(sql, { ...range, name: postingName(sql, range) })} order by first) posting
    cross join lateral (${posted(sql, range)} order by position) found
    union all
    (${inTail(sql, range)} order by position)`;
}

/**
 * The newest rows of `events` of any of some names of a column, at most `limit`, in no order. One look at the events
 * for all of the names: each look of its own would have to be planned for each partition.
 */
export function newestOfNames(
  sql: Sql | SqlTx,
  { column, names, from, before, limit }: NewestOfNames,
): ReturnType<Sql> {
  return sql`
    (select * from events
      where position > (select event_postings_end()) and position >= ${from} and position < ${before}
        and ${sql(column)} = any(${[...names]}::int[])
      order by position desc limit ${limit})
    union all
    select * from events where position = any(array(
      select position from (${newestPosted(sql, { names, from, before, each: limit })}) posted
      order by 1 desc limit ${limit}))`;
}

/**
 * Where the newest events of each of some names of a column stand, at most `each` of one name, as a query of `name_id`
 * and `position` in no order. The last events are looked through once for all of the names, not once for each.
 */
export function newestOfEach(
  sql: Sql | SqlTx,
  { column, names, from = BEGINNING, before = END, each }: NewestOfEach,
): ReturnType<Sql> {
  return sql`
    select name_id, position from (
      select name_id, position, row_number() over (partition by name_id order by position desc) as place
      from (
        select ${sql(column)} as name_id, position from events
        where position > (select event_postings_end()) and position >= ${from} and position < ${before}
          and ${sql(column)} = any(${[...names]}::int[])
        union all
        ${newestPosted(sql, { names, from, before, each })}
      ) named
    ) ranked where place <= ${each}`;
}

type NewestOfEach = {
  column: NameColumn;
  names: readonly number[];
  from?: string;
  before?: string;
  each: number;
};

type NewestOfNames = {
  column: NameColumn;
  names: readonly number[];
  from: string;
  before: string;
  limit: number;
};

/** The position down to which the newest `events` of a name reach, by whole postings; null when there are fewer. */
export function floorOfNamed(
  sql: Sql | SqlTx,
  {
    name,
    from,
    before,
    events,
  }: { name: number | ReturnType<Sql>; from: string; before: string; events: number },
): ReturnType<Sql> {
  return sql`floor_named(${name}, ${from}, ${before}, ${events})`;
}

/** The name under which postings tell of these events; those of a subject may tell of another one, too. */
export function postingName(sql: Sql | SqlTx, named: Named): number | ReturnType<Sql> {
  return "subject" in named ? sql`subject_posting(${named.subject})` : named.name;
}

function inTail(sql: Sql | SqlTx, range: NamedRange) {
  const { from = BEGINNING, before = END, rest = sql`` } = range;
  return sql`
    select * from events
    where position > (select event_postings_end()) and position >= ${from} and position < ${before}
      and ${"subject" in range ? isAbout(sql, range) : sql`${sql(range.column)} = ${range.name}`} ${rest}`;
}

function isAbout(sql: Sql | SqlTx, { subject }: { subject: string }) {
  return sql`subject = ${subject}`;
}

/**
 * The rows of a name's postings that reach into a range. They don't overlap: of those that begin before the range, only
 * the last can.
 */
export function postings(
  sql: Sql | SqlTx,
  { name, from = BEGINNING, before = END }: Range & { name: number | ReturnType<Sql> },
) {
  return sql`
    select first, last, low_bits from event_postings
    where name_id = ${name} and first < ${before} and last >= ${from} and first >= coalesce(
      (select max(first) from event_postings where name_id = ${name} and first <= ${from}), ${from})`;
}

/**
 * The newest positions that postings of some names give, at least `each` of one name where there are so many. The row
 * of postings down to which those reach is found first, name by name (`offset 0` keeps it so): planned as one, all rows
 * of a name, or of all names, would be read.
 */
function newestPosted(
  sql: Sql | SqlTx,
  { names, from, before, each }: Omit<Required<NewestOfEach>, "column">,
) {
  // The row in which the range ends may tell of later events, too.
  const reach = floorOfNamed(sql, { name: sql`wanted.id`, from, before, events: each + POSTING });
  return sql`
    select wanted.id as name_id, posted.position from unnest(${[...names]}::int[]) wanted (id)
    cross join lateral (select coalesce(${reach}, ${from}) as low offset 0) reach
    cross join lateral (
      select ((posting.first >> 31) << 31) | low as position
      from (${postings(sql, { name: sql`wanted.id`, from: sql`reach.low`, before })}) posting, unnest(low_bits) low
      offset 0
    ) posted
    where posted.position >= ${from} and posted.position < ${before}`;
}

/** The events that a row of postings names. First and last are there for partitions: they leave out all but one or two. */
function posted(sql: Sql | SqlTx, range: NamedRange) {
  const { from = BEGINNING, before = END, rest = sql`` } = range;
  return sql`
    select * from events
    where position = any(array(select ((posting.first >> 31) << 31) | low from unnest(posting.low_bits) low))
      and position >= posting.first and position <= posting.last
      and position >= ${from} and position < ${before}
      ${"subject" in range ? sql`and ${isAbout(sql, range)}` : sql``} ${rest}`;
}
