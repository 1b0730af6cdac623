export type Span = { from: number; to: number };

/** The stretches of steps of which no line knows anything, both ends included. */
export function gapsOf(lines: readonly (readonly (number | null)[])[]): Span[] {
  const length = Math.max(0, ...lines.map((values) => values.length));
  const gaps: Span[] = [];
  for (let index = 0; index < length; index++) {
    if (lines.some((values) => values[index] != null)) continue;
    const last = gaps.at(-1);
    if (last !== undefined && last.to === index - 1) last.to = index;
    else gaps.push({ from: index, to: index });
  }
  return gaps;
}

/** Places of values with nothing beside them: a line alone would not show them. */
export function lonelyPoints(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from(values, (_, index) => index).filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}
