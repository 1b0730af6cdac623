import type { ChartMark } from "./time-plot.ts";

/** What stands above one mark, or above several that are too close to be told apart. */
export type Flag = { key: string; leftPx: number; colour: string; title: string; href: string | null };

/** Flags that are closer would hide each other. */
const APART_PX = 9;
const MAX_TITLES = 6;

/** The flags of marks on a chart, from left to right. Of several at one place the last one gives its colour and its page. */
export function flagsOf(
  marks: readonly ChartMark[],
  { fromMs, toMs, widthPx }: { fromMs: number; toMs: number; widthPx: number },
): Flag[] {
  const flags: (Flag & { titles: string[] })[] = [];
  for (const { key, atMs, endMs, colour, title, href = null } of marks.toSorted((a, b) => a.atMs - b.atMs)) {
    if (title === undefined || atMs > toMs || (endMs ?? atMs) < fromMs) continue;
    // What began before stands at the edge.
    const leftPx = ((Math.max(atMs, fromMs) - fromMs) / Math.max(1, toMs - fromMs)) * widthPx;
    const last = flags.at(-1);
    if (last === undefined || leftPx - last.leftPx >= APART_PX) {
      flags.push({ key, leftPx, colour, title, titles: [title], href });
      continue;
    }
    last.titles.push(title);
    Object.assign(last, { colour, href: href ?? last.href });
  }
  return flags.map(({ titles, ...flag }) => ({ ...flag, title: joined(titles) }));
}

function joined(titles: readonly string[]): string {
  const more = titles.length - MAX_TITLES;
  return [...titles.slice(-MAX_TITLES), ...(more > 0 ? [`… +${more}`] : [])].join("\n\n");
}
