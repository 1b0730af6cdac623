import { performance } from "node:perf_hooks";
import { pause } from "#server/platform/clock.ts";

/** How much of its time the event loop spends on others, so that it counts as busy. */
export const BUSY = 0.5;
/** Of the time, where others are busy, and where nobody is. */
const BUSY_DUTY = 0.08;
const IDLE_DUTY = 0.6;
/** Too short a rest tells nothing about the others. */
const LEAST_REST_MS = 20;
/** A rest that was begun while others were busy ends soon after they are not any more. */
const LOOK_EVERY_MS = 1_000;
/**
 * A piece that took long because everything did, as after a restart on a busy machine, would be rested from for minutes,
 * and what it is behind of with it.
 */
const MOST_REST_MS = 30_000;

type Mark = ReturnType<typeof performance.eventLoopUtilization>;

type DutyOptions = {
  /** What the others took of the time since a mark, from 0 to 1. */
  loadSince?: (mark: Mark) => number;
  rest?: (ms: number, signal: AbortSignal) => Promise<void>;
  elapsedMs?: () => number;
};

/**
 * Keeps work that has all the time in the world from taking it from others: after each piece of it a rest, as long as
 * it takes for the work to have no more than its share. How busy the others are is seen while this one rests.
 */
export class BoundedDuty {
  readonly #loadSince: (mark: Mark) => number;
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #elapsedMs: () => number;
  #load = 1;

  constructor({
    loadSince = utilizationSince,
    rest = pause,
    elapsedMs = () => performance.now(),
  }: DutyOptions = {}) {
    this.#loadSince = loadSince;
    this.#pause = rest;
    this.#elapsedMs = elapsedMs;
  }

  /** Does a piece of work, and rests if there is more of it. */
  async work(signal: AbortSignal, piece: () => Promise<boolean>): Promise<boolean> {
    const startedMs = this.#elapsedMs();
    const isMore = await piece();
    if (!isMore) return false;
    await this.#rest(this.#elapsedMs() - startedMs, signal);
    return true;
  }

  /** Pays for work with rest, at the price of the time in which it rests. */
  async #rest(workedMs: number, signal: AbortSignal): Promise<void> {
    let owedMs = workedMs;
    let leftMs = MOST_REST_MS;
    do {
      const wantedMs = Math.max(LEAST_REST_MS, owedMs * priceAt(this.#load));
      const restMs = Math.min(wantedMs, LOOK_EVERY_MS, leftMs);
      const mark = performance.eventLoopUtilization();
      await this.#pause(restMs, signal);
      this.#load = this.#loadSince(mark);
      owedMs -= restMs / priceAt(this.#load);
      leftMs -= restMs;
    } while (owedMs >= 1 && leftMs >= 1 && !signal.aborted);
  }
}

/** So much rest for work that took as long as one. */
function priceAt(load: number): number {
  return 1 / (load >= BUSY ? BUSY_DUTY : IDLE_DUTY) - 1;
}

function utilizationSince(mark: Mark): number {
  return performance.eventLoopUtilization(mark).utilization;
}
