import { describe, expect, test } from "vitest";
import { readSaga } from "./read-saga.ts";
import { readTrace } from "./read-trace.ts";
import { recordsAsOf } from "./records-as-of.ts";
import { FlowRecorder } from "./testing/flow-recorder.ts";
import { runSystem } from "./testing/run-system.ts";
import { OUT_OF_STOCK, ordersSaga } from "./testing/sample-systems.ts";

describe("A flow that is played", () => {
  test("goes through the states that it went through", () => {
    const { recorder } = runSystem(ordersSaga, { says: OUT_OF_STOCK, flaky: { inventory: 2 } });
    const { services, recorded } = recorder;
    const whole = readTrace({ ...recorded, services });
    const moments = [
      ...new Set(whole.spans.flatMap(({ startUs, endUs }) => [startUs, endUs ?? startUs])),
    ].sort((a, b) => a - b);
    const states = moments.map((atUs) => {
      const trace = readTrace({ ...recordsAsOf(recorded, atUs), services });
      return readSaga(trace, { nowUs: atUs }).state;
    });
    const changes = states.filter((state, index) => state !== states[index - 1]);
    expect(changes.slice(0, 3)).toEqual(["waiting", "running", "waiting"]);
    expect(changes).toContain("compensating");
    expect(changes.at(-1)).toBe("compensated");
    expect(changes).not.toContain("stuck");
  });

  test("is in the end what it is", () => {
    const { recorder } = runSystem(ordersSaga, { dead: ["inventory"], away: ["mail"] });
    const { services, recorded } = recorder;
    const whole = readTrace({ ...recorded, services });
    expect(readTrace({ ...recordsAsOf(recorded, whole.endUs), services })).toEqual(whole);
    expect(readTrace({ ...recordsAsOf(recorded, 0), services }).events).toEqual([]);
  });

  test("holds attempts of which no time was reported from the beginning", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.attempt(placed, "mail");
    for (const one of [...flow.attempts, ...flow.deliveries])
      Object.assign(one, { startedUs: null, durationUs: null });
    expect(recordsAsOf(flow.recorded, flow.nowUs).deliveries[0]?.status).toBe("succeeded");
  });

  test("is stuck between the last attempt and its replay", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.attempt(placed, "mail", { outcome: "failed" }).wait(100);
    const retrying = flow.nowUs - 1;
    flow.attempt(placed, "mail", { outcome: "failed", status: "dead" }).wait(5_000);
    const dead = flow.nowUs - 1;
    flow.replay(placed, "mail").attempt(placed, "mail");
    const stateAt = (atUs: number) => {
      const trace = readTrace({ ...recordsAsOf(flow.recorded, atUs), services: flow.services });
      return readSaga(trace, { nowUs: atUs }).state;
    };
    expect([retrying, dead, flow.nowUs].map(stateAt)).toEqual(["waiting", "stuck", "completed"]);
  });
});
