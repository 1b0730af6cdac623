import { deleteEditsBefore } from "#drizzle/queries/delivery-edits.ts";
import { deletePostingsBefore } from "#drizzle/queries/event-postings.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { deleteRunsBefore } from "#drizzle/queries/identity-sealing.ts";
import { deleteCasesBefore, deleteLettersBefore } from "#drizzle/queries/letter-retention.ts";
import { deleteSentBefore } from "#drizzle/queries/outbox.ts";
import { deleteProgressBefore } from "#drizzle/queries/projection-progress.ts";
import { deleteReplaysBefore } from "#drizzle/queries/replay-writing.ts";
import {
  deleteHourlyCountsBefore,
  deleteIdentitiesBefore,
  deleteRollupsBefore,
  dropPartition,
  listExpiredPartitions,
} from "#drizzle/queries/retention.ts";
import {
  deleteMembersBefore,
  deleteSagaMapsBefore,
  deleteSagasBefore,
} from "#drizzle/queries/saga-retention.ts";
import { getObservedPosition } from "#drizzle/queries/stream-observing.ts";
import type { Context } from "#server/platform/context.ts";
import { expireMetrics } from "../metrics/expire-metrics.ts";
import { archiveStreamEvents } from "../streams/archive-events.ts";
import { observeStreamsOnce } from "../streams/observe-streams.ts";

const DAY_MS = 86_400_000;
const SENT_AT_ONCE = 10_000;
const LETTERS_AT_ONCE = 5_000;
const SAGAS_AT_ONCE = 5_000;
/** Each of up to a thousand identities. */
const BATCHES_AT_ONCE = 5_000;

/**
 * Makes the partitions of today and tomorrow, and drops those whose last event is older than the retention time.
 * One process at a time: another that finds the lock taken leaves the work to it.
 */
export async function keepPartitions(ctx: Context): Promise<void> {
  await ensureEventPartitions(ctx.sql);
  const lock = await ctx.sql.reserve();
  try {
    const [row] = await lock<{ locked: boolean }[]>`select pg_try_advisory_lock(7104004) as locked`;
    if (!row?.locked) return;
    try {
      await dropExpired(ctx);
      await expireMetrics(ctx);
      await forgetSent(ctx);
      await deleteProgressBefore(ctx.sql, new Date(ctx.clock.now().getTime() - DAY_MS).toISOString());
    } finally {
      await lock`select pg_advisory_unlock(7104004)`;
    }
  } finally {
    lock.release();
  }
}

/** What was published and has reached the log is kept for another day, for whoever looks into a fault. */
async function forgetSent(ctx: Context): Promise<void> {
  const cutoff = new Date(ctx.clock.now().getTime() - DAY_MS).toISOString();
  let forgotten = SENT_AT_ONCE;
  while (forgotten === SENT_AT_ONCE) forgotten = await deleteSentBefore(ctx.sql, cutoff, SENT_AT_ONCE);
}

async function dropExpired(ctx: Context): Promise<void> {
  const cutoff = new Date(ctx.clock.now().getTime() - ctx.env.retentionDays * DAY_MS);
  const expired = await listExpiredPartitions(ctx.sql, cutoff.toISOString());
  for (const partition of expired) {
    if (partition.parent === "events") await keepStreams(ctx, partition.name);
    await dropPartition(ctx.sql, partition);
    ctx.log.info({ partition: partition.name }, "partition.expired");
  }
  if (expired.length === 0) return;
  const midnight = Math.floor(cutoff.getTime() / DAY_MS) * DAY_MS;
  await forgetIdentities(ctx, String(midnight * 1000));
  await forgetLetters(ctx, midnight);
  await forgetSagas(ctx, midnight);
  await deleteEditsBefore(ctx.sql, String(midnight * 1000));
  await deleteReplaysBefore(ctx.sql, new Date(midnight).toISOString());
  await deletePostingsBefore(ctx.sql, new Date(midnight).toISOString());
  await deleteHourlyCountsBefore(ctx.sql, new Date(midnight).toISOString());
  await deleteRollupsBefore(ctx.sql, new Date(midnight).toISOString());
}

/** In parts, so that the keeper of letters never waits for long. */
async function forgetLetters({ sql }: Context, midnight: number): Promise<void> {
  const position = String(midnight * 1000);
  let forgotten = LETTERS_AT_ONCE;
  while (forgotten === LETTERS_AT_ONCE) {
    forgotten = await sql.begin((tx) => deleteLettersBefore(tx, position, LETTERS_AT_ONCE));
  }
  await sql.begin((tx) => deleteCasesBefore(tx, new Date(midnight).toISOString()));
}

/** In parts, so that the recognition never waits for long. */
async function forgetSagas({ sql }: Context, midnight: number): Promise<void> {
  const [moment, position] = [new Date(midnight).toISOString(), String(midnight * 1000)];
  let forgotten = SAGAS_AT_ONCE;
  while (forgotten === SAGAS_AT_ONCE) {
    forgotten = await sql.begin((tx) => deleteSagasBefore(tx, { moment, position, limit: SAGAS_AT_ONCE }));
  }
  let members = SAGAS_AT_ONCE;
  while (members === SAGAS_AT_ONCE) {
    members = await sql.begin((tx) => deleteMembersBefore(tx, position, SAGAS_AT_ONCE));
  }
  await sql.begin((tx) => deleteSagaMapsBefore(tx, moment));
}

async function forgetIdentities(ctx: Context, position: string): Promise<void> {
  let forgotten = BATCHES_AT_ONCE;
  while (forgotten === BATCHES_AT_ONCE) {
    forgotten = await deleteIdentitiesBefore(ctx.sql, position, BATCHES_AT_ONCE);
  }
  await deleteRunsBefore(ctx.sql, position);
}

/** What the streams need of a day: every version in it is registered, and its events are kept with them. */
async function keepStreams(ctx: Context, partition: string): Promise<void> {
  const [, year, month, day] = /(\d{4})(\d\d)(\d\d)$/.exec(partition) ?? [];
  const start = Date.parse(`${year}-${month}-${day}T00:00:00Z`) * 1000;
  const range = { from: String(start), before: String(start + DAY_MS * 1000) };
  while (await observeStreamsOnce(ctx)) {
    if (Number(await getObservedPosition(ctx.sql)) >= Number(range.before)) break;
  }
  const kept = await archiveStreamEvents(ctx, range);
  if (kept > 0) ctx.log.info({ partition, events: kept }, "stream-events.archived");
}
