import { describe, expect, test } from "vitest";
import type { Mediation } from "../topology/verdict.ts";
import { readTrace } from "./read-trace.ts";
import { wordReader } from "./saga-words.ts";
import { FlowRecorder } from "./testing/flow-recorder.ts";
import { readRun, undone } from "./testing/read-run.ts";
import { runSystem, type System } from "./testing/run-system.ts";
import type { RecordedEvent, Trace } from "./trace.ts";

/** A service takes an event and emits another one because of it. */
function react(flow: FlowRecorder, cause: RecordedEvent, service: string, type: string): RecordedEvent {
  flow.wait(5).attempt(cause, service, { ms: 10 });
  return flow.emit(service, { type, cause });
}

/** A mediator tells a service something and takes the answer. */
function ask(flow: FlowRecorder, cause: RecordedEvent, command: string, reply: string): RecordedEvent {
  const service = command.split(".")[0] ?? "";
  const told = flow.emit("boss", { type: command, cause, kind: "command" });
  const answer = react(flow, told, service, reply);
  flow.attempt(answer, "boss", { ms: 1 });
  return answer;
}

function begin(flow: FlowRecorder): RecordedEvent {
  const begun = flow.emit("shop", { type: "order.placed" });
  flow.attempt(begun, "boss", { ms: 1 });
  return begun;
}

function read(flow: FlowRecorder, mediations: readonly Mediation[] = []): Trace {
  return readTrace({ ...flow.recorded, services: flow.services, mediations });
}

describe("A compensation is seen", () => {
  test("in a choreography, by its name, its service and what it follows", () => {
    const flow = new FlowRecorder();
    const booked = react(flow, flow.emit("web", { type: "trip.requested" }), "hotel", "hotel.booked");
    const flown = react(flow, booked, "airline", "flight.booked");
    const refused = react(flow, flown, "cars", "car.unavailable");
    const off = react(flow, refused, "airline", "flight.cancelled");
    react(flow, off, "hotel", "hotel.cancelled");
    const trace = read(flow);
    expect(undone(trace)).toEqual([
      "car.unavailable undoes hotel.booked",
      "flight.cancelled undoes trip.requested",
    ]);
    expect(trace.compensations.every(({ signals }) => signals.includes("reverse-order"))).toBe(true);
    expect(trace.compensations[0]?.confidence).toBeGreaterThan(0.8);
  });

  test("where a service says nothing of it, by the name of what it heard", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    const taken = react(flow, placed, "stock", "stock.taken");
    const declined = react(flow, taken, "payment", "payment.declined");
    const cancelled = react(flow, declined, "orders", "order.cancelled");
    flow.attempt(cancelled, "stock");
    const [found] = read(flow).compensations;
    expect(found?.signals).toEqual(["same-service", "heard-undo-name", "same-subject", "follows-failure"]);
  });

  test("under a mediator without telling names, when several follow a failure in reverse", () => {
    const flow = new FlowRecorder();
    const one = ask(flow, begin(flow), "a.first", "a.first-done");
    const two = ask(flow, one, "b.second", "b.second-done");
    const failed = ask(flow, two, "c.third", "c.third-failed");
    const backwards = ask(flow, failed, "b.x2", "b.x2-done");
    ask(flow, backwards, "a.x1", "a.x1-done");
    const trace = read(flow);
    expect(undone(trace)).toEqual(["b.x2 undoes b.second", "a.x1 undoes a.first"]);
    expect(trace.compensations[0]?.signals).toEqual([
      "same-service",
      "same-subject",
      "follows-failure",
      "reverse-order",
    ]);
  });

  test("where the topology knows that the mediator takes steps back by it", () => {
    const flow = new FlowRecorder();
    const one = ask(flow, begin(flow), "a.first", "a.first-done");
    const refused = ask(flow, one, "b.second", "b.second-odd");
    ask(flow, refused, "a.x1", "a.x1-done");
    expect(read(flow).compensations).toEqual([]);
    const step = (node: string, command: string, isCompensation: boolean) => ({
      node,
      command,
      replies: [],
      flows: 9,
      isCompensation,
      p50Ms: null,
      p95Ms: null,
    });
    const stages = [
      { relation: "single" as const, steps: [step("service:a", "a.first", false)] },
      { relation: "single" as const, steps: [step("service:a", "a.x1", true)] },
    ];
    const trace = read(flow, [{ node: "service:boss", stages }]);
    expect(undone(trace)).toEqual(["a.x1 undoes a.first"]);
    expect(trace.compensations[0]?.signals).toContain("known");
  });

  test("partly, and what was left is told", () => {
    const flow = new FlowRecorder();
    const one = ask(flow, begin(flow), "payment.charge", "payment.charged");
    const two = ask(flow, one, "stock.reserve", "stock.reserved");
    const three = ask(flow, two, "mail.send", "mail.sent");
    const failed = ask(flow, three, "shipping.ship", "shipping.refused");
    ask(flow, failed, "stock.release", "stock.released");
    const { saga } = readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs });
    expect(saga.state).toBe("compensated");
    const left = saga.evidence.find(({ kind }) => kind === "not-taken-back");
    expect(left?.steps.map((key) => JSON.parse(key)[1])).toEqual(["payment.charge", "mail.send"]);
    expect(left?.numbers).toEqual({ steps: 2, undone: 1 });
  });

  test("of branches that ran side by side", () => {
    const flow = new FlowRecorder();
    const begun = begin(flow);
    const hotel = flow.emit("boss", { type: "hotel.book", cause: begun, kind: "command" });
    const flight = flow.emit("boss", { type: "flight.book", cause: begun, kind: "command" });
    const car = flow.emit("boss", { type: "car.book", cause: begun, kind: "command" });
    const answers = [
      react(flow, hotel, "hotel", "hotel.booked"),
      react(flow, car, "car", "car.unavailable"),
      react(flow, flight, "flight", "flight.booked"),
    ];
    for (const answer of answers) flow.attempt(answer, "boss", { ms: 1 });
    const last = answers[2] ?? begun;
    const back = ask(flow, last, "flight.cancel", "flight.cancelled");
    ask(flow, back, "hotel.cancel", "hotel.cancelled");
    const { trace, saga } = readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs });
    expect(undone(trace)).toEqual(["flight.cancel undoes flight.book", "hotel.cancel undoes hotel.book"]);
    // The failure is in another branch than what led to them.
    expect(trace.compensations[0]?.signals).toContain("failure-elsewhere");
    expect(saga.state).toBe("compensated");
  });
});

describe("No compensation is", () => {
  test("the second half of a two-phase step", () => {
    const flow = new FlowRecorder();
    const held = ask(flow, begin(flow), "payment.authorize", "payment.authorized");
    const packed = ask(flow, held, "warehouse.pack", "warehouse.packed");
    ask(flow, packed, "payment.capture", "payment.captured");
    expect(read(flow).compensations).toEqual([]);
  });

  test("another try after a refusal", () => {
    const flow = new FlowRecorder();
    const one = ask(flow, begin(flow), "payment.authorize", "payment.authorized");
    const two = ask(flow, one, "payment.capture", "payment.declined");
    ask(flow, two, "payment.ask-for-other-card", "payment.other-card-given");
    const { saga, trace } = readRun({ recorder: flow, transitions: [], nowUs: flow.nowUs });
    expect(trace.compensations).toEqual([]);
    expect(saga.state).toBe("completed");
  });

  test("a step that was refused, or one of another service with such a name", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    const failed = react(flow, placed, "payment", "payment.failed");
    const cancelled = react(flow, failed, "orders", "order.cancelled");
    flow.attempt(cancelled, "mail");
    expect(read(flow).compensations).toEqual([]);
  });

  test("a step that came before what it would take back", () => {
    const flow = new FlowRecorder();
    const freed = ask(flow, begin(flow), "stock.release", "stock.released");
    const held = ask(flow, freed, "stock.reserve", "stock.reserved");
    ask(flow, held, "payment.charge", "payment.declined");
    expect(read(flow).compensations).toEqual([]);
  });

  test("what opens and closes without anything going wrong", () => {
    const flow = new FlowRecorder();
    const opened = react(flow, flow.emit("web", { type: "visit.begun" }), "gate", "gate.opened");
    const seen = react(flow, opened, "guide", "tour.given");
    react(flow, seen, "gate", "gate.closed");
    expect(read(flow).compensations).toEqual([]);
  });
});

test("A chain of services that names every step apart is no mediator's", () => {
  const relay: System = {
    start: { service: "a", type: "one" },
    services: { b: { one: ["two"] }, c: { two: ["three"] }, d: { three: ["four"] }, a: { four: ["five"] } },
  };
  const { trace, saga } = readRun(runSystem(relay));
  expect(trace.basis).toBe("choreographed");
  expect(trace.mediators).toEqual([]);
  expect(saga.state).toBe("completed");
});

describe("Names of types", () => {
  const readType = wordReader();

  test.each([
    ["payment.failed", true],
    ["order.PaymentFailed", true],
    ["inventory.out-of-stock", true],
    ["com.acme.card_not_found", true],
    ["payment.processed", false],
    ["failover.completed", false],
    ["errand.run", false],
  ])("%s says that something went wrong: %s", (type, isFailure) => {
    expect(readType(type).isFailure).toBe(isFailure);
  });

  test.each([
    ["payment.charged", "payment.refunded", true],
    ["stock.reserve", "stock.release", true],
    ["flightBooked", "flightCancelled", true],
    ["points.add", "points.take", true],
    ["payment.authorized", "payment.captured", false],
    ["order.placed", "order.shipped", false],
  ])("%s and %s are a pair: %s", (done, back, isPair) => {
    expect((readType(done).does & readType(back).undoes) !== 0).toBe(isPair);
  });
});
