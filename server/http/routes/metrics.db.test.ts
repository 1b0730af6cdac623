import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { countPoint, durationsPoint, gaugePoint, type MetricPoint } from "#server/domain/metrics/points.ts";
import { recordPoints } from "#server/metrics/record-points.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

const START = Math.floor(Date.now() / 60_000) * 60_000 - 10 * 60_000;
const at = (second: number) => START + second * 1000;
const iso = (second: number) => new Date(at(second)).toISOString();
const minute = { from: iso(0), to: iso(60), stepMs: 10_000 };

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const of = (consumer: string) => ({ consumer, type: "told" });
  const points: MetricPoint[] = [
    countPoint("attempts_succeeded", of("quick"), { atMs: at(5), count: 9 }),
    countPoint("attempts_failed", of("quick"), { atMs: at(5), count: 1 }),
    countPoint("attempts_failed", of("broken"), { atMs: at(15), count: 4 }),
    durationsPoint("processing_time", of("quick"), { atMs: at(5), seconds: Array(10).fill(0.02) }),
    durationsPoint("processing_time", of("broken"), { atMs: at(15), seconds: [2, 2, 2, 4] }),
    gaugePoint("backlog", { consumer: "quick" }, { atMs: at(25), value: 3 }),
    gaugePoint("backlog", { consumer: "broken" }, { atMs: at(25), value: 4 }),
    countPoint("ingest_rejected", { reason: "invalid", instance: "one" }, { atMs: at(5), count: 0 }),
    countPoint("ingest_rejected", { reason: "invalid", instance: "one" }, { atMs: at(15), count: 2 }),
    gaugePoint("process_memory", { instance: "one" }, { atMs: at(5), value: 100 }),
    gaugePoint("process_memory", { instance: "two" }, { atMs: at(6), value: 200 }),
  ];
  await api.sql.begin((tx) => recordPoints(tx, points, { nowMs: Date.now() }));
  await api.sql`update metric_coverage set since_us = ${at(10) * 1000} where source = 'attempts'`;
});
afterAll(() => api.close());

async function query(parameters: Record<string, string | number | string[]>) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...minute, ...parameters })) {
    for (const one of [value].flat()) search.append(name, String(one));
  }
  return api.ask("GET", `/api/v1/metrics/query?${search}`);
}

describe("A chart", () => {
  test("is null where nothing is known and 0 where nothing happened, and says until when it is complete", async () => {
    const { status, body } = await query({ metric: "attempts_failed", stat: "count" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      unit: "attempts",
      by: null,
      window: { from: iso(0), to: iso(60) },
      others: 0,
      isCapped: false,
      exactness: { kind: "exact" },
    });
    // Counted since ten seconds after its beginning.
    expect(body.series).toEqual([{ labels: {}, values: [null, 4, 0, 0, 0, 0], overall: 4 }]);
    expect(Date.parse(body.completeTo)).toBeGreaterThan(at(60));
    const late = await query({ metric: "attempts_failed", to: new Date(Date.now() + 60_000).toISOString() });
    expect(late.body.series[0].values.at(-1)).toBeNull();
  });

  test("is broken down by a label, highest first, and narrowed to values of others", async () => {
    await api.sql`update metric_coverage set since_us = ${at(-60) * 1000} where source = 'attempts'`;
    const { body } = await query({ metric: "failure_rate", by: "consumer" });
    expect(body.series.map((one: { labels: object; overall: number }) => [one.labels, one.overall])).toEqual([
      [{ consumer: "broken" }, 1],
      [{ consumer: "quick" }, 0.1],
    ]);
    // No share of nothing failed.
    expect(body.series[0].values).toEqual([null, 1, null, null, null, null]);
    const first = await query({ metric: "attempts", by: "consumer", top: 1, type: "told" });
    expect(first.body).toMatchObject({
      others: 1,
      series: [{ labels: { consumer: "quick" }, overall: 10 / 60 }],
    });
    const both = await query({ metric: "attempts", stat: "count", consumer: ["quick", "broken"] });
    expect(both.body.series[0].overall).toBe(14);
    const none = await query({ metric: "attempts", stat: "count", consumer: "nobody" });
    expect(none.body.series).toEqual([{ labels: {}, values: [0, 0, 0, 0, 0, 0], overall: 0 }]);
  });

  test("of times has percentiles that are off by no more than it says", async () => {
    const { body } = await query({ metric: "processing_time", by: "consumer" });
    expect(body.exactness).toEqual({ kind: "bounded", relativeError: RELATIVE_ERROR });
    expect(body.series[0].labels).toEqual({ consumer: "broken" });
    expect(Math.abs(body.series[0].values[1] - 4) / 4).toBeLessThanOrEqual(RELATIVE_ERROR);
    const average = await query({ metric: "processing_time", stat: "average" });
    expect(average.body.series[0].overall).toBeCloseTo((10 * 0.02 + 10) / 14, 9);
    expect((await query({ metric: "processing_time", stat: "max" })).body.series[0].overall).toBe(4);
  });

  test("of what is measured adds up what belongs together, and has gaps where nothing was measured", async () => {
    const backlog = await query({ metric: "backlog" });
    expect(backlog.body.exactness.kind).toBe("sampled");
    expect(backlog.body.series[0].values).toEqual([null, null, 7, null, null, null]);
    const memory = await query({ metric: "process_memory", stat: "max" });
    expect(memory.body.series[0].values.slice(0, 2)).toEqual([300, null]);
    const rejected = await query({ metric: "ingest_rejected", stat: "count", by: "reason" });
    expect(rejected.body.series[0].values).toEqual([0, 2, null, null, null, null]);
  });

  test("is refused for what a metric has not, and for windows and steps that can't be", async () => {
    for (const [wrong, says] of [
      [{ metric: "backlog", by: "type" }, "Its labels are consumer."],
      [{ metric: "outbox_lag", consumer: "quick" }, "It has no labels."],
      [{ metric: "backlog", stat: "p95" }, "Ask for one of average, max, min, last."],
      [{ metric: "backlog", from: iso(60), to: iso(60) }, "The window is empty."],
      [{ metric: "backlog", stepMs: 7_000 }, "A step has one of these lengths"],
      [
        { metric: "backlog", stepMs: 1_000, from: new Date(Date.now() - 7_200_000).toISOString() },
        "are kept for 1 h.",
      ],
      [
        { metric: "backlog", stepMs: 60_000, from: new Date(Date.now() - 6 * 86_400_000).toISOString() },
        "At most 2000",
      ],
    ] as const) {
      const { status, body } = await query(wrong);
      expect([status, body.detail]).toEqual([400, expect.stringContaining(says)]);
    }
    expect((await query({ metric: "nonsense" })).status).toBe(400);
  });

  test("is refused for values that are no text", async () => {
    for (const [consumer, says] of [
      ["a\u0000", "NUL"],
      ["\ud800", "surrogate"],
    ] as const) {
      const queries = [{ metric: "attempts", where: { consumer: [consumer] }, ...minute }];
      const { status, body } = await api.ask("POST", "/api/v1/metrics/queries", { queries });
      expect([status, body.detail]).toEqual([400, expect.stringContaining(says)]);
    }
  });
});

test("the catalogue names labels and statistics of every metric, and several charts are answered at once", async () => {
  const { body } = await api.ask("GET", "/api/v1/metrics");
  expect(body.metrics).toContainEqual({
    name: "processing_time",
    group: "consumers",
    kind: "histogram",
    unit: "seconds",
    labels: ["consumer", "type"],
    stats: ["p95", "p50", "p99", "average", "max", "count"],
  });
  const queries = [
    { metric: "backlog", ...minute },
    { metric: "attempts", stat: "count", where: { consumer: ["broken"] }, ...minute },
  ];
  const many = await api.ask("POST", "/api/v1/metrics/queries", { queries });
  expect(many.body.answers).toMatchObject([
    { metric: "backlog" },
    { metric: "attempts", series: [{ overall: 4 }] },
  ]);
});

test("a heat map has a cell for every step and time that something took", async () => {
  const search = new URLSearchParams({
    metric: "processing_time",
    from: minute.from,
    to: minute.to,
    stepMs: "10000",
  });
  const { body } = await api.ask("GET", `/api/v1/metrics/heat-map?${search}`);
  expect(body.cells.map(([column, , count]: number[]) => [column, count])).toEqual([
    [0, 10],
    [1, 3],
    [1, 1],
  ]);
  expect(body.highest).toBe(10);
  const seconds = [0.02, 2, 4];
  for (const [place, [, row]] of body.cells.entries()) {
    expect(body.bounds[row]).toBeLessThan(seconds[place] ?? 0);
    expect(body.bounds[row + 1]).toBeGreaterThanOrEqual(seconds[place] ?? 0);
  }
  expect(body.gaps).toEqual([]);
  expect((await api.ask("GET", `/api/v1/metrics/heat-map?${search}&consumer=quick`)).body.cells).toHaveLength(
    1,
  );
  search.set("metric", "attempts");
  expect((await api.ask("GET", `/api/v1/metrics/heat-map?${search}`)).status).toBe(400);
});
