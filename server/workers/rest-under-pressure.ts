import { pause } from "#server/platform/clock.ts";

const TURN_EVERY_MS = 4_000;
const LOOK_EVERY_MS = 100;

type Pressure = {
  /** Whether events arrive faster than they are stored at ease. */
  isPressed: () => boolean;
  elapsedMs: () => number;
  /** However long the pressure lasts, the observer has a turn so often: figures get late, but don't stop. */
  everyMs?: number;
  /** For how long an observer goes on with what waits when its turn comes; it does one piece, however long this is. */
  turnMs?: number;
  rest?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Lets work that observes the log rest while events press in: the machine belongs to those who send them, and nothing is
 * lost by counting them later.
 */
export function restUnderPressure(
  { isPressed, elapsedMs, everyMs = TURN_EVERY_MS, turnMs = 0, rest = pause }: Pressure,
  signal: AbortSignal,
  work: () => Promise<boolean>,
): () => Promise<boolean> {
  let turnAtMs = Number.NEGATIVE_INFINITY;
  let hasMore = false;
  return async () => {
    const isInTurn = hasMore && elapsedMs() - turnAtMs < turnMs;
    while (!isInTurn && isPressed() && elapsedMs() - turnAtMs < everyMs) {
      if (signal.aborted) return false;
      await rest(LOOK_EVERY_MS, signal);
    }
    if (!isInTurn) turnAtMs = elapsedMs();
    hasMore = false;
    hasMore = await work();
    return hasMore;
  };
}
