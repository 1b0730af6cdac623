import { pause } from "#server/platform/clock.ts";

/** However long the pressure lasts, each observer takes a piece of its work so often: figures get late, but don't stop. */
const MOST_REST_MS = 4_000;
const LOOK_EVERY_MS = 100;

type Pressure = {
  /** Whether events arrive faster than they are stored at ease. */
  isPressed: () => boolean;
  elapsedMs: () => number;
  rest?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Lets work that observes the log rest while events press in: the machine belongs to those who send them, and nothing is
 * lost by counting them later.
 */
export function restUnderPressure(
  { isPressed, elapsedMs, rest = pause }: Pressure,
  signal: AbortSignal,
  work: () => Promise<boolean>,
): () => Promise<boolean> {
  let workedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    while (isPressed() && elapsedMs() - workedAtMs < MOST_REST_MS) {
      if (signal.aborted) return false;
      await rest(LOOK_EVERY_MS, signal);
    }
    try {
      return await work();
    } finally {
      workedAtMs = elapsedMs();
    }
  };
}
