import type { OverviewDto } from "#server/contract/overview.ts";
import type { Context } from "#server/platform/context.ts";
import { getOverview, readSlowFacts, type SlowFacts } from "./get-overview.ts";

/** Everybody who looks within this time gets the same answer. */
const KEPT_MS = 1_000;
const SLOW_KEPT_MS = 60_000;

type Kept<Value> = { atMs: number; value: Promise<Value> };

/** The overview for all who look at it at once, read once a second at most. */
export class OverviewCache {
  readonly #ctx: Context;
  #overview: Kept<OverviewDto> | null = null;
  #slow: Kept<SlowFacts> | null = null;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async get(): Promise<OverviewDto> {
    const nowMs = this.#ctx.clock.elapsedMs();
    if (this.#overview === null || nowMs - this.#overview.atMs >= KEPT_MS) {
      this.#overview = { atMs: nowMs, value: this.#read(nowMs) };
      this.#overview.value.catch(() => {
        this.#overview = null;
      });
    }
    return this.#overview.value;
  }

  async #read(nowMs: number): Promise<OverviewDto> {
    if (this.#slow === null || nowMs - this.#slow.atMs >= SLOW_KEPT_MS) {
      this.#slow = { atMs: nowMs, value: readSlowFacts(this.#ctx) };
      this.#slow.value.catch(() => {
        this.#slow = null;
      });
    }
    return getOverview(this.#ctx, await this.#slow.value);
  }
}
