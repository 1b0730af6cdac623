import type { Sql } from "../db.ts";
import { type NameColumn, postings } from "./named-events.ts";

/** Some names of a column. */
export type Names = { column: NameColumn; ids: readonly number[] };

/** Two sets of names, of both of which an event must have one: those with fewer events in a range lead. */
export type NamePair = {
  rarer: Names;
  others: Names;
  /** The last position that there are postings for. */
  end: string;
};

/** What may still be looked at, in positions that are looked up in postings. */
export type Work = { left: number };

/** Where events may stand that have names of both sets. */
export type CommonPositions = {
  /** Newest first. */
  positions: string[];
  /** Down to where these are all of them; null when there are no more in the range. */
  reached: string | null;
};

/** To look a position up in postings of so many other names costs about as much as to read the event. */
const MAX_LOOK_UPS = 16;
/** Rows of postings that say how close together the events of a set of names are. */
const SAMPLED_ROWS = 128;
/** Positions looked at in the first step: those of a page are often among them. */
const FIRST_STEP = 2_000;
/** Where little is found, each step is so many times as long as the one before; where much is, as short. */
const GROWTH = 4;
/** Less than one in so many is little. */
const LITTLE = 32;

/**
 * Says which of two sets of names has its newest events in the range further apart, and leads a search for events with
 * a name of both. A name of the other set is looked up for each of them, so that a long set counts for more.
 */
export async function pairNames(
  sql: Sql,
  [one, other]: readonly [Names, Names],
  { from, before }: { from: string; before: string },
): Promise<NamePair> {
  const end = sql`event_postings_end()`;
  const density = ({ ids }: Names) => sql`(
    select coalesce(sum(events / greatest(1, least(${before}, ${end} + 1) - low)), 0)::float8
    from unnest(${[...ids]}::int[]) wanted (id)
    cross join lateral (
      select sum(cardinality(low_bits))::float8 as events,
        case when count(*) = ${rowsOfEach(ids)} then min(first) else ${from} end as low
      from (
        select * from (${postings(sql, { name: sql`wanted.id`, from, before })}) posting
        order by first desc limit ${rowsOfEach(ids)}
      ) newest
    ) sampled)`;
  const [row] = await sql<{ one: number; other: number; end: string }[]>`
    select ${density(one)} as one, ${density(other)} as other, ${end} as end`;
  const lookUps = ({ ids }: Names) => Math.min(ids.length, MAX_LOOK_UPS);
  const isOneRarer = (row?.one ?? 0) * lookUps(other) < (row?.other ?? 0) * lookUps(one);
  const [rarer, others] = isOneRarer ? [one, other] : [other, one];
  return { rarer, others, end: row?.end ?? "0" };
}

function rowsOfEach(ids: readonly number[]): number {
  return Math.max(1, Math.floor(SAMPLED_ROWS / ids.length));
}

/** Whether it pays to look positions up before events are read. */
export function isWorthMeeting({ others }: NamePair): boolean {
  return others.ids.length < MAX_LOOK_UPS;
}

/**
 * Where events stand that postings of both sets tell of, newest first, in steps of bounded work, until the range or the
 * work that is `left` is at its end. Each step takes from what is left; whoever reads the events may do so, too. Events
 * after the `end` of the pair are not among them.
 *
 * @param most positions that one step gives.
 */
export async function* findCommonPositions(
  sql: Sql,
  { rarer, others, end }: NamePair,
  { from, before, most, work }: { from: string; before: string; most: number; work: Work },
): AsyncGenerator<CommonPositions, void, void> {
  let [step, price] = [FIRST_STEP, others.ids.length];
  let top = BigInt(before) > BigInt(end) ? String(BigInt(end) + 1n) : before;
  while (work.left > 0) {
    const wanted = Math.max(1, Math.ceil(Math.min(step, work.left) / price));
    const [found] = await sql<(CommonPositions & { work: string })[]>`
      select positions::text[], reached, work from common_positions(
        ${[...rarer.ids]}::int[], ${[...others.ids]}::int[], ${from}, ${top}, ${wanted}, ${most})`;
    if (!found) return;
    work.left -= Number(found.work);
    yield found;
    if (found.reached === null) return;
    top = found.reached;
    price = Number(found.work) / wanted;
    if (found.positions.length === most) step = Math.max(most, step / GROWTH);
    else if (found.positions.length < wanted / LITTLE) step *= GROWTH;
  }
}
