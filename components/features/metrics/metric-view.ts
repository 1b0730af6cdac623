import type { LabelFilter } from "#server/contract/metrics.ts";
import {
  definitionOf,
  METRIC_GROUPS,
  METRIC_LABELS,
  METRIC_NAMES,
  type MetricGroup,
  type MetricLabel,
  type MetricName,
  STATS_OF,
  type Stat,
} from "#server/domain/metrics/catalogue.ts";

export const COMPARISONS = ["none", "before", "day", "week"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const TOPS = [5, 10, 20] as const;
export type Top = (typeof TOPS)[number];

/** One metric, large. */
export type Focus = { metric: MetricName; stat: Stat; by: MetricLabel | null };

/** What the page shows, as it stands in its address. */
export type MetricView = {
  group: MetricGroup;
  /** Null for all charts of the group. */
  focus: Focus | null;
  comparison: Comparison;
  top: Top;
  where: LabelFilter;
};

export const FIRST_GROUP: MetricGroup = "consumers";
const FIRST_TOP: Top = 5;

/** Reads the address; what can't be read counts as absent. */
export function parseMetricView(params: URLSearchParams): MetricView {
  const focus = parseFocus(params);
  const group = find(METRIC_GROUPS, params.get("group")) ?? FIRST_GROUP;
  return {
    group: focus === null ? group : definitionOf(focus.metric).group,
    focus,
    comparison: find(COMPARISONS, params.get("compare")) ?? "none",
    top: TOPS.find((top) => String(top) === params.get("top")) ?? FIRST_TOP,
    where: Object.fromEntries(
      METRIC_LABELS.map(
        (label) => [label, params.getAll(label).filter((value) => value !== "")] as const,
      ).filter(([, values]) => values.length > 0),
    ),
  };
}

/** Writes a view for an address; what is as always is left out. */
export function formatMetricView({ group, focus, comparison, top, where }: MetricView): URLSearchParams {
  const params = new URLSearchParams();
  if (focus === null) {
    if (group !== FIRST_GROUP) params.set("group", group);
  } else {
    params.set("metric", focus.metric);
    params.set("stat", focus.stat);
    if (focus.by !== null) params.set("by", focus.by);
  }
  if (comparison !== "none") params.set("compare", comparison);
  if (top !== FIRST_TOP) params.set("top", String(top));
  for (const label of METRIC_LABELS) for (const value of where[label] ?? []) params.append(label, value);
  return params;
}

/** Only what has this value, beside what the label was narrowed to before. */
export function narrowTo(where: LabelFilter, label: MetricLabel, value: string): LabelFilter {
  const values = where[label] ?? [];
  return values.includes(value) ? where : { ...where, [label]: [value] };
}

/** Without the label. */
export function widen(where: LabelFilter, label: MetricLabel): LabelFilter {
  const { [label]: _gone, ...rest } = where;
  return rest;
}

/** Of what the page is narrowed to, what this metric knows. */
export function whereFor(metric: MetricName, where: LabelFilter): LabelFilter {
  const known = definitionOf(metric).labels;
  return Object.fromEntries(
    known.filter((label) => where[label] !== undefined).map((label) => [label, where[label]]),
  );
}

/** Of what the page is narrowed to, what this metric can't be narrowed to: it is not told apart by that. */
export function ignoredBy(metric: MetricName, where: LabelFilter): MetricLabel[] {
  const known: readonly MetricLabel[] = definitionOf(metric).labels;
  return METRIC_LABELS.filter((label) => where[label] !== undefined && !known.includes(label));
}

function parseFocus(params: URLSearchParams): Focus | null {
  const metric = find(METRIC_NAMES, params.get("metric"));
  if (metric === null) return null;
  const { kind, labels } = definitionOf(metric);
  const [first, ...others] = STATS_OF[kind];
  return {
    metric,
    stat: find([first, ...others], params.get("stat")) ?? first,
    by: find(labels, params.get("by")),
  };
}

function find<Value extends string>(values: readonly Value[], text: string | null): Value | null {
  return values.find((value) => value === text) ?? null;
}
