import type { LiveFrame } from "#server/contract/live.ts";

/** How far back the rate is drawn. */
export const RATE_SECONDS = 60;
/** Over how many of the last seconds the rate is a mean. */
const MEAN_SECONDS = 5;

type CountedFrame = Pick<LiveFrame, "from" | "to" | "rows" | "skipped">;

/**
 * Matched events for each of the last seconds, by the time at which they were recorded: after a pause or a lost
 * connection they stand where they belong, not where they arrived.
 */
export class RateWindow {
  readonly #counts = new Map<number, number>();
  /** How far the server's clock is ahead of ours; taken from the frame that came with the least delay. */
  #aheadMs: number | null = null;

  add(frame: CountedFrame, arrivedAt: number): void {
    const to = toMs(frame.to);
    this.#aheadMs = Math.max(this.#aheadMs ?? Number.NEGATIVE_INFINITY, to - arrivedAt);
    const [oldest] = frame.rows;
    for (const row of frame.rows) this.#count(second(toMs(row.position)), 1);
    const skippedTo = second(toMs(oldest?.position ?? frame.to));
    const skippedFrom = Math.max(second(toMs(frame.from)), skippedTo - RATE_SECONDS);
    const share = frame.skipped / (skippedTo - skippedFrom + 1);
    for (let at = skippedFrom; share > 0 && at <= skippedTo; at += 1) this.#count(at, share);
    for (const at of this.#counts.keys()) if (at < second(to) - 2 * RATE_SECONDS) this.#counts.delete(at);
  }

  /** Events in each of the last whole seconds, oldest first. */
  series(now: number): number[] {
    const end = second(now + (this.#aheadMs ?? 0));
    return Array.from({ length: RATE_SECONDS }, (_, index) =>
      Math.round(this.#counts.get(end - RATE_SECONDS + index) ?? 0),
    );
  }

  /** Events a second, mean of the last whole seconds. */
  perSecond(now: number): number {
    const recent = this.series(now).slice(-MEAN_SECONDS);
    return recent.reduce((sum, count) => sum + count, 0) / MEAN_SECONDS;
  }

  #count(at: number, events: number): void {
    this.#counts.set(at, (this.#counts.get(at) ?? 0) + events);
  }
}

/** A position is the microsecond at which its event was recorded. */
function toMs(position: string): number {
  return Number(position) / 1000;
}

function second(ms: number): number {
  return Math.floor(ms / 1000);
}
