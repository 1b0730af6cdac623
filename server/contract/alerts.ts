import { z } from "zod";
import { ALERT_SEVERITIES, ALERT_STATES } from "#server/domain/alerts/alert.ts";
import { STEP_CAUSES } from "#server/domain/alerts/alert-life.ts";
import { cursorSchema, idSchema, limitSchema, MAX_ID, repeated } from "./list-query.ts";
import {
  labelFilterSchema,
  metricLabelSchema,
  metricNameSchema,
  metricWindowSchema,
  statSchema,
} from "./metrics.ts";

/** The topic of alerts, of their rules, and of messages about them. */
export const ALERTS_TOPIC = "alerts";

const DAY_MS = 86_400_000;
const span = z
  .int()
  .min(1_000)
  .max(30 * DAY_MS)
  .describe("Milliseconds.");
const share = z.number().gt(0).lt(1);
const name = z.string().trim().min(1).max(200);
const moment = z.iso.datetime({ offset: true });

/** What a condition looks at: one series, or with `by` one for each value of a label. */
const watched = {
  metric: metricNameSchema,
  stat: statSchema.optional(),
  where: labelFilterSchema.optional(),
  by: metricLabelSchema.optional(),
};

export const alertConditionSchema = z.discriminatedUnion("kind", [
  /** Over the last `windowMs`, the statistic is above or below a value. */
  z.strictObject({
    kind: z.literal("threshold"),
    ...watched,
    windowMs: span,
    is: z.enum(["above", "below"]),
    value: z.number(),
  }),
  /** Over the last `windowMs`, nothing happened, or nothing was measured. */
  z.strictObject({ kind: z.literal("absence"), ...watched, windowMs: span }),
  /** Over the last `windowMs`, the statistic rose or fell by more than a share (0.5: by half) against `agoMs` earlier. */
  z.strictObject({
    kind: z.literal("change"),
    ...watched,
    windowMs: span,
    agoMs: span,
    is: z.enum(["rising", "falling"]),
    byShare: z.number().gt(0).max(1_000),
  }),
  /**
   * Of a target, such as 0.99 of attempts succeed, or are done within `withinSeconds`, the budget is spent `factor` times
   * too fast, over a long window and a short one alike.
   *
   * @see "The Site Reliability Workbook", chapter 5: multiwindow, multi-burn-rate alerts
   */
  z.strictObject({
    kind: z.literal("burn-rate"),
    metric: z.enum(["failure_rate", "processing_time", "critical_time"]),
    where: labelFilterSchema.optional(),
    by: metricLabelSchema.optional(),
    target: share,
    /** For times alone. */
    withinSeconds: z.number().positive().optional(),
    factor: z.number().gt(0).max(1_000),
    longMs: span,
    shortMs: span,
  }),
]);
export type AlertCondition = z.infer<typeof alertConditionSchema>;

export const alertRuleInputSchema = z.strictObject({
  name,
  isOn: z.boolean().default(true),
  severity: z.enum(ALERT_SEVERITIES).default("warning"),
  condition: alertConditionSchema,
  /** How long it has to hold before the alert fires. Milliseconds. */
  forMs: z.int().min(0).max(DAY_MS).default(0),
  destinations: z.array(z.int().positive().max(MAX_ID)).max(20).default([]),
  /** What to do about it, for the one who is woken up. */
  note: z.string().max(5_000).default(""),
  runbook: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
});
export type AlertRuleInput = z.infer<typeof alertRuleInputSchema>;

/** A rule as it is to be from now on. */
export const alertRuleChangeSchema = alertRuleInputSchema.extend({
  /** The version that was read: refused if somebody has changed the rule since. Left out, theirs is written over. */
  expectedVersion: z.int().positive().optional(),
});
export type AlertRuleChange = z.infer<typeof alertRuleChangeSchema>;

const muteSchema = z.object({ until: z.string(), reason: z.string(), by: z.string() });
export const muteInputSchema = z.strictObject({ until: moment, reason: z.string().trim().min(1).max(1000) });
export type MuteInput = z.infer<typeof muteInputSchema>;
/** What somebody says with what they do; without a body, nothing. */
export const remarkInputSchema = z.preprocess(
  (given) => given ?? {},
  z.strictObject({ note: z.string().trim().max(1000).default("") }),
);

const ruleProblemSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("not-counted") }),
  z.object({ kind: z.literal("behind"), at: z.string() }),
  z.object({ kind: z.literal("window-not-full"), at: z.string() }),
  z.object({ kind: z.literal("more-series"), others: z.number().int(), watched: z.number().int() }),
  z.object({ kind: z.literal("failed"), why: z.string() }),
]);

export const alertRuleSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  isOn: z.boolean(),
  severity: z.enum(ALERT_SEVERITIES),
  condition: alertConditionSchema,
  forMs: z.number().int(),
  destinations: z.array(z.number().int()),
  note: z.string(),
  runbook: z.string().nullable(),
  /** Goes with every change; pass it as `expectedVersion`. */
  version: z.number().int(),
  mute: muteSchema.nullable(),
  /** When it was looked at last, and what went wrong then: null as long as all is well. */
  evaluatedAt: z.string().nullable(),
  problem: z.string().nullable(),
  /** The same in parts, for other languages; null as well where it was noted before it was told apart. */
  problemFacts: ruleProblemSchema.nullable(),
  /** Alerts of it that have not been resolved, by state. */
  open: z.partialRecord(z.enum(ALERT_STATES), z.number().int()),
  updatedAt: z.string(),
  updatedBy: z.string(),
});
export type AlertRuleDto = z.infer<typeof alertRuleSchema>;
export const alertRuleListSchema = z.object({ rules: z.array(alertRuleSchema) });

export const alertSchema = z.object({
  id: z.string(),
  rule: z.object({ id: z.number().int(), name: z.string() }),
  severity: z.enum(ALERT_SEVERITIES),
  /** Which series of the rule; empty where it has one. */
  labels: z.partialRecord(metricLabelSchema, z.string()),
  state: z.enum(ALERT_STATES),
  /** When the condition began to hold, when it fired, was taken, and was over. */
  beganAt: z.string(),
  firedAt: z.string().nullable(),
  acknowledged: z.object({ at: z.string(), by: z.string(), note: z.string().nullable() }).nullable(),
  resolvedAt: z.string().nullable(),
  /**
   * What the condition saw last, and worst while it held: the statistic for a threshold, the share by which it changed for
   * a change, how many times too fast the budget is spent for a burn rate; null for absence, and where it rose from 0.
   */
  value: z.number().nullable(),
  worst: z.number().nullable(),
  /** How often it has fired and been over within the hour before its last change. */
  changes: z.number().int(),
  mute: muteSchema.nullable(),
  /** The chart of it. */
  href: z.string(),
});
export type AlertDto = z.infer<typeof alertSchema>;

export const alertFilterSchema = z.strictObject({
  state: repeated(z.enum(ALERT_STATES)),
  severity: repeated(z.enum(ALERT_SEVERITIES)),
  rule: idSchema.optional(),
  after: cursorSchema.optional(),
  limit: limitSchema,
});
export type AlertFilter = z.infer<typeof alertFilterSchema>;
export const alertListSchema = z.object({
  alerts: z.array(alertSchema),
  nextAfter: z.string().nullable(),
  /** Of all, exactly. */
  counts: z.partialRecord(z.enum(ALERT_STATES), z.number().int()),
  /** When the rules were looked at last; null as long as they were not. */
  evaluatedAt: z.string().nullable(),
});
export type AlertListDto = z.infer<typeof alertListSchema>;

/** One alert with its life, oldest first: the last 500 steps. */
export const alertDetailSchema = alertSchema.extend({
  history: z.array(
    z.object({
      at: z.string(),
      state: z.enum(ALERT_STATES),
      /** Why it came to stand so. */
      cause: z.enum(STEP_CAUSES),
      value: z.number().nullable(),
      by: z.string().nullable(),
    }),
  ),
});
export type AlertDetailDto = z.infer<typeof alertDetailSchema>;

export const alertPreviewInputSchema = z.strictObject({
  rule: alertRuleInputSchema,
  /** How far back, by default a week. Milliseconds. */
  backMs: span.optional(),
});
export type AlertPreviewInput = z.infer<typeof alertPreviewInputSchema>;

/** What a rule would have done. */
export const alertPreviewSchema = z.object({
  window: metricWindowSchema,
  /** How finely it was looked at: what is older is kept by the minute, or the hour. */
  stepMs: z.number().int(),
  /** From here on it could be told; before, nothing was kept. */
  knownFrom: z.string().nullable(),
  fired: z.number().int(),
  firings: z.array(
    z.object({
      labels: z.partialRecord(metricLabelSchema, z.string()),
      from: z.string(),
      /** Null where it would be firing now. */
      to: z.string().nullable(),
      worst: z.number().nullable(),
    }),
  ),
  /** More than are given in `firings`, or more series than were looked at. */
  isCapped: z.boolean(),
  /** What the condition sees now, for each series; the highest first, at most 20. */
  now: z.array(
    z.object({ labels: z.partialRecord(metricLabelSchema, z.string()), value: z.number().nullable() }),
  ),
  /** The series as it was, for the chart; of several, the one that fired most. */
  series: z.object({ from: z.string(), stepMs: z.number().int(), values: z.array(z.number().nullable()) }),
});
export type AlertPreviewDto = z.infer<typeof alertPreviewSchema>;
