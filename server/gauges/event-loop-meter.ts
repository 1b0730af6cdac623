import { binOf } from "#server/domain/log-histogram.ts";
import { TimeMeter } from "#server/platform/meters.ts";

const LOOK_EVERY_MS = 20;

/**
 * How much later than they should things come to their turn in this process, looked at 50 times a second. A timer of
 * our own: the monitor of perf_hooks leaves out what held the loop up just after its counts were taken.
 */
export class EventLoopMeter {
  readonly delays = new TimeMeter();
  /** The same by logarithmic bins of microseconds. */
  readonly delayBins = new Map<number, number>();

  /** @returns what ends it. */
  start(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const delayMs = Math.max(0, now - last - LOOK_EVERY_MS);
      last = now;
      this.delays.add(delayMs / 1000);
      const bin = binOf(delayMs * 1000);
      this.delayBins.set(bin, (this.delayBins.get(bin) ?? 0) + 1);
    }, LOOK_EVERY_MS);
    timer.unref();
    return () => clearInterval(timer);
  }
}
