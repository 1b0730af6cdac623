import { messageOf } from "#server/platform/errors.ts";
import type { SpanSink } from "#server/platform/spans.ts";

/** Of rounds that found nothing left to do, one in so many is written. */
const ONE_IN = 100;

/** Work whose rounds are written as spans: those that failed or left work, and some of the others. */
export function traceRounds(
  spans: SpanSink | null,
  name: string,
  work: () => Promise<boolean>,
): () => Promise<boolean> {
  if (spans === null) return work;
  let rounds = 0;
  return async () => {
    const startMs = Date.now();
    const write = (error: string | null) =>
      spans.record({
        name: `round ${name}`,
        kind: "internal",
        startMs,
        endMs: Date.now(),
        attributes: {},
        error,
      });
    try {
      const isMore = await work();
      rounds += 1;
      if (isMore || rounds % ONE_IN === 1) write(null);
      return isMore;
    } catch (error) {
      write(messageOf(error));
      throw error;
    }
  };
}
