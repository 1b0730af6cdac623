import { setTimeout as sleep } from "node:timers/promises";

/** Time as it comes in through the context, so that tests can fix it. */
export type Clock = {
  now: () => Date;
  /** Milliseconds that never run backwards, for measuring durations. */
  elapsedMs: () => number;
};

export const systemClock: Clock = {
  now: () => new Date(),
  elapsedMs: () => performance.now(),
};

/** A clock that stands still until it is moved. */
export function createFixedClock(start: Date | string): Clock & { advance: (ms: number) => void } {
  const startMs = new Date(start).getTime();
  let passedMs = 0;
  return {
    now: () => new Date(startMs + passedMs),
    elapsedMs: () => passedMs,
    advance: (ms) => {
      passedMs += ms;
    },
  };
}

/** Resolves after `ms`, or at once when `signal` is aborted, also where it already was. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
