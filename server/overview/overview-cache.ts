import type { OverviewDto } from "#server/contract/overview.ts";
import type { Context } from "#server/platform/context.ts";
import { getOverview, readSlowFacts, type SlowFacts } from "./get-overview.ts";

/** Everybody who looks within this time gets the same answer. */
const KEPT_MS = 1_000;
/** What changes by the hour is read anew after the first time, while it goes on to be used; after the second, before. */
const SLOW_FRESH_MS = 60_000;
const SLOW_KEPT_MS = 300_000;

type Kept<Value> = { atMs: number; value: Promise<Value> };

/** The overview for all who look at it at once, read once a second at most. */
export class OverviewCache {
  readonly #ctx: Context;
  #overview: Kept<OverviewDto> | null = null;
  #slow: Kept<SlowFacts> | null = null;
  #isRenewing = false;

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
