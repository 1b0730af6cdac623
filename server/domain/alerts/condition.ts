import {
  definitionOf,
  type MetricLabel,
  type MetricName,
  STATS_OF,
  type Stat,
} from "../metrics/catalogue.ts";
import { RESOLUTIONS } from "../metrics/resolution.ts";

/** Which series a condition looks at: one, or with `by` one for each value of a label. */
export type Watched = {
  metric: MetricName;
  stat?: Stat | undefined;
  where?: { [label in MetricLabel]?: string[] } | undefined;
  by?: MetricLabel | undefined;
};

export type AlertCondition =
  | (Watched & { kind: "threshold"; windowMs: number; is: "above" | "below"; value: number })
  | (Watched & { kind: "absence"; windowMs: number })
  | (Watched & {
      kind: "change";
      windowMs: number;
      agoMs: number;
      is: "rising" | "falling";
      byShare: number;
    })
  | (Omit<Watched, "metric" | "stat"> & {
      kind: "burn-rate";
      metric: "failure_rate" | "processing_time" | "critical_time";
      target: number;
      withinSeconds?: number | undefined;
      factor: number;
      longMs: number;
      shortMs: number;
    });

/** What a condition saw of one span: the statistic over it. */
export type Reading = {
  /** Null where there was nothing to measure. */
  value: number | null;
  /** False where a part of the span was not counted, or not yet: nothing can be said then. */
  isComplete: boolean;
};

/** What a condition says of one series. What is not known neither holds nor is over. */
export type Observation =
  | { kind: "holds"; value: number | null }
  | { kind: "clear"; value: number | null }
  | { kind: "unknown" };

/** A span that a condition needs a reading of. It ends `agoMs` before the present. */
export type Span = { windowMs: number; agoMs: number };

/** The spans of a condition, in the order in which `judgeCondition` wants their readings. */
export function spansOf(condition: AlertCondition): [Span, ...Span[]] {
  switch (condition.kind) {
    case "threshold":
    case "absence":
      return [{ windowMs: condition.windowMs, agoMs: 0 }];
    case "change": {
      const { windowMs, agoMs } = condition;
      return [
        { windowMs, agoMs: 0 },
        { windowMs, agoMs },
      ];
    }
    case "burn-rate":
      return [
        { windowMs: condition.longMs, agoMs: 0 },
        { windowMs: condition.shortMs, agoMs: 0 },
      ];
  }
}

/** The statistic that a condition looks at. */
export function statOf(condition: AlertCondition): Stat {
  const { kind } = definitionOf(condition.metric);
  if (condition.kind === "absence" && kind === "counter") return "count";
  return ("stat" in condition ? condition.stat : undefined) ?? STATS_OF[kind][0];
}

/** Whether nothing is what the condition waits for: then a series that is not there any more says something. */
export function looksForLittle(condition: AlertCondition): boolean {
  if (condition.kind === "absence") return true;
  if (condition.kind === "threshold") return condition.is === "below";
  return condition.kind === "change" && condition.is === "falling";
}

/**
 * Says from the readings of its spans whether a condition holds. The `value` is the statistic for a threshold, the share
 * by which it changed for a change (null where there was nothing before), and how many times too fast the budget is spent
 * for a burn rate, over the span where that is slower.
 */
export function judgeCondition(condition: AlertCondition, readings: readonly Reading[]): Observation {
  const [present, other] = readings;
  if (present === undefined || !readings.every(({ isComplete }) => isComplete)) return { kind: "unknown" };
  const { value } = present;
  if (condition.kind === "absence") return judgeAbsence(condition, value);
  if (value === null) return { kind: "unknown" };
  if (condition.kind === "threshold") {
    const holds = condition.is === "above" ? value > condition.value : value < condition.value;
    return { kind: holds ? "holds" : "clear", value };
  }
  const second = other?.value ?? null;
  if (second === null) return { kind: "unknown" };
  if (condition.kind === "change") return judgeChange(condition, value, second);
  const rate = Math.min(value, second) / (1 - condition.target);
  return { kind: rate >= condition.factor ? "holds" : "clear", value: rate };
}

function judgeAbsence({ metric }: AlertCondition, value: number | null): Observation {
  const isNothing = value === null || (value === 0 && definitionOf(metric).kind === "counter");
  return isNothing ? { kind: "holds", value: null } : { kind: "clear", value };
}

function judgeChange(
  { is, byShare }: Extract<AlertCondition, { kind: "change" }>,
  now: number,
  before: number,
): Observation {
  const value = before === 0 ? null : (now - before) / Math.abs(before);
  const least = Math.abs(before) * byShare;
  const holds = is === "rising" ? now - before > least : before - now > least;
  return { kind: holds ? "holds" : "clear", value };
}

/** Why a condition can't be used, in a sentence that says what to do; null where it can. */
export function problemOfCondition(condition: AlertCondition): string | null {
  const { metric, by, where = {} } = condition;
  const { kind, labels } = definitionOf(metric);
  const unknown = [by, ...Object.keys(where)].find(
    (label) => label !== undefined && !labels.some((one) => one === label),
  );
  if (unknown !== undefined) {
    const known = labels.length === 0 ? "It has no labels." : `It has: ${labels.join(", ")}.`;
    return `The metric ${metric} has no label ${unknown}. ${known}`;
  }
  const stat = statOf(condition);
  if (!STATS_OF[kind].includes(stat)) {
    return `The metric ${metric} has no ${stat}. It has: ${STATS_OF[kind].join(", ")}.`;
  }
  const oldest = Math.max(...spansOf(condition).map(({ windowMs, agoMs }) => windowMs + agoMs));
  const kept = RESOLUTIONS.at(-1)?.keptMs ?? 0;
  if (oldest > kept) return "The condition looks further back than metrics are kept. Shorten it.";
  if (condition.kind === "threshold") return problemOfThreshold(condition);
  return condition.kind === "burn-rate" ? problemOfBurnRate(condition) : problemOfShare(condition);
}

function problemOfThreshold({
  metric,
  value,
}: Extract<AlertCondition, { kind: "threshold" }>): string | null {
  if (definitionOf(metric).unit !== "ratio" || (value >= 0 && value <= 1)) return null;
  return `${metric} is a share from 0 to 1. Give a value such as 0.05 for 5 %.`;
}

function problemOfShare(condition: AlertCondition): string | null {
  if (condition.kind !== "change" || condition.is === "rising" || condition.byShare < 1) return null;
  return "Nothing falls by more than all of it. Give a byShare below 1.";
}

/** How many times too fast a budget is spent when everything fails. */
export function highestBurnRate(target: number): number {
  return 1 / (1 - target);
}

function problemOfBurnRate(condition: Extract<AlertCondition, { kind: "burn-rate" }>): string | null {
  const { metric, withinSeconds, longMs, shortMs, factor, target } = condition;
  if (shortMs >= longMs) return "The short span of a burn rate must be shorter than the long one.";
  if (metric === "failure_rate") {
    if (withinSeconds !== undefined) return "withinSeconds is for times. Leave it out for failure_rate.";
  } else if (withinSeconds === undefined) {
    return `Say with withinSeconds how long ${metric} may be.`;
  }
  const highest = highestBurnRate(target);
  if (factor > highest + 1e-9) {
    return `With this target the budget can't be spent more than ${Number(highest.toPrecision(4))} times too fast. Lower the factor.`;
  }
  return null;
}
