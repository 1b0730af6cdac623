import type { LabelFilter } from "#server/contract/metrics.ts";
import { definitionOf, type MetricLabel, type MetricName } from "#server/domain/metrics/catalogue.ts";

/** What a point of a chart, or the whole of it, is of. Milliseconds since 1970. */
export type ChartPoint = {
  metric: MetricName;
  where: LabelFilter;
  fromMs: number;
  toMs: number;
};

const FIELDS_OF_EVENTS: readonly MetricLabel[] = ["type", "source"];
const FIELDS_OF_LETTERS: readonly MetricLabel[] = ["consumer", "type"];

/** The page that shows what a point was counted from; null for what only was measured, such as memory. */
export function evidenceHref({ metric, where, fromMs, toMs }: ChartPoint): string | null {
  const window = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const path = (base: string, fields: readonly MetricLabel[]) => {
    const params = new URLSearchParams();
    for (const field of fields) for (const value of realOnes(where[field])) params.append(field, value);
    for (const [name, at] of Object.entries(window)) params.set(name, at);
    return `${base}?${params}`;
  };
  switch (definitionOf(metric).group) {
    case "events":
    case "ingest":
      return path("/events", FIELDS_OF_EVENTS);
    case "channels":
      return metric === "channel_in" ? path("/events", []) : path("/consumers", []);
    case "consumers":
      if (metric === "dead_letters") return path("/dead-letters/letters", FIELDS_OF_LETTERS);
      return path("/consumers", where.consumer?.length === 1 ? ["consumer"] : []);
    case "sagas": {
      const params = new URLSearchParams();
      for (const type of realOnes(where.saga)) params.append("type", type);
      for (const state of metric === "sagas" ? realOnes(where.state) : []) params.append("state", state);
      return `/sagas?${params}`;
    }
    case "projections":
      return "/projections";
    case "database":
    case "process":
      return null;
  }
}

/** Values that stand for no value, or for all others, are none that a page could be narrowed to. */
function realOnes(values: readonly string[] = []): string[] {
  return values.filter((value) => !value.startsWith("("));
}
