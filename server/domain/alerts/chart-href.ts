import { type AlertCondition, spansOf, statOf } from "./condition.ts";

/** Before and after what is to be seen, as a share of the spans that the condition looks at. */
const LEAST_MARGIN_MS = 10 * 60_000;

/** The page that shows the chart of a series around the time in which its alert was open; `toMs` null: it is still. */
export function chartHrefOf(
  condition: AlertCondition,
  labels: { [label in string]?: string },
  { fromMs, toMs, nowMs }: { fromMs: number; toMs: number | null; nowMs: number },
): string {
  const params = new URLSearchParams({ metric: condition.metric, stat: statOf(condition) });
  const where = { ...condition.where, ...labels };
  for (const [label, values] of Object.entries(where)) {
    for (const value of [values ?? []].flat()) params.append(label, value);
  }
  const longest = Math.max(...spansOf(condition).map(({ windowMs }) => windowMs));
  const marginMs = Math.max(LEAST_MARGIN_MS, 2 * longest);
  params.set("from", new Date(fromMs - marginMs).toISOString());
  if (toMs !== null) params.set("to", new Date(Math.min(toMs + marginMs, nowMs)).toISOString());
  return `/metrics?${params}`;
}
