import type { OverviewDto } from "#server/contract/overview.ts";
import type { Context } from "#server/platform/context.ts";
import { getOverview, readSlowFacts, type SlowFacts } from "./get-overview.ts";
import { ReadAhead } from "./read-ahead.ts";

/** Everybody who looks within this time gets the same answer. */
const KEPT_MS = 1_500;
/** The page asks every two seconds: until then it is read again. */
const AHEAD_MS = 1_400;
/** What changes by the hour is read anew after the first time, while it goes on to be used; after the second, before. */
const SLOW_FRESH_MS = 60_000;
const SLOW_KEPT_MS = 300_000;

type Kept<Value> = { atMs: number; value: Promise<Value> };

/** The overview for all who look at it, read before the page asks the next time. */
export class OverviewCache {
  readonly #ctx: Context;
  readonly #overview: ReadAhead<OverviewDto>;
  #slow: Kept<SlowFacts> | null = null;
  #isRenewing = false;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    const read = () => this.#read(ctx.clock.elapsedMs());
    this.#overview = new ReadAhead({ read, clock: ctx.clock, keptMs: KEPT_MS, aheadMs: AHEAD_MS });
  }

  get(): Promise<OverviewDto> {
    return this.#overview.get();
  }

  async #read(nowMs: number): Promise<OverviewDto> {
    if (this.#slow === null || nowMs - this.#slow.atMs >= SLOW_KEPT_MS) {
      this.#slow = { atMs: nowMs, value: readSlowFacts(this.#ctx) };
      this.#slow.value.catch(() => {
        this.#slow = null;
      });
    }
    const overview = await getOverview(this.#ctx, await this.#slow.value);
    if (nowMs - this.#slow.atMs >= SLOW_FRESH_MS) void this.#renew();
    return overview;
  }

  /** What can't be read now is tried again with the next overview, and told when it has become too old. */
  async #renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const atMs = this.#ctx.clock.elapsedMs();
    const value = readSlowFacts(this.#ctx);
    await value.then(
      () => {
        this.#slow = { atMs, value };
      },
      () => {},
    );
    this.#isRenewing = false;
  }
}
