import { describe, expect, test } from "vitest";
import { readTrace } from "./read-trace.ts";
import { BEGIN_US, FlowRecorder } from "./testing/flow-recorder.ts";
import type { Trace } from "./trace.ts";

function read(recorder: FlowRecorder): Trace {
  return readTrace({ ...recorder.recorded, services: recorder.services });
}

const gapsOf = ({ gaps, events }: Trace) => gaps.map(({ kind, event }) => `${kind}: ${events[event]?.type}`);

describe("The causation tree of a trace", () => {
  test("has no gap where every event names its cause", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    const paid = flow.wait(5).emit("payment", { type: "order.paid", cause: placed });
    flow.wait(5).emit("shipping", { type: "order.shipped", cause: paid });
    const trace = read(flow);
    expect(trace.gaps).toEqual([]);
    expect(trace.events.map(({ type, depth, cause }) => ({ type, depth, cause }))).toEqual([
      { type: "order.placed", depth: 0, cause: null },
      { type: "order.paid", depth: 1, cause: 0 },
      { type: "order.shipped", depth: 2, cause: 1 },
    ]);
  });

  test("names what is missing as a gap and guesses nothing", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.emit("payment", { type: "order.paid", cause: placed });
    flow.emit("erp", { type: "invoice.written" });
    flow.emit("erp", { type: "invoice.sent", causationId: "not-here" });
    expect(gapsOf(read(flow))).toEqual([
      "no-causation-id: invoice.written",
      "cause-not-in-flow: invoice.sent",
    ]);
  });

  test("begins where most follows from, though something else was recorded before", () => {
    const flow = new FlowRecorder();
    flow.emit("erp", { type: "invoice.written" });
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.emit("payment", { type: "order.paid", cause: placed });
    expect(gapsOf(read(flow))).toEqual(["no-causation-id: invoice.written"]);
  });

  test("opens a circle of causes at its first event and says so", () => {
    const flow = new FlowRecorder();
    flow.emit("a", { type: "one", id: "1", causationId: "3" });
    flow.emit("b", { type: "two", id: "2", causationId: "1" });
    flow.emit("c", { type: "three", id: "3", causationId: "2" });
    flow.emit("d", { type: "self", id: "4", causationId: "4" });
    const trace = read(flow);
    expect(gapsOf(trace)).toEqual(["causation-circle: one", "causation-circle: self"]);
    expect(trace.events.map(({ depth }) => depth)).toEqual([0, 1, 2, 0]);
  });

  test("puts causes before effects that were recorded earlier, and says by how much", () => {
    const flow = new FlowRecorder();
    const paid = flow.emit("payment", { type: "order.paid", causationId: "placed" });
    flow.wait(500).emit("shop", { type: "order.placed", id: "placed" });
    const trace = read(flow);
    expect(trace.events.map(({ type }) => type)).toEqual(["order.placed", "order.paid"]);
    const byUs = 500_001;
    expect(trace.gaps).toContainEqual({ kind: "recorded-before-cause", event: 1, byUs });
    expect(paid.position).toBe(trace.events[1]?.position);
  });

  test("tells clocks that contradict each other", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed", aheadMs: 2_000 });
    const paid = flow.wait(10).emit("payment", { type: "order.paid", cause: placed });
    flow.attempt(paid, "mail");
    const [attempt] = flow.attempts;
    if (attempt) attempt.startedUs = (attempt.startedUs ?? 0) - 90_000;
    const skews = read(flow).gaps.flatMap((gap) => (gap.kind === "clock-skew" ? [gap] : []));
    expect(skews.map(({ against }) => against)).toEqual(["recording", "cause", "attempt"]);
    expect(skews[0]?.byUs).toBe(2_000_000);
  });

  test("holds an event once, however often it was recorded", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed", id: "1" });
    flow.emit("shop", { type: "order.placed", id: "1" });
    flow.emit("erp", { type: "order.placed", id: "1", cause: placed });
    const trace = read(flow);
    expect(trace.events).toHaveLength(2);
  });
});

describe("The spans of a trace", () => {
  test("are work and waiting that follow each other without a break", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.wait(30).attempt(placed, "payment", { outcome: "failed" });
    flow.wait(100).attempt(placed, "payment", { outcome: "timed-out", status: "dead" });
    flow.wait(5_000).replay(placed, "payment").wait(40).attempt(placed, "payment");
    const { spans, messages } = read(flow);
    const from = Number(placed.position);
    expect(
      spans.map((span) => {
        const what =
          span.kind === "work" ? `${span.outcome} ${span.generation}/${span.attempt}` : span.reason;
        return [what, span.startUs - from, (span.endUs ?? 0) - from];
      }),
    ).toEqual([
      ["queued", 0, 30_000],
      ["failed 0/1", 30_000, 50_000],
      ["retry", 50_000, 150_000],
      ["timed-out 0/2", 150_000, 170_000],
      ["dead", 170_000, 5_210_000],
      ["succeeded 1/1", 5_210_000, 5_230_000],
    ]);
    expect(messages[0]).toMatchObject({ attempts: 3, failures: 2, generation: 1, status: "succeeded" });
  });

  test("last where nothing has ended yet", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.owe(placed, "mail").attempt(placed, "payment", { outcome: "running" });
    const open = read(flow).spans.filter(({ endUs }) => endUs === null);
    expect(open.map(({ kind }) => kind).sort()).toEqual(["wait", "work"]);
  });

  test("show the one attempt that a delivery itself tells of", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.wait(3).attempt(placed, "mail", { ms: 7 });
    flow.attempts.length = 0;
    const { spans } = read(flow);
    expect(spans.map(({ kind }) => kind)).toEqual(["wait", "work"]);
    expect(spans[1]).toMatchObject({ attempt: 1, outcome: "succeeded" });
  });
});

describe("The messages of a trace", () => {
  test("go from service to service, also to those that only show by what they emit", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed", channel: "orders" });
    flow.attempt(placed, "mail");
    const paid = flow.emit("payment", { type: "order.paid", cause: placed });
    const trace = read(flow);
    expect(trace.messages.map(({ from, to, consumer }) => [from, to, consumer])).toEqual([
      ["service:shop", "service:mail", "mail"],
      ["service:shop", "service:payment", null],
      ["service:payment", null, null],
    ]);
    expect(trace.messages[1]?.effects.map((index) => trace.events[index]?.id)).toEqual([paid.id]);
    expect(trace.services.map(({ name }) => name)).toEqual(["shop", "mail", "payment"]);
    expect(trace.channels).toEqual(["orders"]);
  });

  test("leave out what a service sends after its own event", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.emit("shop", { type: "order.reminded", cause: placed });
    expect(read(flow).messages.map(({ to }) => to)).toEqual([null, null]);
  });
});

test("A trace of nothing is empty", () => {
  const trace = read(new FlowRecorder());
  expect(trace).toMatchObject({ events: [], messages: [], steps: [], spans: [], startUs: 0, endUs: 0 });
  expect(BEGIN_US).toBeGreaterThan(0);
});
