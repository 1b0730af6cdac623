"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { MetricAnswerDto } from "#server/contract/metrics.ts";
import { earlierLines, isUnknown, linesOf } from "./chart-lines.ts";
import { type ChartQuestion, metricQueries } from "./metric-queries.ts";
import type { MetricWindow } from "./metric-window.ts";

/** Why nothing of the earlier window is drawn. */
export type EarlierProblem = { kind: "unread"; error: Error; retry: () => void } | { kind: "unknown" };

/** What a chart shows: its answer, that of the window that it is compared with, and the lines of both. */
export function useChart(question: ChartQuestion, earlier: MetricWindow | null) {
  const now = useQuery(metricQueries.chart(question));
  const before = useQuery({
    ...metricQueries.chart({ ...question, window: earlier ?? question.window }),
    enabled: earlier !== null,
  });
  const answer = now.data;
  // While one of them is still that of the question before, its steps may be others.
  const isComparable = earlier !== null && before.data?.stepMs === answer?.stepMs;
  const answerBefore = isComparable ? (before.data ?? null) : null;
  const lines = useMemo(
    () => (answer === undefined ? [] : linesOf(answer, answerBefore)),
    [answer, answerBefore],
  );
  const drawn = useMemo(() => [...earlierLines(lines, answerBefore), ...lines], [lines, answerBefore]);
  return { query: now, answer, lines, drawn, earlierProblem: problemOf(before, answerBefore) };
}

function problemOf(
  before: { error: Error | null; refetch: () => unknown },
  answer: MetricAnswerDto | null,
): EarlierProblem | null {
  if (before.error !== null)
    return { kind: "unread", error: before.error, retry: () => void before.refetch() };
  return answer !== null && isUnknown(answer) ? { kind: "unknown" } : null;
}
