import type { Format } from "../format-context.tsx";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * What stands under the marks of a time axis: as much as is needed to tell neighbours apart, and the date where a new day
 * begins. Moments in milliseconds since 1970.
 *
 * @param apartMs how far apart the marks are.
 */
export function timeLabels(
  marks: readonly number[],
  apartMs: number,
  format: Pick<Format, "clock" | "date">,
): string[] {
  return marks.map((ms, index) => {
    const date = format.date(ms).slice(5);
    if (apartMs >= DAY_MS) return date;
    const clock = apartMs < MINUTE_MS ? format.clock(ms) : format.clock(ms).slice(0, 5);
    const before = marks[index - 1];
    const isNewDay = before !== undefined && format.date(before) !== format.date(ms);
    return isNewDay ? date : clock;
  });
}
