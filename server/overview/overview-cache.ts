import { OVERVIEW_REFRESH_MS, type OverviewDto } from "#server/contract/overview.ts";
import type { Context } from "#server/platform/context.ts";
import { getOverview, readSlowFacts, readTimeFacts, type SlowFacts, type TimeFacts } from "./get-overview.ts";
import { ReadAhead } from "./read-ahead.ts";

/** Everybody who looks within this time gets the same answer. */
const KEPT_MS = 1_500;
/** So long before the page asks again it is read again, on a busy machine too. */
const BEFORE_REFRESH_MS = 600;
/** What changes by the hour is read anew after the first time, while it goes on to be used; after the second, before. */
const SLOW_AHEAD_MS = 60_000;
const SLOW_KEPT_MS = 300_000;
/** Percentiles of the last minutes and of the last hour cost as much as everything else: they are read as seldom as is not seen. */
const TIMES_AHEAD_MS = 10_000;
const TIMES_KEPT_MS = 30_000;

/** The overview for all who look at it, read before the page asks the next time. */
export class OverviewCache {
  readonly #overview: ReadAhead<OverviewDto>;

  constructor(ctx: Context) {
    const { clock } = ctx;
    const slow = new ReadAhead<SlowFacts>({
      read: () => readSlowFacts(ctx),
      clock,
      keptMs: SLOW_KEPT_MS,
      aheadMs: SLOW_AHEAD_MS,
    });
    const times = new ReadAhead<TimeFacts>({
      read: () => readTimeFacts(ctx),
      clock,
      keptMs: TIMES_KEPT_MS,
      aheadMs: TIMES_AHEAD_MS,
    });
    const read = async () => {
      const [slowFacts, timeFacts] = await Promise.all([slow.get(), times.get()]);
      return getOverview(ctx, { slow: slowFacts, times: timeFacts });
    };
    this.#overview = new ReadAhead({
      read,
      clock,
      keptMs: KEPT_MS,
      aheadMs: OVERVIEW_REFRESH_MS - BEFORE_REFRESH_MS,
    });
  }

  get(): Promise<OverviewDto> {
    return this.#overview.get();
  }
}
