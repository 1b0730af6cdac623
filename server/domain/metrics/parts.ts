import { RESOLUTIONS } from "./resolution.ts";

/** Points of one resolution, from one second since 1970 up to another, exclusive. */
export type Part = { resolution: number; from: number; to: number };

/**
 * The points that tell of a window, each second once: of the wanted resolution and of none that is coarser. What it does
 * not tell, at the edges of the window and since it was last summed up, is told by the finer ones.
 *
 * @param folds up to which second each resolution from the second on was summed up.
 */
export function partsOf(
  { from, to }: { from: number; to: number },
  resolution: number,
  folds: readonly number[],
): Part[] {
  if (from >= to) return [];
  if (resolution === 0) return [{ resolution, from, to }];
  const step = (RESOLUTIONS[resolution]?.stepMs ?? 0) / 1000;
  const start = Math.ceil(from / step) * step;
  const end = Math.min(Math.floor(to / step) * step, folds[resolution - 1] ?? 0);
  if (start >= end) return partsOf({ from, to }, resolution - 1, folds);
  return [
    ...partsOf({ from, to: start }, resolution - 1, folds),
    { resolution, from: start, to: end },
    ...partsOf({ from: end, to }, resolution - 1, folds),
  ];
}
