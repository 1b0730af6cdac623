import type { Sql } from "#drizzle/db.ts";
import {
  type Cut,
  deleteSealedBatches,
  deleteUnfinishedRuns,
  findCut,
  insertBlocks,
  insertFilter,
  insertRun,
  leaveSealing,
  listStretches,
  readBatches,
  takeSealing,
} from "#drizzle/queries/identity-sealing.ts";
import { divideIdentities, IdentitySorter } from "#server/domain/identity-blocks.ts";
import { IdentityFilter } from "#server/domain/identity-filter.ts";
import { pause } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";

/** How many identities may be in no run, and how many stay when the others are sealed. */
export type SealingLimits = { most: number; keep: number };

/**
 * Who appends has the newest in memory. Each run costs every event a look into its filter, so runs are not to be many.
 */
const LIMITS: SealingLimits = { most: 10_000_000, keep: 2_000_000 };
/** Identities that are sorted at once: 20 MB of them. */
const PART = 1_000_000;
/** Identities that are read at once: a few milliseconds here, as what follows. */
const STRETCH = 50_000;
/** Blocks that are written at once, of 123 identities. */
const BLOCKS_AT_ONCE = 200;
/** Batches that are removed at once. */
const BATCHES_AT_ONCE = 1_000;
const ENTRY_BYTES = 16;

/**
 * Moves the oldest identities into a run, once there are many: written whole, then made to count, then removed from where
 * they stood before. In between they stand in both, which harms nobody: who appends is refused until it knows the run.
 * Whoever is killed at it leaves it to the next one, in whatever process.
 *
 * @returns whether there is more to seal at once.
 */
export async function sealIdentitiesOnce(
  { sql, log }: Pick<Context, "sql" | "log">,
  signal: AbortSignal,
  limits: SealingLimits = LIMITS,
): Promise<boolean> {
  // All of it on the connection that holds the lock: what this process began never goes on beside the next one.
  const connection = await sql.reserve();
  try {
    if (!(await takeSealing(connection))) return false;
    try {
      await removeSealed(connection, signal);
      if (signal.aborted) return false;
      const cut = await findCut(connection, limits);
      if (cut === null) return false;
      const entries = await writeRun(connection, cut, signal);
      if (entries === 0) return false;
      log.info({ identities: entries }, "identities.sealed");
      await removeSealed(connection, signal);
      return true;
    } finally {
      await leaveSealing(connection);
    }
  } finally {
    connection.release();
  }
}

/** A run that is being written. */
type Draft = { sql: Sql; last: number; filter: IdentityFilter; signal: AbortSignal };

/** @returns how many identities were sealed; 0 when it was aborted before the run counted. */
async function writeRun(sql: Sql, { last, expected }: Cut, signal: AbortSignal): Promise<number> {
  await deleteUnfinishedRuns(sql);
  const stretches = await listStretches(sql, last, STRETCH);
  const filter = new IdentityFilter(new ArrayBuffer(IdentityFilter.bytesFor(expected)));
  const draft: Draft = { sql, last, filter, signal };
  const parts = divideIdentities(Math.ceil(expected / PART));
  let entries = 0;
  for (const part of parts) {
    const sorter = new IdentitySorter(part, expected / parts.length);
    if (!(await readPart(draft, sorter, stretches))) return 0;
    if (!(await writePart(draft, sorter))) return 0;
    entries += sorter.length;
  }
  if (entries === 0) return 0;
  await insertFilter(sql, last, filter.bytes);
  await insertRun(sql, last, { entries, filterBytes: filter.bytes.length });
  return entries;
}

/** Each part reads all that the run is to take, and leaves most of it to the others. @returns whether to go on. */
async function readPart({ sql, signal }: Draft, sorter: IdentitySorter, stretches: readonly number[]) {
  let after = 0;
  for (const upTo of stretches) {
    const startedAt = performance.now();
    sorter.add(await readBatches(sql, after, upTo));
    after = upTo;
    if (!(await rest(startedAt, signal))) return false;
  }
  return true;
}

/** @returns whether to go on. */
async function writePart({ sql, last, filter, signal }: Draft, sorter: IdentitySorter): Promise<boolean> {
  let startedAt = performance.now();
  const blocks = addedTo(filter, sorter.blocks());
  let inserted = BLOCKS_AT_ONCE;
  while (inserted === BLOCKS_AT_ONCE) {
    if (!(await rest(startedAt, signal))) return false;
    startedAt = performance.now();
    inserted = await insertBlocks(sql, last, blocks, BLOCKS_AT_ONCE);
  }
  return rest(startedAt, signal);
}

function* addedTo(filter: IdentityFilter, blocks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const block of blocks) {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    for (let at = 0; at < block.length; at += ENTRY_BYTES) {
      filter.add(view.getUint32(at), view.getUint32(at + 4));
    }
    yield block;
  }
}

/** Removes the batches that are in runs from where the newest identities stand. */
async function removeSealed(sql: Sql, signal: AbortSignal): Promise<void> {
  for (let from: number | null = 0; from !== null; ) {
    const startedAt = performance.now();
    from = await deleteSealedBatches(sql, from, BATCHES_AT_ONCE);
    if (from !== null && !(await rest(startedAt, signal))) return;
  }
}

/** Leaves the processor and the database to others for as long as they were kept busy. @returns whether to go on. */
async function rest(startedAt: number, signal: AbortSignal): Promise<boolean> {
  await pause(performance.now() - startedAt, signal);
  return !signal.aborted;
}
