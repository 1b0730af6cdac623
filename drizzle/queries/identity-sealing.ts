import type { Sql } from "../db.ts";

const PAGE_BYTES = 8_192;
/** At most, with 24 bytes of identity and position and 28 around them. */
const IDENTITIES_A_PAGE = 157;
/** Up to here all pages are looked at, to count; of more, one in a hundred. */
const COUNTED_PAGES = 2_000;
/** Entries in a block, so that four fill a page. */
const BLOCK_ENTRIES = 123;
const PIECE_BYTES = 256 * 1024;
/** An identity takes about 45; what comes in while others are sealed may make it twice that. */
const MOST_BYTES_IN_INDEX = 100;
const LOCK_NOT_AVAILABLE = "55P03";
const BLOCKS_AT_ONCE = 5_000;
/** Whoever comes to this with many more does better with one run than with many; its filter takes 200 MB. */
const MOST_IN_RUN = 100_000_000;

/** Whether nobody seals now; if so, nobody else will while this connection lasts or until it is left. */
export async function takeSealing(connection: Sql): Promise<boolean> {
  const [row] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(sealing_lock()) as taken`;
  return row?.taken ?? false;
}

export async function leaveSealing(connection: Sql): Promise<void> {
  await connection`select pg_advisory_unlock(sealing_lock())`;
}

export type Cut = { last: number; expected: number };

/**
 * Where the newest part is to be cut once it holds more than `most`, so that about `keep` stay; null when it holds fewer,
 * or when appends that are open hold the cut back to the last one. How many there are is estimated from some of the pages,
 * where they are many.
 */
export async function findCut(sql: Sql, { most, keep }: { most: number; keep: number }): Promise<Cut | null> {
  const [size] = await sql<{ bytes: string }[]>`select pg_relation_size('event_identities') as bytes`;
  const pages = Number(size?.bytes ?? 0) / PAGE_BYTES;
  if (pages * IDENTITIES_A_PAGE <= most) return null;
  const percent = pages <= COUNTED_PAGES ? 100 : 1;
  const [row] = await sql<{ last: string | null; expected: number; sealed: string }[]>`
    with seen as materialized (
      select position from event_identities tablesample system (${percent})
    ), counted as (
      select count(*) * (100 / ${percent}::float8) as identities from seen
    ), wanted as (
      select least(identities - ${keep}, ${MOST_IN_RUN}) as expected, identities from counted where identities > ${most}
    )
    select (select least(percentile_disc(expected / identities) within group (order by position), safe_position())
      from seen) as last, expected, (select coalesce(max(last), 0) from identity_runs) as sealed from wanted`;
  if (row === undefined || Number(row.last) <= Number(row.sealed)) return null;
  return { last: Number(row.last), expected: row.expected };
}

/** Removes what was written of runs that never came to count: whoever wrote it ended. */
export async function deleteUnfinishedRuns(sql: Sql): Promise<void> {
  for (const table of ["identity_blocks", "identity_filters"]) {
    await sql`delete from ${sql(table)} where run > (select coalesce(max(last), 0) from identity_runs)`;
  }
}

/**
 * Writes the identities from `low` to `high`, up to the position `run`, into blocks of the run. Throws where this
 * connection does not hold the lock any more.
 *
 * @returns the first 8 bytes of each.
 */
export async function sealPart(sql: Sql, run: number, low: string, high: string): Promise<Uint8Array> {
  const [row] = await sql<{ prefixes: Uint8Array }[]>`
    select seal_identities(${run}, ${low}::uuid, ${high}::uuid, ${BLOCK_ENTRIES}) as prefixes
    where holds_sealing()`;
  return row?.prefixes ?? sealedByAnother();
}

export async function insertFilter(sql: Sql, run: number, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const bits = Buffer.from(bytes.subarray(from, from + PIECE_BYTES));
    await sql`insert into identity_filters (run, piece, bits) values (${run}, ${from / PIECE_BYTES}, ${bits})`;
  }
}

/**
 * From now on the run counts: every append that begins after this has to know it. Throws where this connection does not
 * hold the lock any more.
 */
export async function insertRun(
  sql: Sql,
  run: number,
  { entries, filterBytes }: { entries: number; filterBytes: number },
): Promise<void> {
  const { count } = await sql`
    insert into identity_runs (last, entries, filter_bytes) select ${run}, ${entries}, ${filterBytes}
    where holds_sealing()`;
  if (count === 0) sealedByAnother();
}

function sealedByAnother(): never {
  throw new Error("The connection that sealed was lost.");
}

/** The transactions whose appends are open. */
export async function listOpenAppends(sql: Sql): Promise<string[]> {
  const [row] = await sql<{ open: string[] }[]>`select open_appends() as open`;
  return row?.open ?? [];
}

/** The run whose identities still stand in the newest part as well, or null. */
export async function findRunToLeave(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ last: string }[]>`
    select last from identity_runs where left_at is null order by last limit 1`;
  return row ? Number(row.last) : null;
}

export async function markRunLeft(sql: Sql, run: number): Promise<void> {
  await sql`update identity_runs set left_at = now() where last = ${run}`;
}

/**
 * Writes the newest part anew, when it takes more room than `most` identities need by far: emptied pages are filled
 * again, but an index that was much larger stays so, and each insert goes to another of its pages. Appends wait meanwhile:
 * ten seconds, when 48 of 50 million had gone. It does not wait for others itself: appends would wait behind it.
 *
 * @returns whether it was done.
 */
export async function shrinkNewest(sql: Sql, most: number): Promise<boolean> {
  const [row] = await sql<{ bytes: string }[]>`select pg_relation_size('event_identities_pkey') as bytes`;
  const limit = Math.max(most * MOST_BYTES_IN_INDEX, 16 * 1024 * 1024);
  if (Number(row?.bytes ?? 0) <= limit) return false;
  await sql`set lock_timeout = '200ms'`;
  try {
    await sql`vacuum full event_identities`;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  } finally {
    await sql`reset lock_timeout`;
  }
}

/** Forgets the runs that hold nothing but identities of events before the position. */
export async function deleteRunsBefore(sql: Sql, position: string): Promise<void> {
  // First: who sees a run sees all of its filter.
  await sql`delete from identity_runs where last < ${position}`;
  await sql`delete from identity_filters where run < ${position}`;
  for (let deleted = BLOCKS_AT_ONCE; deleted === BLOCKS_AT_ONCE; ) {
    const { count } = await sql`
      delete from identity_blocks where (run, first) in (
        select run, first from identity_blocks where run < ${position} order by run, first limit ${BLOCKS_AT_ONCE})`;
    deleted = count;
  }
}
