"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { DEFAULT_RANGE, formatTimeRange, parseTimeRange, type TimeRange } from "./time-range.ts";

const PARAMS = { range: parseAsString, from: parseAsString, to: parseAsString };

/** The time range in the address (`range`, or `from` and `to`) and how to change it. */
export function useTimeRange(fallback: TimeRange = DEFAULT_RANGE) {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const { range, from, to } = params;
  const value = useMemo(() => parseTimeRange({ range, from, to }, fallback), [range, from, to, fallback]);
  const setRange = (next: TimeRange) => void setParams(formatTimeRange(next));
  return [value, setRange] as const;
}
