"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
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
  const failure = useFailure(before, earlier !== null);
  const answer = now.data;
  // While one of them is still that of the question before, its steps may be others.
  const isComparable = earlier !== null && before.data?.stepMs === answer?.stepMs;
  const answerBefore = isComparable ? (before.data ?? null) : null;
  const lines = useMemo(
    () => (answer === undefined ? [] : linesOf(answer, answerBefore)),
    [answer, answerBefore],
  );
  const drawn = useMemo(() => [...earlierLines(lines, answerBefore), ...lines], [lines, answerBefore]);
  return {
    query: now,
    answer,
    lines,
    drawn,
    earlierProblem: problemOf(failure, before.refetch, answerBefore),
  };
}

function problemOf(
  failure: Error | null,
  refetch: () => unknown,
  answer: MetricAnswerDto | null,
): EarlierProblem | null {
  if (failure !== null) return { kind: "unread", error: failure, retry: () => void refetch() };
  return answer !== null && isUnknown(answer) ? { kind: "unknown" } : null;
}

type Read = {
  error: Error | null;
  failureReason: Error | null;
  isSuccess: boolean;
  isPlaceholderData: boolean;
};

/**
 * Why a read failed last, until one succeeds. A window that moves is another question every few seconds: what is tried
 * again is given up by then, and would never be said to have failed.
 */
function useFailure(read: Read, isAsked: boolean): Error | null {
  const [failure, setFailure] = useState<Error | null>(null);
  const isAnswered = read.isSuccess && !read.isPlaceholderData;
  const known = isAnswered ? null : failure;
  const latest = isAsked ? (read.error ?? read.failureReason ?? known) : null;
  if (latest !== failure) setFailure(latest);
  return latest;
}
