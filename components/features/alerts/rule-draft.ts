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

export type DraftProblem = {
  field: "name" | "value" | "byShare" | "target" | "withinSeconds" | "factor" | "runbook" | "shortMs";
  reason: "empty" | "no-number" | "no-share" | "no-address" | "not-shorter";
};
export type ReadRule = { kind: "rule"; rule: AlertRuleInput } | { kind: "invalid"; problems: DraftProblem[] };

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

/** Reads a draft, or says which fields can't be read. */
export function readRule(draft: RuleDraft, isOn: boolean): ReadRule {
  const problems: DraftProblem[] = [];
  const number = (field: "value" | "byShare" | "target" | "withinSeconds" | "factor") => {
    const text = draft[field].trim();
    const value = Number(text);
    if (text === "") problems.push({ field, reason: "empty" });
    else if (!Number.isFinite(value)) problems.push({ field, reason: "no-number" });
    return value;
  };
  const name = draft.name.trim();
  if (name === "") problems.push({ field: "name", reason: "empty" });
  const runbook = draft.runbook.trim();
  if (runbook !== "" && !/^https?:\/\/./.test(runbook))
    problems.push({ field: "runbook", reason: "no-address" });
  const condition = readCondition(draft, number, problems);
  if (problems.length > 0) return { kind: "invalid", problems };
  const { severity, forMs, destinations, note } = draft;
  return {
    kind: "rule",
    rule: {
      name,
      isOn,
      severity,
      condition,
      forMs,
      destinations: [...destinations],
      note: note.trim(),
      runbook: runbook === "" ? null : runbook,
    },
  };
}

type Read = (field: "value" | "byShare" | "target" | "withinSeconds" | "factor") => number;

function readCondition(
  draft: RuleDraft,
  number: Read,
  problems: DraftProblem[],
): AlertRuleInput["condition"] {
  const { kind, metric, stat, by, windowMs } = draft;
  const where = toFilter(draft.where);
  const scope = { ...(by !== null && { by }), ...(Object.keys(where).length > 0 && { where }) };
  switch (kind) {
    case "threshold": {
      const value = number("value") / scaleOf(metric);
      const isShare = definitionOf(metric).unit === "ratio";
      if (isShare && (value < 0 || value > 1)) problems.push({ field: "value", reason: "no-share" });
      return { kind, metric, stat, ...scope, windowMs, is: draft.is, value };
    }
    case "absence":
      return { kind, metric, ...scope, windowMs };
    case "change": {
      const byShare = number("byShare") / 100;
      if (byShare <= 0) problems.push({ field: "byShare", reason: "no-number" });
      return { kind, metric, stat, ...scope, windowMs, agoMs: draft.agoMs, is: draft.direction, byShare };
    }
    case "burn-rate": {
      const target = number("target") / 100;
      if (!(target > 0 && target < 1)) problems.push({ field: "target", reason: "no-share" });
      if (draft.shortMs >= draft.longMs) problems.push({ field: "shortMs", reason: "not-shorter" });
      const of = TARGET_METRICS.find((each) => each === metric) ?? "failure_rate";
      const within = of === "failure_rate" ? {} : { withinSeconds: number("withinSeconds") };
      const { longMs, shortMs } = draft;
      return { kind, metric: of, ...scope, target, ...within, factor: number("factor"), longMs, shortMs };
    }
  }
}

function toTexts(where: LabelFilter): RuleDraft["where"] {
  return Object.fromEntries(Object.entries(where).map(([label, values]) => [label, values.join(", ")]));
}

function toFilter(where: RuleDraft["where"]): LabelFilter {
  return Object.fromEntries(
    Object.entries(where)
      .map(
        ([label, text]) =>
          [
            label,
            text
              .split(",")
              .map((part) => part.trim())
              .filter((part) => part !== ""),
          ] as const,
      )
      .filter(([, values]) => values.length > 0),
  );
}
