import { afterAll, beforeAll, expect, test } from "vitest";
import { deleteMarkedMetrics } from "#drizzle/queries/metric-removal.ts";
import { openTestBus, type TestBus } from "#server/bus/testing/open-bus.ts";
import { durationsPoint, gaugePoint } from "#server/domain/metrics/points.ts";
import { queryMetric } from "./query-metric.ts";
import { recordPoints } from "./record-points.ts";

let bus: TestBus;
beforeAll(async () => {
  bus = await openTestBus();
});
afterAll(() => bus.close());

test("the sagas of a system that is removed go from charts, and out of what all of them are together", async () => {
  const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
  const atMs = nowMs - 10_000;
  await bus.sql.begin((tx) =>
    recordPoints(
      tx,
      [
        durationsPoint("saga_step_time", { saga: "gone", step: "pay" }, { atMs, seconds: [9] }),
        durationsPoint("saga_step_time", { saga: "kept", step: "pay" }, { atMs, seconds: [1] }),
        gaugePoint("sagas", { saga: "gone", state: "running" }, { atMs, value: 5 }),
        gaugePoint("sagas", { saga: "kept", state: "running" }, { atMs, value: 2 }),
      ],
      { nowMs },
    ),
  );
  const marks = { sourcePrefix: "/gone/", consumerPrefix: "gone.", projections: [], sagas: ["gone"] };
  await bus.sql.begin((tx) => deleteMarkedMetrics(tx, marks));
  const window = {
    from: new Date(atMs).toISOString(),
    to: new Date(atMs + 1_000).toISOString(),
    stepMs: 1_000,
  };
  const highest = async (metric: "saga_step_time" | "sagas", by: "saga" | "step" | "state") => {
    const { series } = await queryMetric(bus.ctx, { metric, stat: "max", by, ...window });
    return series.map(({ labels, values }) => [labels[by], values[0]]);
  };
  expect(await highest("saga_step_time", "saga")).toEqual([["kept", 1]]);
  expect(await highest("saga_step_time", "step")).toEqual([["pay", 1]]);
  expect(await highest("sagas", "saga")).toEqual([["kept", 2]]);
  expect(await highest("sagas", "state")).toEqual([["running", 2]]);
});
