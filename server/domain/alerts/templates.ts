import type { AlertSeverity } from "./alert.ts";
import type { AlertCondition } from "./condition.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export type AlertTemplate = {
  /** What it is called in every language is looked up by this. */
  key: string;
  severity: AlertSeverity;
  condition: AlertCondition;
  forMs: number;
};

/**
 * Rules that make sense for most systems, to begin with. None is switched on by itself.
 *
 * The factors of the burn rates are those of "The Site Reliability Workbook", chapter 5, table 5-8: 14.4 spends 2 percent
 * of a month's budget in an hour, 6 spends 5 percent in six hours.
 */
export const ALERT_TEMPLATES = [
  {
    key: "consumer-failing",
    severity: "critical",
    condition: {
      kind: "threshold",
      metric: "failure_rate",
      by: "consumer",
      windowMs: MINUTE_MS,
      is: "above",
      value: 0.05,
    },
    forMs: 2 * MINUTE_MS,
  },
  {
    key: "backlog-waiting",
    severity: "warning",
    condition: {
      kind: "threshold",
      metric: "oldest_waiting",
      stat: "max",
      by: "consumer",
      windowMs: 30 * SECOND_MS,
      is: "above",
      value: 300,
    },
    forMs: MINUTE_MS,
  },
  {
    key: "no-events",
    severity: "critical",
    condition: { kind: "absence", metric: "events", windowMs: 10 * MINUTE_MS },
    forMs: 0,
  },
  {
    key: "source-silent",
    severity: "warning",
    condition: { kind: "absence", metric: "events", by: "source", windowMs: HOUR_MS },
    forMs: 0,
  },
  {
    key: "dead-letters",
    severity: "warning",
    condition: {
      kind: "threshold",
      metric: "dead_letters",
      stat: "count",
      by: "consumer",
      windowMs: 5 * MINUTE_MS,
      is: "above",
      value: 0,
    },
    forMs: 0,
  },
  {
    key: "sagas-stuck",
    severity: "warning",
    condition: {
      kind: "threshold",
      metric: "sagas",
      stat: "max",
      by: "saga",
      where: { state: ["stuck"] },
      windowMs: MINUTE_MS,
      is: "above",
      value: 0,
    },
    forMs: 5 * MINUTE_MS,
  },
  {
    key: "budget-burning-fast",
    severity: "critical",
    condition: {
      kind: "burn-rate",
      metric: "failure_rate",
      by: "consumer",
      target: 0.99,
      factor: 14.4,
      longMs: HOUR_MS,
      shortMs: 5 * MINUTE_MS,
    },
    forMs: 0,
  },
  {
    key: "budget-burning",
    severity: "warning",
    condition: {
      kind: "burn-rate",
      metric: "failure_rate",
      by: "consumer",
      target: 0.99,
      factor: 6,
      longMs: 6 * HOUR_MS,
      shortMs: 30 * MINUTE_MS,
    },
    forMs: 0,
  },
  {
    key: "events-surging",
    severity: "info",
    condition: {
      kind: "change",
      metric: "events",
      stat: "rate",
      windowMs: 10 * MINUTE_MS,
      agoMs: 24 * HOUR_MS,
      is: "rising",
      byShare: 2,
    },
    forMs: 5 * MINUTE_MS,
  },
  {
    key: "ingest-rejecting",
    severity: "warning",
    condition: {
      kind: "threshold",
      metric: "ingest_rejected",
      stat: "count",
      windowMs: MINUTE_MS,
      is: "above",
      value: 0,
    },
    forMs: MINUTE_MS,
  },
] as const satisfies readonly AlertTemplate[];
