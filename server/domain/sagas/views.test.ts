import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCriticalPath } from "./critical-path.ts";
import { readTrace } from "./read-trace.ts";
import { drawSequence } from "./sequence.ts";
import { recordedLate } from "./testing/disorder.ts";
import { BEGIN_US, FlowRecorder } from "./testing/flow-recorder.ts";
import { readRun } from "./testing/read-run.ts";
import { type Faults, runSystem, type System } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  OUT_OF_STOCK,
  ordersBroker,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";
import { layOutTimeline } from "./timeline.ts";
import { assignRows } from "./timeline-rows.ts";
import type { Trace } from "./trace.ts";
import { writeSequence } from "./write-sequence.ts";

function read(recorder: FlowRecorder): Trace {
  return readTrace({ ...recorder.recorded, services: recorder.services });
}

const RUNS: readonly [string, System, Faults][] = [
  ["broker", ordersBroker, { flaky: { shipping: 2 } }],
  ["saga", ordersSaga, { says: OUT_OF_STOCK }],
  ["mediator", ordersMediator, { says: ADDRESS_REFUSED }],
  ["mediator that hears nothing", ordersMediator, { says: { shipping: { "shipping.ship": [] } } }],
  ["mediator that waits", ordersMediator, { away: ["inventory"], untilMs: 1_000 }],
  ["dead letter", ordersSaga, { dead: ["inventory"] }],
];

/** All of them, and then with positions and so with times that contradict the causes. */
const ALL = everyTrace();

function everyTrace(): Trace[] {
  return RUNS.flatMap(([, system, faults]) => {
    const { recorder } = runSystem(system, faults);
    const mixed = fc.sample(fc.array(fc.integer(), { minLength: 40, maxLength: 40 }), {
      numRuns: 5,
      seed: 7,
    });
    const late = mixed.map((keys) =>
      readTrace({ ...recordedLate(recorder.recorded, keys), services: recorder.services }),
    );
    return [read(recorder), ...late];
  });
}

describe("The critical path", () => {
  test("fills the whole trace without a break, whatever the clocks say", () => {
    for (const trace of ALL) {
      const path = findCriticalPath(trace);
      expect(path[0]?.startUs).toBe(trace.startUs);
      expect(path.at(-1)?.endUs).toBe(trace.endUs);
      const broken = path.filter(
        ({ startUs, endUs }, index) =>
          endUs <= startUs || startUs !== (index === 0 ? trace.startUs : path[index - 1]?.endUs),
      );
      expect(broken).toEqual([]);
    }
  });

  test("goes through the slower of two branches", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.wait(10).attempt(placed, "mail", { ms: 5 }).attempt(placed, "inventory", { ms: 50 });
    flow.nowUs -= 1;
    const taken = flow.emit("inventory", { type: "stock.taken", cause: placed });
    flow.wait(20).attempt(taken, "shipping", { ms: 30 });
    const trace = read(flow);
    const path = findCriticalPath(trace).map(({ kind, message, startUs, endUs }) => {
      const service = message === null ? null : trace.messages[message]?.to;
      return [kind, service, Math.round((endUs - startUs) / 1000)];
    });
    expect(path).toEqual([
      ["wait", "service:inventory", 15],
      ["work", "service:inventory", 50],
      ["wait", "service:shipping", 20],
      ["work", "service:shipping", 30],
    ]);
  });

  test("says where nobody knows what happened", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow.wait(40).emit("payment", { type: "order.paid", cause: placed });
    expect(findCriticalPath(read(flow)).map(({ kind }) => kind)).toEqual(["unknown"]);
    expect(findCriticalPath(read(new FlowRecorder()))).toEqual([]);
  });
});

describe("The timeline", () => {
  test("lays messages that are handled at once into rows of their own", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(20))), (pairs) => {
        const stretches = pairs.map(([startUs, length]) => ({ startUs, endUs: startUs + length }));
        const { rowOf, count } = assignRows(stretches);
        const overlaps = (a: { startUs: number; endUs: number }, b: { startUs: number; endUs: number }) =>
          a.startUs < b.endUs && b.startUs < a.endUs;
        expect(rowOf.every((row) => row < count)).toBe(true);
        const crossing = stretches.filter((one, a) =>
          stretches.some((other, b) => a < b && rowOf[a] === rowOf[b] && overlaps(one, other)),
        );
        expect(crossing).toEqual([]);
      }),
    );
  });

  test("needs no more rows than there is at once", () => {
    const at = (startUs: number, endUs: number) => ({ startUs, endUs });
    expect(assignRows([at(0, 10), at(10, 20), at(5, 15), at(20, 30)]).count).toBe(2);
    expect(assignRows([at(0, Number.POSITIVE_INFINITY), at(5, 6), at(6, 6), at(6, 9)]).count).toBe(2);
  });

  test("has a bar for every span, to scale and by order alike", () => {
    for (const trace of ALL) {
      const { bars, lanes, moments } = layOutTimeline(trace);
      expect(bars).toHaveLength(trace.spans.length);
      const wrong = bars.filter(
        ({ start, end, lane, row }) =>
          row >= (lanes[lane]?.rows ?? 0) ||
          (end !== null && (end.rank < start.rank || end.us < start.us || moments[end.rank] !== end.us)),
      );
      expect(wrong).toEqual([]);
      const sorted = bars.toSorted((a, b) => a.start.us - b.start.us).map(({ start }) => start.rank);
      expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
    }
  });

  test("puts what takes back below, in the reverse of what it takes back", () => {
    const { trace } = readRun(runSystem(ordersMediator, { says: ADDRESS_REFUSED }));
    const { lanes, bars } = layOutTimeline(trace);
    const below = lanes.filter(({ section }) => section === "compensation").map(({ service }) => service);
    expect(below).toEqual(["service:inventory", "service:payment"]);
    const first = lanes.findIndex(({ section }) => section === "compensation");
    expect(lanes.slice(first).every(({ section }) => section === "compensation")).toBe(true);
    const undoing = new Set(trace.compensations.map(({ step }) => step));
    for (const { lane, step } of bars) {
      expect(lanes[lane]?.section === "compensation").toBe(step !== null && undoing.has(step));
    }
  });

  test("marks retries, replays and the critical path", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed" });
    flow
      .attempt(placed, "mail", { outcome: "failed", status: "dead" })
      .replay(placed, "mail")
      .attempt(placed, "mail");
    const work = layOutTimeline(read(flow)).bars.flatMap((bar) => (bar.kind === "work" ? [bar] : []));
    expect(work.map(({ isRetry, generation, isCritical }) => [isRetry, generation, isCritical])).toEqual([
      [false, 0, true],
      [true, 1, true],
    ]);
  });
});

describe("The sequence diagram", () => {
  test("has exactly the messages of the flow, and causes above their effects", () => {
    for (const trace of ALL) {
      const { arrows } = drawSequence(trace);
      const drawn = arrows.flatMap(({ messages, kind }) => (kind === "publish" ? [] : messages));
      expect(drawn.toSorted((a, b) => a - b)).toEqual([...trace.messages.keys()]);
      const places = new Map(arrows.flatMap(({ events }, place) => events.map((event) => [event, place])));
      const above = trace.events.every(({ cause }, event) => {
        const first = arrows.findIndex(({ events }) => cause !== null && events.includes(cause));
        return cause === null || first <= (places.get(event) ?? -1);
      });
      expect(above).toBe(true);
    }
  });

  test("draws channels as lifelines of their own", () => {
    const flow = new FlowRecorder();
    const placed = flow.emit("shop", { type: "order.placed", channel: "orders" });
    flow.attempt(placed, "mail").attempt(placed, "points");
    flow.emit("shop", { type: "order.seen", channel: "orders" });
    const { lifelines, arrows } = drawSequence(read(flow));
    expect(lifelines.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "service shop",
      "channel orders",
      "service mail",
      "service points",
    ]);
    expect(arrows.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ["publish", 0, 1],
      ["deliver", 1, 2],
      ["deliver", 1, 3],
      ["publish", 0, 1],
    ]);
  });

  test("folds attempts, and commands that were sent again", () => {
    const { trace } = readRun(
      runSystem(ordersMediator, { says: { inventory: { "inventory.reserve": [] } } }),
    );
    const { arrows } = drawSequence(trace);
    const again = arrows.filter(({ type }) => type === "inventory.reserve");
    expect(again).toHaveLength(1);
    expect(again[0]?.events).toHaveLength(3);
    expect(writeSequence({ lifelines: drawSequence(trace).lifelines, arrows: again })).toContain("loop 3×");
  });

  test("is Mermaid text in which no name can be anything but a label", () => {
    const flow = new FlowRecorder();
    const evil = 'end; participant x as "a"\n%% : #35; <b>[!]';
    const placed = flow.emit("shop\nend", { type: evil, channel: "wrap: x;y" });
    flow.attempt(placed, "end", { outcome: "failed", status: "dead" });
    const lines = writeSequence(drawSequence(read(flow))).split("\n");
    expect(lines).toEqual([
      "sequenceDiagram",
      "  participant p0 as shop#10;#101;nd",
      "  participant p1 as #91;wrap#58; x#59;y#93;",
      "  participant p2 as #101;nd",
      expect.stringMatching(
        /^ {2}p0-\)p1: #101;nd#59; participant x as #34;a#34;#10;#37;#37; #58; #35;35#59;/,
      ),
      expect.stringMatching(/^ {2}p1-xp2: #101;nd#59;/),
      "",
    ]);
  });

  test("stays Mermaid for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const flow = new FlowRecorder();
        flow.attempt(flow.emit("shop", { type: name, channel: name }), "mail");
        const lines = writeSequence(drawSequence(read(flow))).split("\n");
        expect(lines).toHaveLength(7);
        for (const line of lines.slice(1, -1)) {
          expect(line).toMatch(/^ {2}(participant p\d as |p\d-\)p\d: )(#\d+;|[\p{L}\p{N} ._/-])+$/u);
        }
      }),
    );
  });
});

test("Views of nothing are empty", () => {
  const nothing = read(new FlowRecorder());
  expect(layOutTimeline(nothing)).toMatchObject({ lanes: [], bars: [], marks: [] });
  expect(drawSequence(nothing)).toEqual({ lifelines: [], arrows: [] });
  expect(BEGIN_US).toBeGreaterThan(0);
});
