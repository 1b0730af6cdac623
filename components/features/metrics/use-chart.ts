"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { earlierLines, linesOf } from "./chart-lines.ts";
import { type ChartQuestion, metricQueries } from "./metric-queries.ts";
import type { MetricWindow } from "./metric-window.ts";

/** What a chart shows: its answer, that of the window that it is compared with, and the lines of both. */
export function useChart(question: ChartQuestion, earlier: MetricWindow | null) {
  const now = useQuery(metricQueries.chart(question));
  const stepMs = now.data?.stepMs;
  const before = useQuery({
    ...metricQueries.chart({ ...question, window: earlier ?? question.window, stepMs }),
    enabled: earlier !== null && stepMs !== undefined,
  });
  const answer = now.data;
  const answerBefore = earlier === null ? null : (before.data ?? null);
  const lines = useMemo(
    () => (answer === undefined ? [] : linesOf(answer, answerBefore)),
    [answer, answerBefore],
  );
  const drawn = useMemo(() => [...earlierLines(lines, answerBefore), ...lines], [lines, answerBefore]);
  return { query: now, answer, lines, drawn };
}
