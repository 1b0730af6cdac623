import { performance } from "node:perf_hooks";
import { pause } from "#server/platform/clock.ts";

/** How much of its time the event loop spends on others, so that it counts as busy. */
export const BUSY = 0.5;
/** Of the time, where others are busy, and where nobody is. */
const BUSY_DUTY = 0.08;
const IDLE_DUTY = 0.6;
/** Too short a rest tells nothing about the others. */
const LEAST_REST_MS = 20;

/**
 * Keeps work that has all the time in the world from taking it from others: after each piece of it a rest, as long as
 * it takes for the work to have no more than its share. How busy the others are is seen while this one rests.
 */
export class BoundedDuty {
  readonly #loadSince: (mark: ReturnType<typeof performance.eventLoopUtilization>) => number;
  #load = 1;

  /** @param loadSince what the others took of the time since a mark, from 0 to 1 */
  constructor(loadSince = utilizationSince) {
    this.#loadSince = loadSince;
  }

  /** Does a piece of work, and rests if there is more of it. */
  async work(signal: AbortSignal, piece: () => Promise<boolean>): Promise<boolean> {
    const startedMs = performance.now();
    const isMore = await piece();
    if (!isMore) return false;
    const duty = this.#load >= BUSY ? BUSY_DUTY : IDLE_DUTY;
    const restMs = Math.max(LEAST_REST_MS, (performance.now() - startedMs) * (1 / duty - 1));
    const mark = performance.eventLoopUtilization();
    await pause(restMs, signal);
    this.#load = this.#loadSince(mark);
    return true;
  }
}

function utilizationSince(mark: ReturnType<typeof performance.eventLoopUtilization>): number {
  return performance.eventLoopUtilization(mark).utilization;
}
