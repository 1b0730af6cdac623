import { pause } from "#server/platform/clock.ts";
import type { Log } from "#server/platform/log.ts";

/**
 * Runs `work` again and again until `signal` aborts: at once when it says that there is more, else after the pause.
 * A failure is logged and tried again after ten pauses, at most a minute.
 */
export async function runEvery(
  { name, pauseMs, signal, log }: { name: string; pauseMs: number; signal: AbortSignal; log: Log },
  work: () => Promise<boolean>,
): Promise<void> {
  while (!signal.aborted) {
    let delayMs = pauseMs;
    try {
      if (await work()) continue;
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ worker: name, err: error }, "worker.interrupted");
      delayMs = Math.min(pauseMs * 10, 60_000);
    }
    await pause(delayMs, signal);
  }
}
