import { deleteEmptySeries, emptySlots } from "#drizzle/queries/metric-folding.ts";
import { lockMetrics, shareMetrics } from "#drizzle/queries/metric-writing.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import type { Context } from "#server/platform/context.ts";

const SERIES_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

/**
 * Forgets the points of each resolution that are older than it is kept, but none that are still to be summed up; and
 * series of which nothing is left.
 */
export async function expireMetrics({ sql, clock }: Pick<Context, "sql" | "clock">): Promise<void> {
  const nowMs = clock.now().getTime();
  const folds = await sql.begin((tx) => shareMetrics(tx));
  for (const [resolution, { stepMs, keptMs }] of RESOLUTIONS.entries()) {
    const kept = Math.floor((nowMs - keptMs - stepMs) / 1000);
    await emptySlots(sql, { resolution, before: Math.min(kept, folds[resolution] ?? kept) });
  }
  await sql.begin(async (tx) => {
    await lockMetrics(tx);
    await deleteEmptySeries(tx, new Date(nowMs - DAY_MS).toISOString(), SERIES_AT_ONCE);
  });
}
