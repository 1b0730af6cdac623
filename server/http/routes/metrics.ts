import { z } from "zod";
import {
  heatMapQuerySchema,
  heatMapSchema,
  type LabelFilter,
  metricAnswerSchema,
  metricAnswersSchema,
  metricListSchema,
  metricQueriesSchema,
  metricQuerySchema,
} from "#server/contract/metrics.ts";
import { problemSchema } from "#server/contract/problem.ts";
import { METRIC_LABELS, type MetricLabel } from "#server/domain/metrics/catalogue.ts";
import type { Context } from "#server/platform/context.ts";
import { getHeatMap } from "../../metrics/get-heat-map.ts";
import { listMetrics } from "../../metrics/list-metrics.ts";
import { queryMetric, queryMetrics } from "../../metrics/query-metric.ts";
import type { Api } from "../api.ts";
import { asLists } from "../list-parameters.ts";

const tags = ["Metrics"];

const values = z.array(z.string().min(1).max(4096)).max(50).optional();
const labels = {
  type: values,
  source: values,
  version: values,
  channel: values,
  consumer: values,
  saga: values,
  step: values,
  state: values,
  projection: values,
  reason: values,
  instance: values,
} satisfies Record<MetricLabel, typeof values>;

const numbers = {
  stepMs: z.coerce.number().int().positive().optional(),
  maxPoints: z.coerce.number().int().min(2).max(2_000).optional(),
};

const LABELS =
  "Parameters with the names of labels narrow it to their values; repeated, one of them has to be met. " +
  "A value is null where nothing is known, and 0 where it is known that nothing happened.";

export function metricRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/metrics",
    {
      schema: {
        tags,
        summary: "List what is measured, with its labels and statistics, and how finely that is kept",
        response: { 200: metricListSchema },
      },
    },
    () => listMetrics(),
  );

  api.get(
    "/api/v1/metrics/query",
    {
      preValidation: asLists(METRIC_LABELS),
      schema: {
        tags,
        summary: "Get a chart of a metric: one curve, or one for each value of a label",
        description: LABELS,
        querystring: z.strictObject({
          ...metricQuerySchema.omit({ where: true }).shape,
          ...numbers,
          top: z.coerce.number().int().min(1).max(50).optional(),
          ...labels,
        }),
        response: { 200: metricAnswerSchema, 400: problemSchema },
      },
    },
    ({ query }) => queryMetric(ctx, { ...query, where: filterOf(query) }),
  );

  api.post(
    "/api/v1/metrics/queries",
    {
      schema: {
        tags,
        summary: "Get several charts at once, in the order of the questions",
        body: metricQueriesSchema,
        response: { 200: metricAnswersSchema, 400: problemSchema },
      },
    },
    async ({ body }) => ({
      answers: await queryMetrics(ctx, body.queries),
    }),
  );

  api.get(
    "/api/v1/metrics/heat-map",
    {
      preValidation: asLists(METRIC_LABELS),
      schema: {
        tags,
        summary: "Get how many took how long in each step of a window",
        description: LABELS,
        querystring: z.strictObject({
          ...heatMapQuerySchema.omit({ where: true }).shape,
          ...numbers,
          ...labels,
        }),
        response: { 200: heatMapSchema, 400: problemSchema },
      },
    },
    ({ query }) => getHeatMap(ctx, { ...query, where: filterOf(query) }),
  );
}

function filterOf(query: Partial<Record<MetricLabel, string[] | undefined>>): LabelFilter {
  return Object.fromEntries(METRIC_LABELS.flatMap((label) => (query[label] ? [[label, query[label]]] : [])));
}
