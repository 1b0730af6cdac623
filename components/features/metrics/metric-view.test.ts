import { describe, expect, test } from "vitest";
import { definitionOf, METRIC_GROUPS, STATS_OF } from "#server/domain/metrics/catalogue.ts";
import { PANELS } from "./metric-panels.ts";
import {
  formatMetricView,
  ignoredBy,
  type MetricView,
  narrowTo,
  parseMetricView,
  whereFor,
  widen,
} from "./metric-view.ts";

const view: MetricView = {
  group: "consumers",
  focus: { metric: "processing_time", stat: "p99", by: "consumer" },
  comparison: "week",
  top: 20,
  where: { consumer: ["billing", "mail & more"], type: ["order.placed"] },
};

describe("the view in the address", () => {
  test("comes back as it was written", () => {
    expect(parseMetricView(new URLSearchParams(formatMetricView(view).toString()))).toEqual(view);
  });

  test("an empty address is the first group with all its charts", () => {
    expect(parseMetricView(new URLSearchParams())).toEqual({
      group: "consumers",
      focus: null,
      comparison: "none",
      top: 5,
      where: {},
    });
    expect(formatMetricView(parseMetricView(new URLSearchParams())).toString()).toBe("");
  });

  test("a statistic or a breakdown that the metric has not counts as absent", () => {
    const { focus } = parseMetricView(new URLSearchParams("metric=backlog&stat=p99&by=type"));
    expect(focus).toEqual({ metric: "backlog", stat: "average", by: null });
  });

  test("a metric brings its group with it", () => {
    expect(parseMetricView(new URLSearchParams("metric=outbox_lag&group=events")).group).toBe("projections");
  });
});

test("narrowing to another value replaces the one before", () => {
  expect(narrowTo({ consumer: ["a"] }, "consumer", "b")).toEqual({ consumer: ["b"] });
  expect(widen({ consumer: ["a"], type: ["t"] }, "consumer")).toEqual({ type: ["t"] });
});

test("a metric is narrowed by the labels that it has", () => {
  expect(whereFor("backlog", { consumer: ["a"], type: ["t"] })).toEqual({ consumer: ["a"] });
  expect(ignoredBy("backlog", { consumer: ["a"], version: ["2"], type: ["t"] })).toEqual(["type", "version"]);
});

test("every chart asks for what its metric has", () => {
  for (const { metric, stat, by } of METRIC_GROUPS.flatMap((group) => PANELS[group])) {
    const { kind, labels } = definitionOf(metric);
    expect(STATS_OF[kind], metric).toContain(stat);
    if (by !== null) expect(labels, metric).toContain(by);
  }
});
