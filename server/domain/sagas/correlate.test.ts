import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { correlate, parsePayloadPath, traceIdOf } from "./correlate.ts";
import { splitSagas } from "./split-sagas.ts";
import { FlowRecorder } from "./testing/flow-recorder.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const NONE = { correlationId: null, traceparent: null };

describe("An event belongs to a flow", () => {
  const byPayload = (text: string, path = "data.order_id") =>
    correlate(NONE, { text, path: parsePayloadPath(path) ?? [] });

  test("by its correlation id before its trace, and by that before its payload", () => {
    const payload = { text: '{"order_id":"o-1"}', path: ["order_id"] };
    expect(correlate({ correlationId: "c-1", traceparent: TRACEPARENT }, payload)).toEqual({
      by: "correlation-id",
      value: "c-1",
    });
    expect(correlate({ correlationId: "", traceparent: TRACEPARENT }, payload)).toEqual({
      by: "trace",
      value: TRACE,
    });
    expect(correlate(NONE, payload)).toEqual({ by: "payload", value: "o-1" });
    expect(correlate(NONE)).toBeNull();
  });

  test.each([
    ["all zeros", `00-${"0".repeat(32)}-00f067aa0ba902b7-01`],
    ["without a parent", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["of the forbidden version", `ff-${TRACE}-00f067aa0ba902b7-01`],
    ["in capitals", TRACEPARENT.toUpperCase()],
    ["too long for its version", `${TRACEPARENT}-what`],
    ["cut off", TRACEPARENT.slice(0, 40)],
  ])("but not by a traceparent that is %s", (_, traceparent) => {
    expect(traceIdOf(traceparent)).toBeNull();
  });

  test("by a traceparent of a later version that says more", () => {
    expect(traceIdOf(`01-${TRACE}-00f067aa0ba902b7-01-more`)).toBe(TRACE);
  });

  test("by a number of any size, however it is written", () => {
    expect(byPayload('{"order_id": 9007199254740993}')).toEqual({ by: "payload", value: "9007199254740993" });
    expect(byPayload('{"order_id": 9007199254740993.0}')).toEqual({
      by: "payload",
      value: "9007199254740993",
    });
    expect(byPayload('{"order_id": "7"}')).toEqual(byPayload('{"order_id": 70e-1}'));
    expect(byPayload('{"order_id": 0}')).toEqual({ by: "payload", value: "0" });
  });

  test.each([
    '{"order_id": 1.5}',
    '{"order_id": null}',
    '{"order_id": {}}',
    "{}",
    "[]",
    "no json",
    '{"order_id":""}',
  ])("but not by %s", (text) => expect(byPayload(text)).toBeNull());

  test("by a value deeper inside, and not by one whose name stands twice", () => {
    expect(byPayload('{"order":{"id":"o-1"}}', "data.order.id")).toEqual({ by: "payload", value: "o-1" });
    expect(byPayload('{"order_id":"a","order_id":"b"}')).toBeNull();
    expect(["data", "order.id", "data..id", ""].map(parsePayloadPath)).toEqual([null, null, null, null]);
  });

  test("whatever its payload is", () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (text, garbage) => {
        byPayload(text);
        byPayload(garbage);
        traceIdOf(garbage);
      }),
    );
  });
});

describe("Sagas under one correlation id", () => {
  function twoOrders(): FlowRecorder {
    const flow = new FlowRecorder();
    const first = flow.emit("shop", { type: "order.placed", subject: "order-1" });
    const second = flow.emit("shop", { type: "order.placed", subject: "order-2" });
    flow.emit("payment", { type: "order.paid", cause: second, subject: "order-2" });
    flow.emit("payment", { type: "order.paid", cause: first, subject: null });
    flow.emit("erp", { type: "invoice.written", subject: "order-2" });
    flow.emit("erp", { type: "invoice.sent", subject: "invoice-9" });
    return flow;
  }

  test("are told apart by what follows from their beginnings", () => {
    const { events } = twoOrders();
    const { sagas, unassigned } = splitSagas(events);
    const types = (positions: readonly string[]) =>
      events.filter(({ position }) => positions.includes(position)).map(({ type }) => type);
    expect(sagas.map(({ subject, positions }) => [subject, types(positions)])).toEqual([
      ["order-1", ["order.placed", "order.paid"]],
      ["order-2", ["order.placed", "order.paid", "invoice.written"]],
    ]);
    expect(types(unassigned)).toEqual(["invoice.sent"]);
  });

  test("are the same in any order, and lose no event", () => {
    const { events } = twoOrders();
    const whole = splitSagas(events);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (mixed) => {
        expect(splitSagas(mixed)).toEqual(whole);
      }),
    );
    const all = [...whole.sagas.flatMap(({ positions }) => positions), ...whole.unassigned];
    expect(all.sort()).toEqual(events.map(({ position }) => position).sort());
  });

  test("are one saga where one began, or began twice about the same", () => {
    const flow = new FlowRecorder();
    flow.emit("shop", { type: "order.placed" });
    flow.emit("shop", { type: "order.placed" });
    flow.emit("erp", { type: "invoice.written", subject: "invoice-1" });
    flow.emit("erp", { type: "invoice.written", subject: "invoice-2" });
    expect(splitSagas(flow.events).sagas).toHaveLength(1);
    expect(splitSagas(flow.events, "invoice.written").sagas).toHaveLength(2);
    expect(splitSagas([]).sagas).toEqual([{ subject: null, positions: [] }]);
  });

  test("end where causes run in a circle", () => {
    const flow = new FlowRecorder();
    flow.emit("a", { type: "one", id: "1", causationId: "2" });
    flow.emit("a", { type: "two", id: "2", causationId: "1" });
    expect(splitSagas(flow.events).sagas[0]?.positions).toHaveLength(2);
  });
});
