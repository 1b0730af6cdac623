import { z } from "zod";
import {
  METRIC_GROUPS,
  METRIC_KINDS,
  METRIC_LABELS,
  METRIC_NAMES,
  METRIC_UNITS,
  STATS,
} from "#server/domain/metrics/catalogue.ts";

export const metricNameSchema = z.enum(METRIC_NAMES);
export const statSchema = z.enum(STATS);
export const metricLabelSchema = z.enum(METRIC_LABELS);

const moment = z.iso.datetime({ offset: true });

/** Only what has one of the values of each label that is named. */
export const labelFilterSchema = z.partialRecord(
  metricLabelSchema,
  z.array(z.string().min(1).max(4096)).min(1).max(50),
);
export type LabelFilter = z.infer<typeof labelFilterSchema>;

export const metricWindowSchema = z.object({ from: z.string(), to: z.string() });

/** What is measured, and how: the catalogue. */
export const metricListSchema = z.object({
  metrics: z.array(
    z.object({
      name: metricNameSchema,
      group: z.enum(METRIC_GROUPS),
      kind: z.enum(METRIC_KINDS),
      unit: z.enum(METRIC_UNITS),
      labels: z.array(metricLabelSchema),
      /** The first is what is shown where nobody asks for another. */
      stats: z.array(statSchema),
    }),
  ),
  /** Steps that are kept, finest first, and for how long, milliseconds. */
  resolutions: z.array(z.object({ stepMs: z.number().int(), keptMs: z.number().int() })),
  /** Percentiles are off by at most this share of their value. */
  relativeError: z.number(),
});
export type MetricListDto = z.infer<typeof metricListSchema>;

/**
 * How true a chart is. `exact`: everything that was recorded until `completeTo` is counted. `bounded`: percentiles,
 * off by at most `relativeError` of their value. `sampled`: what was measured once a second, or less often.
 */
export const exactnessSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exact") }),
  z.object({ kind: z.literal("bounded"), relativeError: z.number() }),
  z.object({ kind: z.literal("sampled"), everyMs: z.number().int() }),
]);
export type Exactness = z.infer<typeof exactnessSchema>;

export const metricSeriesSchema = z.object({
  /** What it is of: the label that was asked to break down by, with its value; empty for all together. */
  labels: z.partialRecord(metricLabelSchema, z.string()),
  /** One for each step of the window; null where nothing is known, which is not nothing: 0 says that nothing happened. */
  values: z.array(z.number().nullable()),
  /** The same statistic over the whole window; null where nothing is known. */
  overall: z.number().nullable(),
});
export type MetricSeriesDto = z.infer<typeof metricSeriesSchema>;

export const metricQuerySchema = z.object({
  metric: metricNameSchema,
  /** By default the first of the metric. */
  stat: statSchema.optional(),
  from: moment,
  to: moment,
  /** Milliseconds; one of CHART_STEPS_MS. Left out, the finest that gives at most `maxPoints`, and 20,000 in all series. */
  stepMs: z.number().int().positive().optional(),
  maxPoints: z.number().int().min(2).max(2_000).optional(),
  /** One series for each value of this label. */
  by: metricLabelSchema.optional(),
  /** Of these series, so many with the highest `overall`, 50 by default; the others are counted in `others`. */
  top: z.number().int().min(1).max(50).optional(),
  where: labelFilterSchema.optional(),
});
export type MetricQuery = z.infer<typeof metricQuerySchema>;

export const metricAnswerSchema = z.object({
  metric: metricNameSchema,
  stat: statSchema,
  unit: z.enum(METRIC_UNITS),
  by: metricLabelSchema.nullable(),
  /** Whole steps around what was asked for. The first value belongs to the step that begins at `from`. */
  window: metricWindowSchema,
  stepMs: z.number().int(),
  series: z.array(metricSeriesSchema),
  /** Series that are not among them. */
  others: z.number().int(),
  /** There were too many values of labels: what came later stands under the value `(other)`. */
  isCapped: z.boolean(),
  exactness: exactnessSchema,
  /** Everything that was recorded until then is in it; null as long as nothing was counted. */
  completeTo: z.string().nullable(),
});
export type MetricAnswerDto = z.infer<typeof metricAnswerSchema>;

/** Several questions at once, for a page of charts. */
export const metricQueriesSchema = z.object({ queries: z.array(metricQuerySchema).min(1).max(20) });
export const metricAnswersSchema = z.object({ answers: z.array(metricAnswerSchema) });

export const heatMapQuerySchema = metricQuerySchema.pick({
  metric: true,
  from: true,
  to: true,
  stepMs: true,
  maxPoints: true,
  where: true,
});
export type HeatMapQuery = z.infer<typeof heatMapQuerySchema>;

/** How many took how long, by step: a column for each step, sparse. */
export const heatMapSchema = z.object({
  metric: metricNameSchema,
  window: metricWindowSchema,
  stepMs: z.number().int(),
  /** Ends of the rows in the metric's unit, ascending: row i holds what is above bounds[i], up to bounds[i + 1]. */
  bounds: z.array(z.number()),
  /** Cells that hold something: column, row, count. */
  cells: z.array(z.tuple([z.number().int(), z.number().int(), z.number()])),
  /** The highest count of a cell. */
  highest: z.number(),
  /** Columns of which nothing is known. */
  gaps: z.array(z.number().int()),
  exactness: exactnessSchema,
  completeTo: z.string().nullable(),
});
export type HeatMapDto = z.infer<typeof heatMapSchema>;

export const ANNOTATION_KINDS = [
  "replay",
  "fault",
  "rule",
  "subscription",
  "schema",
  "scenario",
  "restart",
  "deploy",
  "alert",
  "alert-rule",
  "rebuild",
] as const;

/**
 * Something that somebody did, or that happened, to be seen beside the curves: among it alerts from when they fired until
 * they were over, and what was seen for the first time, such as a new version.
 */
export const annotationSchema = z.object({
  id: z.string(),
  kind: z.enum(ANNOTATION_KINDS),
  at: z.string(),
  /** Null for what has no length, or lasts still. */
  endedAt: z.string().nullable(),
  /** noun.past-participle, as in the audit trail. */
  action: z.string(),
  /** Whom or what it concerns: one, or the first few of several. */
  subject: z.string(),
  /** How many more than `subject` names. */
  more: z.number().int(),
  actor: z.string().nullable(),
  /** A page of the console that shows it; null where none does. */
  href: z.string().nullable(),
});
export type AnnotationDto = z.infer<typeof annotationSchema>;
export const annotationListSchema = z.object({
  annotations: z.array(annotationSchema),
  /** There were more in the window than are given: the newest are. */
  isCapped: z.boolean(),
});
export type AnnotationListDto = z.infer<typeof annotationListSchema>;
