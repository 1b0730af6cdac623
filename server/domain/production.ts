/** A producer that stood still for longer does not make up for it. */
const MAX_BEHIND_MS = 2_000;

/** How many units are due since the last one, and up to when they count. Times in milliseconds since 1970. */
export function unitsDue({
  producedTo,
  now,
  rate,
}: {
  producedTo: number;
  now: number;
  /** A second. */
  rate: number;
}): { count: number; producedTo: number } {
  const from = Math.max(producedTo, now - MAX_BEHIND_MS);
  // Half a microsecond: a whole unit must not be missed by the rounding of a fraction.
  const count = Math.floor(((now - from) * rate) / 1_000 + 5e-7);
  return { count, producedTo: count === 0 ? from : from + (count * 1_000) / rate };
}
