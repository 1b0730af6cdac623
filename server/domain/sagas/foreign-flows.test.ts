import { describe, expect, test } from "vitest";
import { declareSaga } from "./declared-saga.ts";
import { readSaga } from "./read-saga.ts";
import { readTrace } from "./read-trace.ts";
import { splitSagas } from "./split-sagas.ts";
import { FlowRecorder } from "./testing/flow-recorder.ts";
import { readRun, undone } from "./testing/read-run.ts";
import { runSystem } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  CARD_DECLINED,
  OUT_OF_STOCK,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";
import type { RecordedEvent } from "./trace.ts";
import type { Recorded } from "./trace-messages.ts";

function withoutCauses({ events, ...recorded }: Recorded): Recorded {
  return { ...recorded, events: events.map((event) => ({ ...event, causationId: null })) };
}

function withoutDeliveries({ events }: Recorded): Recorded {
  return { events, deliveries: [], attempts: [] };
}

describe("Events from outside", () => {
  const { recorder, nowUs } = runSystem(ordersSaga, { says: OUT_OF_STOCK });
  const { services } = recorder;

  test("without causation ids are a flow with a gap at each event, which still tells that it failed", () => {
    const trace = readTrace({ ...withoutCauses(withoutDeliveries(recorder.recorded)), services });
    const saga = readSaga(trace, { nowUs });
    expect(trace.gaps).toHaveLength(trace.events.length - 1);
    expect(saga).toMatchObject({ state: "failed", failure: { step: null, reason: "failure-event" } });
    expect(saga.evidence.find(({ kind }) => kind === "gaps")?.numbers).toEqual({ gaps: 4, events: 5 });
  });

  test("without causation ids show what was delivered", () => {
    const trace = readTrace({ ...withoutCauses(recorder.recorded), services });
    expect(trace.steps.length).toBeGreaterThan(0);
    expect(trace.steps.every(({ after }) => after === null)).toBe(true);
    expect(readSaga(trace, { nowUs }).state).toBe("failed");
  });

  test("without deliveries are read by what follows from what", () => {
    const trace = readTrace({ ...withoutDeliveries(recorder.recorded), services });
    expect(undone(trace)).toEqual(["inventory.reservation.failed undoes order.placed"]);
    expect(readSaga(trace, { nowUs }).state).toBe("compensated");
  });

  test("of a service that says what became of its own call are a failure, unless it went on", () => {
    const flow = new FlowRecorder();
    const asked = flow.emit("shop", { type: "order.requested" });
    flow.emit("inventory", { type: "inventory.updated", cause: asked });
    const failed = flow.wait(2_000).emit("shop", { type: "order.failed", cause: asked });
    const { saga } = readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs });
    expect(saga).toMatchObject({ state: "failed", failure: { step: null, reason: "failure-event" } });
    flow.emit("shop", { type: "order.placed", cause: failed });
    expect(readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs }).saga.state).toBe("completed");
  });

  test("of a service that failed and went on are no failure", () => {
    const flow = new FlowRecorder();
    flow.emit("shop", { type: "order.placed" });
    flow.emit("payment", { type: "payment.declined" });
    flow.emit("payment", { type: "payment.processed" });
    const { saga } = readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs });
    expect(saga.state).toBe("completed");
    flow.emit("payment", { type: "payment.failed" });
    expect(readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs }).saga.state).toBe("failed");
  });

  test("of a declared process are known by their types, without causes and deliveries", () => {
    const run = runSystem(ordersMediator, { says: ADDRESS_REFUSED });
    const process = ordersMediator.process;
    if (process === undefined) throw new Error("There is no process.");
    const declared = declareSaga(process);
    const bare = withoutCauses(withoutDeliveries(run.recorder.recorded));
    const trace = readTrace({ ...bare, services: run.recorder.services, declared });
    expect(undone(trace)).toEqual(["inventory.release undoes inventory", "payment.refund undoes payment"]);
    expect(readSaga(trace, { nowUs: run.nowUs, declared }).state).toBe("compensated");
  });
});

describe("Two sagas in one correlation id", () => {
  const [good, bad] = [runSystem(ordersSaga), runSystem(ordersSaga, { says: CARD_DECLINED })].map(
    ({ recorder }, at) => rename(recorder.recorded, at + 1),
  );
  if (good === undefined || bad === undefined) throw new Error("There are two.");
  const { recorder, nowUs } = runSystem(ordersSaga);
  const both: Recorded = {
    events: [...good.events, ...bad.events],
    deliveries: [...good.deliveries, ...bad.deliveries],
    attempts: [...good.attempts, ...bad.attempts],
  };

  test("are read each for itself", () => {
    const { sagas, unassigned } = splitSagas(both.events);
    expect(unassigned).toEqual([]);
    const states = sagas.map(({ subject, positions }) => {
      const own = new Set(positions);
      const isOwn = ({ position }: { position: string }) => own.has(position);
      const trace = readTrace({
        events: both.events.filter(isOwn),
        deliveries: both.deliveries.filter(isOwn),
        attempts: both.attempts.filter(isOwn),
        services: recorder.services,
      });
      return [subject, readSaga(trace, { nowUs }).state];
    });
    expect(states).toEqual([
      ["order-1", "completed"],
      ["order-2", "failed"],
    ]);
  });

  test("read as one trace tell of the failure, and that a second event began without a cause", () => {
    const trace = readTrace({ ...both, services: recorder.services });
    expect(trace.gaps.map(({ kind }) => kind)).toEqual(["no-causation-id"]);
    expect(readSaga(trace, { nowUs }).state).toBe("failed");
  });
});

/** The same flow about another order, a moment later. */
function rename({ events, deliveries, attempts }: Recorded, number: number): Recorded {
  const laterUs = number * 300;
  const move = <T extends { position: string }>(item: T): T => ({
    ...item,
    position: String(Number(item.position) + laterUs),
  });
  const shift = <T extends { position: string; startedUs: number | null }>(item: T): T => ({
    ...move(item),
    startedUs: item.startedUs === null ? null : item.startedUs + laterUs,
  });
  const own = (event: RecordedEvent): RecordedEvent => ({
    ...move(event),
    id: `${event.id}-${number}`,
    causationId: event.causationId === null ? null : `${event.causationId}-${number}`,
    subject: `order-${number}`,
    timeUs: null,
  });
  return { events: events.map(own), deliveries: deliveries.map(shift), attempts: attempts.map(shift) };
}
