import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson } from "#components/lib/api-client.ts";
import { type ApiQuery, apiPath } from "#components/lib/api-path.ts";
import {
  annotationListSchema,
  heatMapSchema,
  type LabelFilter,
  metricAnswerSchema,
} from "#server/contract/metrics.ts";
import { processingSchema } from "#server/contract/processing.ts";
import {
  METRIC_LABELS,
  type MetricLabel,
  type MetricName,
  type Stat,
} from "#server/domain/metrics/catalogue.ts";
import type { MetricWindow } from "./metric-window.ts";

/** What a chart asks. */
export type ChartQuestion = {
  metric: MetricName;
  stat: Stat;
  by: MetricLabel | null;
  top: number;
  where: LabelFilter;
  window: MetricWindow;
  maxPoints: number;
  /** Left out, the server chooses. */
  stepMs?: number | undefined;
};

type HeatQuestion = Pick<ChartQuestion, "where" | "window" | "maxPoints"> & { metric: MetricName };

/** Every read of metrics, and the keys under which they are kept. */
export const metricQueries = {
  chart: (question: ChartQuestion) =>
    queryOptions({
      queryKey: ["metrics", "chart", question],
      queryFn: ({ signal }) =>
        getJson("/metrics/query", metricAnswerSchema, { query: chartParameters(question), signal }),
      placeholderData: keepPreviousData,
    }),

  heatMap: ({ metric, where, window, maxPoints }: HeatQuestion) =>
    queryOptions({
      queryKey: ["metrics", "heat-map", metric, where, window, maxPoints],
      queryFn: ({ signal }) =>
        getJson("/metrics/heat-map", heatMapSchema, {
          query: { metric, maxPoints, ...toQuery(window), ...labelParameters(where) },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),

  annotations: (window: MetricWindow) =>
    queryOptions({
      queryKey: ["metrics", "annotations", window],
      queryFn: ({ signal }) =>
        getJson("/annotations", annotationListSchema, { query: toQuery(window), signal }),
      placeholderData: keepPreviousData,
    }),

  handlers: (window: MetricWindow) =>
    queryOptions({
      queryKey: ["metrics", "handlers", window],
      queryFn: ({ signal }) =>
        getJson("/metrics/processing", processingSchema, {
          query: { by: "consumer", ...toQuery(window) },
          signal,
        }),
      placeholderData: keepPreviousData,
    }),
};

/** A command that reads what a chart shows. */
export function chartCommand(origin: string, question: ChartQuestion): string {
  const path = apiPath("/metrics/query", chartParameters(question));
  return `curl -sS '${origin}${path.replaceAll("'", "%27")}'`;
}

function chartParameters(question: ChartQuestion): ApiQuery {
  const { metric, stat, by, top, where, window, maxPoints, stepMs } = question;
  return {
    metric,
    stat,
    by,
    top: by === null ? null : top,
    ...toQuery(window),
    ...(stepMs === undefined ? { maxPoints } : { stepMs }),
    ...labelParameters(where),
  };
}

function labelParameters(where: LabelFilter): ApiQuery {
  return Object.fromEntries(METRIC_LABELS.map((label) => [label, where[label]]));
}

function toQuery({ fromMs, toMs }: MetricWindow) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
