import type { SqlTx } from "#drizzle/db.ts";
import { findNextSecond, foldPoints, moveFold } from "#drizzle/queries/metric-folding.ts";
import { lockMetrics } from "#drizzle/queries/metric-writing.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import type { Context } from "#server/platform/context.ts";

/** Most of what happens in a moment is written by then. What comes later is added to what was summed up. */
const GRACE_S = 4;
/** Of each resolution in one round, so that those who add points never wait for long. */
const STEPS_AT_ONCE = 30;

/**
 * Sums up each resolution into the next one, as far as time has passed: at most thirty steps of each.
 *
 * @returns whether there is more to sum up at once.
 */
export async function foldMetricsOnce({ sql, clock }: Pick<Context, "sql" | "clock">): Promise<boolean> {
  const now = Math.floor(clock.now().getTime() / 1000) - GRACE_S;
  return sql.begin(async (tx) => {
    const folds = await lockMetrics(tx);
    let end = now;
    let isMore = false;
    for (const [place, from] of folds.entries()) {
      const reached = await foldResolution(tx, place + 1, { from, end });
      isMore ||= reached < stepsBefore(end, place + 1);
      end = reached;
    }
    return isMore;
  });
}

/** Gives up to where it is summed up now. */
async function foldResolution(
  tx: SqlTx,
  resolution: number,
  { from, end }: { from: number; end: number },
): Promise<number> {
  const target = stepsBefore(end, resolution);
  if (target <= from) return from;
  const next = await findNextSecond(tx, { resolution: resolution - 1, from });
  const start = next === null ? target : Math.min(target, stepsBefore(next, resolution));
  const step = stepOf(resolution);
  const to = Math.min(target, start + STEPS_AT_ONCE * step);
  if (to > start) await foldPoints(tx, { resolution, step, from: start, to });
  await moveFold(tx, resolution, to);
  return to;
}

function stepsBefore(second: number, resolution: number): number {
  return Math.floor(second / stepOf(resolution)) * stepOf(resolution);
}

function stepOf(resolution: number): number {
  return (RESOLUTIONS[resolution]?.stepMs ?? 0) / 1000;
}
