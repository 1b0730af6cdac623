/**
 * Positions are whole numbers written in decimal without leading zeros, too large to be safe as numbers in every
 * client: they are compared and counted on as text.
 */

/** Negative when `a` comes before `b`, positive when after, 0 when they are the same. */
export function comparePositions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The position right after this one. */
export function nextPosition(position: string): string {
  return String(BigInt(position) + 1n);
}
