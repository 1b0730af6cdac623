import { describe, expect, test } from "vitest";
import { EMPTY_MAP, mapTrace, mergeMaps } from "./process-map.ts";
import { summarizeSaga } from "./summarize-saga.ts";
import { FlowRecorder } from "./testing/flow-recorder.ts";
import { readRun } from "./testing/read-run.ts";
import { runSystem } from "./testing/run-system.ts";
import { ADDRESS_REFUSED, OUT_OF_STOCK, ordersMediator, ordersSaga } from "./testing/sample-systems.ts";

describe("The summary of a saga", () => {
  test("says of one that ended when it did, and what it is about", () => {
    const { trace, saga } = readRun(runSystem(ordersSaga, { says: OUT_OF_STOCK }));
    const summary = summarizeSaga(trace, saga);
    expect(summary).toMatchObject({
      name: "order.placed",
      key: "order-1",
      state: "compensated",
      step: null,
      progress: { failed: 1 },
    });
    expect(summary.endedUs).toBe(saga.sinceUs);
    expect(summary.lastPosition).toBe(
      String(Math.max(...trace.events.map(({ position }) => Number(position)))),
    );
  });

  test("has the type of its declaration, and the same type for all that begin alike", () => {
    const run = runSystem(ordersMediator, { says: ADDRESS_REFUSED });
    const { trace, saga } = readRun(run, { told: "declaration" });
    expect(summarizeSaga(trace, saga, run.declared)).toMatchObject({ type: "orders-mediator.order" });
    const [good, bad] = [runSystem(ordersSaga), runSystem(ordersSaga, { says: OUT_OF_STOCK })].map((one) => {
      const read = readRun(one);
      return summarizeSaga(read.trace, read.saga).type;
    });
    expect(good).toBe(bad);
  });

  test("says what is waited for, and when to look again", () => {
    const norms = Array.from({ length: 30 }, (_, index) =>
      readRun(runSystem(ordersSaga, { seed: index + 1 })),
    )
      .map(({ trace, saga }) => mapTrace(trace, saga))
      .reduce(mergeMaps, EMPTY_MAP).steps;
    const run = runSystem(ordersSaga, { away: ["inventory"], untilMs: 15 });
    const { trace, saga } = readRun(run, { norms });
    const { step, nextLookUs, endedUs } = summarizeSaga(trace, saga);
    expect([step, endedUs]).toEqual([saga.awaited[0]?.key, null]);
    expect(nextLookUs).toBeGreaterThan(run.nowUs);
    const later = readRun({ ...run, nowUs: (nextLookUs ?? 0) + 1 }, { norms });
    expect(summarizeSaga(later.trace, later.saga)).toMatchObject({ state: "stuck", nextLookUs: null });
  });

  test("of nothing is empty", () => {
    const { trace, saga } = readRun({ recorder: new FlowRecorder(), transitions: [], nowUs: 0 });
    expect(summarizeSaga(trace, saga)).toMatchObject({ type: "", key: null, lastPosition: null });
  });
});
