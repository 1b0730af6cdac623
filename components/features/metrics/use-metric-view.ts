"use client";

import { parseAsNativeArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { METRIC_LABELS } from "#server/domain/metrics/catalogue.ts";
import { formatMetricView, type MetricView, parseMetricView } from "./metric-view.ts";

const list = parseAsNativeArrayOf(parseAsString);
const PARAMS = {
  group: parseAsString,
  metric: parseAsString,
  stat: parseAsString,
  by: parseAsString,
  compare: parseAsString,
  top: parseAsString,
  type: list,
  source: list,
  version: list,
  channel: list,
  consumer: list,
  saga: list,
  step: list,
  state: list,
  projection: list,
  reason: list,
  instance: list,
};

/** The view in the address, and how to change it. It stays the same object until it changes. */
export function useMetricView() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const signature = formatMetricView(parseMetricView(toSearchParams(params))).toString();
  const view = useMemo(() => parseMetricView(new URLSearchParams(signature)), [signature]);
  const setView = (next: MetricView) => {
    const written = formatMetricView(next);
    void setParams({
      ...Object.fromEntries(METRIC_LABELS.map((label) => [label, written.getAll(label)])),
      group: written.get("group"),
      metric: written.get("metric"),
      stat: written.get("stat"),
      by: written.get("by"),
      compare: written.get("compare"),
      top: written.get("top"),
    });
  };
  return { view, setView };
}
