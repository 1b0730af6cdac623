import type { AlertRuleDto, AlertRuleInput } from "#server/contract/alerts.ts";
import type { LabelFilter } from "#server/contract/metrics.ts";
import type { AlertSeverity } from "#server/domain/alerts/alert.ts";
import {
  definitionOf,
  type MetricLabel,
  type MetricName,
  STATS_OF,
  type Stat,
} from "#server/domain/metrics/catalogue.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const CONDITION_KINDS = ["threshold", "absence", "change", "burn-rate"] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/** Metrics of which a target can be missed. */
export const TARGET_METRICS = ["failure_rate", "processing_time", "critical_time"] as const;

/** Spans that are offered. Milliseconds. */
export const SPANS_MS: readonly number[] = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
];

/** A rule as it is typed. Shares are percent. */
export type RuleDraft = {
  name: string;
  severity: AlertSeverity;
  kind: ConditionKind;
  metric: MetricName;
  stat: Stat;
  by: MetricLabel | null;
  /** One value for each label; empty for any. */
  where: Partial<Record<MetricLabel, string>>;
  windowMs: number;
  is: "above" | "below";
  value: string;
  direction: "rising" | "falling";
  byShare: string;
  agoMs: number;
  target: string;
  withinSeconds: string;
  factor: string;
  longMs: number;
  shortMs: number;
  forMs: number;
  destinations: readonly number[];
  note: string;
  runbook: string;
};

export const NEW_RULE: RuleDraft = {
  name: "",
  severity: "warning",
  kind: "threshold",
  metric: "failure_rate",
  stat: "ratio",
  by: "consumer",
  where: {},
  windowMs: MINUTE_MS,
  is: "above",
  value: "5",
  direction: "rising",
  byShare: "100",
  agoMs: DAY_MS,
  target: "99",
  withinSeconds: "",
  factor: "14.4",
  longMs: HOUR_MS,
  shortMs: 5 * MINUTE_MS,
  forMs: 0,
  destinations: [],
  note: "",
  runbook: "",
};

/** The draft of a rule, or of a template for one. */
export function draftOf(
  rule: Pick<AlertRuleInput, "name" | "severity" | "condition" | "forMs"> &
    Partial<Pick<AlertRuleDto, "destinations" | "note" | "runbook">>,
): RuleDraft {
  const { name, severity, condition, forMs, destinations = [], note = "", runbook = null } = rule;
  const { kind, metric, by, where } = condition;
  const common: RuleDraft = {
    ...NEW_RULE,
    name,
    severity,
    kind,
    metric,
    stat: ("stat" in condition ? condition.stat : undefined) ?? STATS_OF[definitionOf(metric).kind][0],
    by: by ?? null,
    where: toTexts(where ?? {}),
    forMs,
    destinations,
    note,
    runbook: runbook ?? "",
  };
  switch (condition.kind) {
    case "threshold": {
      const scale = scaleOf(metric);
      const value = String(Number((condition.value * scale).toPrecision(12)));
      return { ...common, windowMs: condition.windowMs, is: condition.is, value };
    }
    case "absence":
      return { ...common, windowMs: condition.windowMs };
    case "change":
      return {
        ...common,
        windowMs: condition.windowMs,
        agoMs: condition.agoMs,
        direction: condition.is,
        byShare: String(Number((condition.byShare * 100).toPrecision(12))),
      };
    case "burn-rate":
      return {
        ...common,
        target: String(Number((condition.target * 100).toPrecision(12))),
        withinSeconds: condition.withinSeconds === undefined ? "" : String(condition.withinSeconds),
        factor: String(condition.factor),
        longMs: condition.longMs,
        shortMs: condition.shortMs,
      };
  }
}

/** A draft about another metric: what that has not is left out. */
export function withMetric(draft: RuleDraft, metric: MetricName): RuleDraft {
  const { kind, labels } = definitionOf(metric);
  const [first, ...others] = STATS_OF[kind];
  return {
    ...draft,
    metric,
    stat: [first, ...others].find((stat) => stat === draft.stat) ?? first,
    by: labels.find((label) => label === draft.by) ?? null,
    where: Object.fromEntries(
      labels.flatMap((label) => (draft.where[label] === undefined ? [] : [[label, draft.where[label]]])),
    ),
  };
}

/** A draft of another kind: a target can be missed of few metrics. */
export function withKind(draft: RuleDraft, kind: ConditionKind): RuleDraft {
  const isTarget = TARGET_METRICS.some((metric) => metric === draft.metric);
  return { ...(kind === "burn-rate" && !isTarget ? withMetric(draft, "failure_rate") : draft), kind };
}

/** By what a value of a metric is multiplied where it is typed: shares are percent. */
export function scaleOf(metric: MetricName): 1 | 100 {
  return definitionOf(metric).unit === "ratio" ? 100 : 1;
}

function toTexts(where: LabelFilter): RuleDraft["where"] {
  return Object.fromEntries(Object.entries(where).map(([label, values]) => [label, values.join(", ")]));
}
