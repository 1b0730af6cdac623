import type { IdentityBatches } from "#server/domain/identity-blocks.ts";
import { BinaryCopy, copyInTurn } from "../copy-binary.ts";
import type { Sql } from "../db.ts";
import { PREFIX_BYTES } from "./event-rows.ts";

/** Up to this size all batches are looked at, to count; of more, those of one page in a hundred come first. */
const COUNTED_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
const BLOCKS_AT_ONCE = 5_000;
/** Whoever comes to this with many more makes several runs, one after the other. */
const MOST_IN_RUN = 8_000_000;
const BLOCK_ROW_BYTES = 2_048;
const COPY_BLOCKS = "copy identity_blocks (run, first, entries) from stdin (format binary)";

/** Whether nobody seals now; if so, nobody else will while this connection lasts or until it is left. */
export async function takeSealing(connection: Sql): Promise<boolean> {
  const [row] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(sealing_lock()) as taken`;
  return row?.taken ?? false;
}

export async function leaveSealing(connection: Sql): Promise<void> {
  await connection`select pg_advisory_unlock(sealing_lock())`;
}

/** A run to be: of all identities up to the position `last`, about `expected`. */
export type Cut = { last: number; expected: number };

/**
 * Where the newest identities are to be cut once there are more than `most`, so that at least `keep` stay and no batch is
 * split; null when there are fewer, or when appends that are open hold the cut back to the last one.
 */
export async function findCut(sql: Sql, { most, keep }: { most: number; keep: number }): Promise<Cut | null> {
  const [size] = await sql<{ bytes: string }[]>`select pg_relation_size('identity_batches') as bytes`;
  const bytes = Number(size?.bytes ?? 0);
  if (bytes <= most * PREFIX_BYTES) return null;
  if (bytes > COUNTED_BYTES && (await estimateNewest(sql)) <= most) return null;
  const [row] = await sql<{ last: string; expected: string }[]>`
    with counted as (
      select first, octet_length(prefixes) / ${PREFIX_BYTES}::int as entries from identity_batches
    ), summed as (
      select first + entries - 1 as last, sum(entries) over (order by first) as expected, sum(entries) over () as total
      from counted
    )
    select last, expected from summed
    where total > ${most} and expected <= least(total - ${keep}, ${MOST_IN_RUN})
      and last <= (select safe_position()) and last > (select coalesce(max(run.last), 0) from identity_runs run)
    order by last desc limit 1`;
  return row ? { last: Number(row.last), expected: Number(row.expected) } : null;
}

/** How many identities are in no run, as one page in a hundred tells. */
async function estimateNewest(sql: Sql): Promise<number> {
  const [row] = await sql<{ identities: number }[]>`
    select coalesce(sum(octet_length(prefixes)), 0) * 100.0::float8 / ${PREFIX_BYTES}::int as identities
    from identity_batches tablesample system (1)`;
  return row?.identities ?? 0;
}

/** Removes what was written of runs that never came to count: whoever wrote it ended. */
export async function deleteUnfinishedRuns(sql: Sql): Promise<void> {
  for (const table of ["identity_blocks", "identity_filters"]) {
    await sql`delete from ${sql(table)} where run > (select coalesce(max(last), 0) from identity_runs)`;
  }
}

/** Divides the batches up to a position into stretches of about so many identities: of each, where its last batch begins. */
export async function listStretches(sql: Sql, last: number, identities: number): Promise<number[]> {
  const rows = await sql<{ first: string }[]>`
    select max(first) as first from (
      select first, (sum(octet_length(prefixes)) over (order by first) - 1) / ${identities * PREFIX_BYTES}::int as stretch
      from identity_batches where first <= ${last}
    ) divided
    group by stretch order by first`;
  return rows.map(({ first }) => Number(first));
}

/** The batches that begin after one position and not after another. */
export async function readBatches(sql: Sql, after: number, upTo: number): Promise<IdentityBatches> {
  // Both go through the batches in one order.
  const [row] = await sql<{ heads: Uint8Array | null; prefixes: Uint8Array | null }[]>`
    select string_agg(int8send(first) || int4send(octet_length(prefixes) / ${PREFIX_BYTES}::int), '') as heads,
      string_agg(prefixes, '') as prefixes
    from identity_batches where first > ${after} and first <= ${upTo}`;
  return { heads: row?.heads ?? new Uint8Array(), prefixes: row?.prefixes ?? new Uint8Array() };
}

/**
 * Writes blocks of a run, `most` at once. Rejects where this connection does not hold the lock any more.
 *
 * @returns how many there were.
 */
export async function insertBlocks(
  sql: Sql,
  run: number,
  blocks: Iterator<Uint8Array>,
  most: number,
): Promise<number> {
  const copy = new BinaryCopy(most * BLOCK_ROW_BYTES);
  let inserted = 0;
  while (inserted < most) {
    const { done, value } = blocks.next();
    if (done) break;
    copy.row(3);
    copy.int8(run);
    copy.uuidFrom(value.subarray(0, PREFIX_BYTES));
    copy.bytes(value);
    inserted += 1;
  }
  const rows = copy.finish();
  await copyInTurn<{ holds: boolean }>(sql, ["select holds_sealing() as holds", COPY_BLOCKS], (row) => {
    if (!row?.holds) sealedByAnother();
    return [() => rows];
  });
  return inserted;
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

/**
 * Removes batches that are in runs and begin at `from` or later: so many at most, the oldest first.
 *
 * @returns where to go on, or null when there are no more.
 */
export async function deleteSealedBatches(sql: Sql, from: number, limit: number): Promise<number | null> {
  const [row] = await sql<{ last: string | null; deleted: number }[]>`
    with run as materialized (
      select coalesce(max(last), 0) as last from identity_runs
    ), deleted as (
      delete from identity_batches where first in (
        select first from identity_batches
        where first between ${from} and (select last from run)
          -- One that was made of older rows may go beyond the run.
          and first + octet_length(prefixes) / ${PREFIX_BYTES}::int - 1 <= (select last from run)
        order by first limit ${limit})
      returning first
    )
    select max(first) as last, count(*)::int as deleted from deleted`;
  return row?.deleted === limit ? Number(row.last) + 1 : null;
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
