import type { Trace } from "#server/domain/sagas/trace.ts";
import { firstFrom } from "./timeline-axis.ts";

/** Every moment at which something about a trace changed, in whole microseconds; `more` are those of other things. */
export function momentsOf({ events, spans }: Trace, more: readonly number[] = []): number[] {
  const times = new Float64Array(more.length + events.length + 2 * spans.length);
  let count = 0;
  for (const us of more) times[count++] = Math.ceil(us);
  for (const { atUs } of events) times[count++] = Math.ceil(atUs);
  for (const { startUs, endUs } of spans) {
    times[count++] = Math.ceil(startUs);
    if (endUs !== null) times[count++] = Math.ceil(endUs);
  }
  const sorted = times.subarray(0, count).sort();
  return [...sorted.filter((us, place) => place === 0 || us !== sorted[place - 1])];
}

/** The how-manieth moment is the last one that has come; the last of all where nothing is played. */
export function momentAt(moments: readonly number[], atUs: number | null): number {
  if (atUs === null) return Math.max(0, moments.length - 1);
  return Math.max(0, firstFrom(moments, atUs + 1) - 1);
}

/** A moment some steps before or after another one; null behind the last one, which is now. */
export function stepMoment(moments: readonly number[], atUs: number | null, by: number): number | null {
  const from = atUs === null ? moments.length : momentAt(moments, atUs);
  const next = Math.max(0, from + by);
  return moments[next] ?? null;
}

/** What plays for longer is played in larger steps. */
const MOST_STEPS = 80;

export function strideOf(moments: readonly number[]): number {
  return Math.max(1, Math.ceil(moments.length / MOST_STEPS));
}
