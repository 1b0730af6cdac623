/** Below this the two clocks count as the same: networks and batches take that long. */
const SKEW_MS = 1000;

/** How far the producer's clock is ahead of ours, in milliseconds; null when they agree or it gave no readable time. */
export function clockSkewMs(event: { time: string | null; recordedAt: string }): number | null {
  if (event.time === null) return null;
  const skew = Date.parse(event.time) - Date.parse(event.recordedAt);
  return Number.isNaN(skew) || Math.abs(skew) <= SKEW_MS ? null : skew;
}
