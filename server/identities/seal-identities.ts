import type { Sql } from "#drizzle/db.ts";
import {
  type Cut,
  deleteUnfinishedRuns,
  findCut,
  findRunToLeave,
  insertFilter,
  insertRun,
  leaveSealing,
  listOpenAppends,
  markRunLeft,
  sealPart,
  shrinkNewest,
  takeSealing,
} from "#drizzle/queries/identity-sealing.ts";
import { countIdentityPages, deleteIdentitiesBefore } from "#drizzle/queries/retention.ts";
import { IdentityFilter } from "#server/domain/identity-filter.ts";
import { pause } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";

/** How many identities the newest part may hold, and how many it keeps when the others are sealed. */
export type SealingLimits = { most: number; keep: number };

/**
 * With the newest part in memory, an event costs the same however many there are. Each run costs every event a look into
 * its filter, so they are not to be many.
 */
const LIMITS: SealingLimits = { most: 10_000_000, keep: 2_000_000 };
/** A few tenths of a second in the database. */
const PART = 100_000;
/** Pages of the newest part that are emptied at once, with about 150 identities in each. */
const PAGES_AT_ONCE = 100;
const LOOK_EVERY_MS = 20;
const PREFIX_BYTES = 8;
const TWO_TO_32 = 0x1_0000_0000;

/**
 * Moves the oldest identities out of the newest part into a run, once there are many: written whole, then made to count,
 * then taken out of the newest part as soon as no append is open that did not know the run. In between they stand in
 * both, which harms nobody. Whoever is killed at it leaves it to the next one, in whatever process.
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
      await leaveNewest(connection, signal);
      if (signal.aborted) return false;
      const cut = await findCut(connection, limits);
      if (cut === null) {
        if (await shrinkNewest(connection, limits.most)) log.info({}, "identities.shrunk");
        return false;
      }
      const entries = await writeRun(connection, cut, signal);
      if (entries === 0) return false;
      log.info({ identities: entries }, "identities.sealed");
      await leaveNewest(connection, signal);
      return true;
    } finally {
      await leaveSealing(connection);
    }
  } finally {
    connection.release();
  }
}

/** @returns how many identities were sealed; 0 when it was aborted before the run counted. */
async function writeRun(sql: Sql, { last, expected }: Cut, signal: AbortSignal): Promise<number> {
  await deleteUnfinishedRuns(sql);
  const filter = new IdentityFilter(new ArrayBuffer(IdentityFilter.bytesFor(expected)));
  const parts = Math.ceil(expected / PART);
  let entries = 0;
  for (let part = 0; part < parts; part += 1) {
    const startedAt = performance.now();
    const low = `${prefixText((part / parts) * TWO_TO_32)}-0000-0000-0000-000000000000`;
    const high = `${prefixText(((part + 1) / parts) * TWO_TO_32 - 1)}-ffff-ffff-ffff-ffffffffffff`;
    const prefixes = await sealPart(sql, last, low, high);
    addAll(filter, prefixes);
    entries += prefixes.length / PREFIX_BYTES;
    if (!(await rest(startedAt, signal))) return 0;
  }
  await insertFilter(sql, last, filter.bytes);
  await insertRun(sql, last, { entries, filterBytes: filter.bytes.length });
  return entries;
}

function addAll(filter: IdentityFilter, prefixes: Uint8Array): void {
  const view = new DataView(prefixes.buffer, prefixes.byteOffset, prefixes.byteLength);
  for (let at = 0; at < prefixes.length; at += PREFIX_BYTES) {
    filter.add(view.getUint32(at), view.getUint32(at + PREFIX_BYTES / 2));
  }
}

function prefixText(bits: number): string {
  return Math.floor(bits).toString(16).padStart(8, "0");
}

/** Takes the identities of runs that count out of the newest part, page by page. */
async function leaveNewest(sql: Sql, signal: AbortSignal): Promise<void> {
  for (let run = await findRunToLeave(sql); run !== null; run = await findRunToLeave(sql)) {
    if (!(await awaitOpenAppends(sql, signal))) return;
    const total = await countIdentityPages(sql);
    for (let fromPage = 0; fromPage < total; fromPage += PAGES_AT_ONCE) {
      const startedAt = performance.now();
      await deleteIdentitiesBefore(sql, String(run + 1), { fromPage, pages: PAGES_AT_ONCE });
      if (!(await rest(startedAt, signal))) return;
    }
    await markRunLeft(sql, run);
  }
}

/**
 * Waits until the appends have ended that are open now: they may not know the last run, and rely upon the newest part.
 *
 * @returns whether they have; false when it was aborted.
 */
async function awaitOpenAppends(sql: Sql, signal: AbortSignal): Promise<boolean> {
  let open = await listOpenAppends(sql);
  while (open.length > 0) {
    if (signal.aborted) return false;
    await pause(LOOK_EVERY_MS, signal);
    const still = new Set(await listOpenAppends(sql));
    open = open.filter((append) => still.has(append));
  }
  return !signal.aborted;
}

/** Leaves the database to others for as long as it was kept busy. @returns whether to go on. */
async function rest(startedAt: number, signal: AbortSignal): Promise<boolean> {
  await pause(performance.now() - startedAt, signal);
  return !signal.aborted;
}
