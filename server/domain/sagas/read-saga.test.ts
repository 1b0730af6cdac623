import { describe, expect, test } from "vitest";
import type { ProcessElement } from "../processes/definition.ts";
import { readRun, undone } from "./testing/read-run.ts";
import { type Faults, runSystem } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  CARD_DECLINED,
  OUT_OF_STOCK,
  ordersBroker,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";

const choreographed = (faults: Faults = {}) => readRun(runSystem(ordersSaga, faults));

describe("A choreographed saga", () => {
  test("that went well is completed", () => {
    const { saga, trace } = choreographed();
    expect(saga).toMatchObject({ state: "completed", basis: "choreographed", awaited: [], failure: null });
    expect(saga.progress).toEqual({ completed: 4, of: 4, failed: 0, compensated: 0, toCompensate: 0 });
    expect(trace.compensations).toEqual([]);
  });

  test("that failed before anything was done has failed, and took nothing back", () => {
    const { saga, trace } = choreographed({ says: CARD_DECLINED });
    expect(saga.state).toBe("failed");
    expect(trace.steps[saga.failure?.step ?? -1]?.service).toBe("service:payment");
    expect(undone(trace)).toEqual([]);
  });

  test("that failed later took the first step back", () => {
    const { saga, trace } = choreographed({ says: OUT_OF_STOCK });
    expect(saga.state).toBe("compensated");
    expect(undone(trace)).toEqual(["inventory.reservation.failed undoes order.placed"]);
    expect(trace.compensations[0]?.signals).toEqual([
      "same-service",
      "name-pair",
      "same-subject",
      "follows-failure",
    ]);
    expect(saga.failure).toMatchObject({ reason: "failure-event" });
  });

  test("is compensating until that is done, and stuck when it can't be", () => {
    const working = choreographed({ says: { ...OUT_OF_STOCK, orders: {} }, away: ["orders"] });
    expect(working.saga.state).toBe("compensating");
    const stuck = choreographed({ says: OUT_OF_STOCK, dead: ["orders"] });
    expect(stuck.saga.state).toBe("stuck");
    expect(stuck.saga.awaited).toMatchObject([{ what: "replay" }]);
  });

  test("waits for a service that has not taken its event", () => {
    const { saga, trace } = choreographed({ away: ["inventory"] });
    expect(saga.state).toBe("waiting");
    const [first] = saga.awaited;
    expect(first?.what).toBe("delivery");
    expect(trace.steps[first?.step ?? -1]).toMatchObject({ service: "service:inventory", state: "waiting" });
  });

  test("is stuck at a dead letter, which the evidence names", () => {
    const run = runSystem(ordersSaga, { dead: ["inventory"] });
    const { saga } = readRun(run);
    expect(saga.state).toBe("stuck");
    expect(saga.failure).toMatchObject({ reason: "dead-letter" });
    const paid = run.recorder.events.find(({ type }) => type === "payment.processed");
    expect(saga.evidence.find(({ kind }) => kind === "dead-letter")).toMatchObject({
      positions: [paid?.position],
      numbers: { attempts: 3 },
    });
  });

  test("goes on with the replay of its dead letter", () => {
    const { recorder, ...run } = runSystem(ordersSaga, { dead: ["inventory"] });
    const paid = recorder.events.find(({ type }) => type === "payment.processed");
    if (paid === undefined) throw new Error("Nothing was paid.");
    recorder.wait(60_000).replay(paid, "inventory");
    expect(readRun({ recorder, ...run }).saga.state).toBe("waiting");
    recorder.wait(10).attempt(paid, "inventory");
    const reserved = recorder.emit("inventory", { type: "inventory.reserved", cause: paid });
    recorder.attempt(reserved, "orders");
    const { saga, trace } = readRun({ recorder, ...run });
    expect(saga.state).toBe("completed");
    expect(saga.evidence.find(({ kind }) => kind === "replayed")?.numbers).toEqual({
      replayed: 1,
      succeeded: 1,
    });
    expect(trace.spans.filter(({ kind }) => kind === "work").map(({ generation }) => generation)).toContain(
      1,
    );
  });

  test("has failed when its dead letter was given up", () => {
    const { recorder, ...run } = runSystem(ordersSaga, { dead: ["inventory"] });
    const paid = recorder.events.find(({ type }) => type === "payment.processed");
    if (paid !== undefined) recorder.owe(paid, "inventory", "discarded");
    expect(readRun({ recorder, ...run }).saga).toMatchObject({
      state: "failed",
      failure: { reason: "discarded" },
    });
  });

  test("runs while a service is at work, and waits for a retry", () => {
    const { recorder, ...run } = runSystem(ordersSaga, { away: ["inventory"] });
    const paid = recorder.events.find(({ type }) => type === "payment.processed");
    if (paid === undefined) throw new Error("Nothing was paid.");
    recorder.attempt(paid, "inventory", { outcome: "running" });
    expect(readRun({ recorder, ...run }).saga).toMatchObject({
      state: "running",
      awaited: [{ what: "work" }],
    });
    recorder.attempt(paid, "inventory", { outcome: "failed" });
    expect(readRun({ recorder, ...run }).saga).toMatchObject({
      state: "waiting",
      awaited: [{ what: "retry" }],
    });
  });

  test("that found another way has not failed", () => {
    const { recorder, ...run } = runSystem(ordersSaga, { says: CARD_DECLINED, away: ["orders"] });
    const declined = recorder.events.find(({ type }) => type === "payment.failed");
    if (declined === undefined) throw new Error("Nothing was declined.");
    recorder.attempt(declined, "orders");
    const again = recorder.emit("orders", { type: "payment.other-card-chosen", cause: declined });
    recorder.attempt(again, "payment");
    recorder.emit("payment", { type: "payment.processed", cause: again });
    expect(readRun({ recorder, ...run }).saga.state).toBe("completed");
  });
});

describe("A flow through a broker", () => {
  test("is read the same way though nobody calls it a saga", () => {
    const { saga, trace } = readRun(runSystem(ordersBroker));
    expect(saga.state).toBe("completed");
    expect(trace.steps).toHaveLength(5);
    expect(readRun(runSystem(ordersBroker, { dead: ["shipping"] })).saga.state).toBe("stuck");
  });
});

describe.each(["nothing", "declaration", "history"] as const)(
  "An orchestrated saga of which %s is told",
  (told) => {
    const read = (faults: Faults = {}) => readRun(runSystem(ordersMediator, faults), { told });

    test("that went well is completed", () => {
      const { saga, trace } = read();
      expect(saga).toMatchObject({ state: "completed", basis: told === "nothing" ? "mediated" : "declared" });
      expect(trace.mediators).toEqual(["service:mediator"]);
      expect(saga.progress).toEqual({ completed: 5, of: 5, failed: 0, compensated: 0, toCompensate: 0 });
    });

    test("took back in reverse what it had done before a step was refused", () => {
      const { saga, trace } = read({ says: ADDRESS_REFUSED });
      expect(saga.state).toBe("compensated");
      const names = told === "nothing" ? ["inventory.reserve", "payment.charge"] : ["inventory", "payment"];
      expect(undone(trace)).toEqual([
        `inventory.release undoes ${names[0]}`,
        `payment.refund undoes ${names[1]}`,
      ]);
      const evidence = saga.evidence.find(({ kind }) => kind === "compensations");
      expect(evidence?.numbers).toMatchObject({ compensations: 2, open: 0, reversed: 1 });
      // Mail and points were not taken back.
      expect(saga.evidence.find(({ kind }) => kind === "not-taken-back")?.numbers).toEqual({
        steps: 2,
        undone: 2,
      });
    });

    test("has failed when its first step was refused", () => {
      const { saga } = read({ says: { payment: { "payment.charge": ["payment.declined"] } } });
      expect(saga.state).toBe("failed");
      expect(saga.failure).toMatchObject({ step: 0 });
    });

    test("waits for the reply of a service that took its command", () => {
      const { saga, trace } = read({ silent: ["inventory"], untilMs: 1_000 });
      expect(saga.state).toBe("waiting");
      expect(saga.awaited.map(({ what }) => what)).toEqual(["reply"]);
      expect(trace.steps[saga.awaited[0]?.step ?? -1]?.service).toBe("service:inventory");
    });

    test("waits for the service that has not taken its command", () => {
      const { saga } = read({ away: ["inventory"], untilMs: 1_000 });
      expect(saga).toMatchObject({ state: "waiting", awaited: [{ what: "delivery" }] });
    });

    test("is stuck at the dead letter of a command", () => {
      const { saga } = read({ dead: ["inventory"], untilMs: 1_000 });
      expect(saga).toMatchObject({ state: "stuck", awaited: [{ what: "replay" }] });
    });

    test("waits for its mediator when that has not taken a reply", () => {
      const { saga } = read({ away: ["mediator"] });
      expect(saga.state).toBe("waiting");
    });

    test("took back a step that was never answered, for nobody knows whether it was done", () => {
      const { saga, trace } = read({ says: { shipping: { "shipping.ship": [] } }, untilMs: 120_000 });
      expect(undone(trace).map((one) => one.split(" ")[0])).toEqual([
        "shipping.cancel",
        "inventory.release",
        "payment.refund",
      ]);
      expect(saga.state).toBe("compensated");
      expect(trace.steps[saga.failure?.step ?? -1]?.service).toBe("service:shipping");
    });

    test("is stuck where a compensation can't be delivered", () => {
      const { saga, trace } = read({ dead: ["shipping"], untilMs: 40_000 });
      expect(undone(trace)).toHaveLength(1);
      expect(saga).toMatchObject({ state: "stuck", awaited: [{ what: "replay" }] });
    });

    test("counts a command that was sent again as the same step", () => {
      const { saga, trace } = read({ silent: ["inventory"], untilMs: 9_000 });
      const step = trace.steps.find(({ service }) => service === "service:inventory");
      expect(step?.asked.length).toBe(2);
      expect(saga.state).toBe("waiting");
    });
  },
);

test("A reply that came too late changes nothing where the mediator's history is known", () => {
  const run = runSystem(ordersMediator, { says: { shipping: { "shipping.ship": [] } }, untilMs: 120_000 });
  const told = run.recorder.events.findLast(({ type }) => type === "shipping.ship");
  if (told === undefined) throw new Error("Nothing was told to shipping.");
  run.recorder.emit("shipping", { type: "shipping.shipped", cause: told });
  const stateOf = ({ trace }: ReturnType<typeof readRun>) =>
    trace.steps.find(({ key }) => key === "shipping")?.state;
  expect(stateOf(readRun(run, { told: "history" }))).toBe("failed");
  expect(stateOf(readRun(run, { told: "declaration" }))).toBe("completed");
  expect(readRun(run, { told: "declaration" }).saga.state).toBe("compensated");
});

test("A compensation that was refused waits for somebody who decides, where the process says so", () => {
  const process = ordersMediator.process && {
    ...ordersMediator.process,
    onCompensationFailure: "wait" as const,
  };
  if (process === undefined) throw new Error("There is no process.");
  const run = runSystem(
    { ...ordersMediator, process: { ...process, elements: process.elements.map(refusable) } },
    { says: { ...ADDRESS_REFUSED, payment: { "payment.refund": ["payment.refund-refused"] } } },
  );
  const { saga } = readRun(run, { told: "history" });
  expect(saga).toMatchObject({ state: "stuck", awaited: [{ what: "decision", key: "payment/undo" }] });
  // Without a declaration, nobody can know that anything is still awaited.
  expect(readRun(run).saga.state).toBe("failed");
});

function refusable(element: ProcessElement): ProcessElement {
  if (element.kind !== "step" || element.compensation === null) return element;
  return { ...element, compensation: { ...element.compensation, refusals: ["payment.refund-refused"] } };
}
