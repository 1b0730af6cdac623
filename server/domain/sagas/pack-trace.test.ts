import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packTrace } from "./pack-trace.ts";
import { readTrace } from "./read-trace.ts";
import { shuffled, withoutEvents } from "./testing/disorder.ts";
import { largeFlow } from "./testing/large-flow.ts";
import { readRun } from "./testing/read-run.ts";
import { type Faults, runSystem, type System } from "./testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  OUT_OF_STOCK,
  ordersBroker,
  ordersMediator,
  ordersSaga,
} from "./testing/sample-systems.ts";
import type { Trace } from "./trace.ts";
import { unpackTrace } from "./unpack-trace.ts";

const RUNS: readonly [string, System, Faults][] = [
  ["broker", ordersBroker, {}],
  ["saga, compensated", ordersSaga, { says: OUT_OF_STOCK }],
  ["saga, stuck", ordersSaga, { dead: ["inventory"], flaky: { payment: 2 } }],
  ["mediator, compensated", ordersMediator, { says: ADDRESS_REFUSED }],
  ["mediator, waiting", ordersMediator, { silent: ["inventory"], untilMs: 1_000 }],
];

describe.each(RUNS)("A packed trace: %s", (_, system, faults) => {
  const run = runSystem(system, faults);

  test.each(["nothing", "history"] as const)("comes back as it was, with %s told", (told) => {
    const { trace } = readRun(run, { told });
    expect(travel(trace)).toEqual(trace);
  });

  test("comes back as it was, whatever is missing, comes twice or contradicts itself", () => {
    const { recorded, services } = run.recorder;
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 40, maxLength: 80 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.array(
          fc.record({ index: fc.nat(60), timeUs: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
        ),
        fc.option(fc.string()),
        (order, missing, clocks, text) => {
          const part = withoutEvents(shuffled(recorded, order, missing), missing);
          const events = part.events.map((event, index) => {
            const clock = clocks.find((one) => one.index === index);
            if (clock === undefined) return event;
            // JSON has one zero.
            return {
              ...event,
              timeUs: clock.timeUs + 0,
              subject: text,
              traceparent: text,
              causationId: text,
            };
          });
          const trace = readTrace({ ...part, events, services });
          expect(travel(trace)).toEqual(trace);
        },
      ),
      { numRuns: 40 },
    );
  });
});

test.each(["chain", "fan", "rounds", "orphans"] as const)(
  "A packed trace of 10,000 events is a fraction of its objects: %s",
  (shape) => {
    const trace = readTrace(largeFlow(shape, 10_000));
    const packed = JSON.stringify(packTrace(trace));
    expect(isDeepStrictEqual(unpackTrace(JSON.parse(packed)), trace)).toBe(true);
    expect(packed.length * 6).toBeLessThan(JSON.stringify(trace).length);
  },
);

test("A trace without events comes back as it was", () => {
  const { services } = runSystem(ordersBroker).recorder;
  const trace = readTrace({ events: [], deliveries: [], attempts: [], services });
  expect(travel(trace)).toEqual(trace);
});

test("Another version says what to do", () => {
  expect(() => unpackTrace({ version: 2 })).toThrow("packed in version 2, not 1. Reload the page.");
  expect(() => unpackTrace("trace")).toThrow("The packed trace has no content.");
});

test("What can't be read is named", () => {
  const packed = packTrace(readTrace(largeFlow("chain", 10)));
  const broken = (table: "events" | "messages", column: string, value: unknown) => {
    const { tables } = packed;
    const columns = { ...tables[table].columns, [column]: value };
    return { ...packed, tables: { ...tables, [table]: { ...tables[table], columns } } };
  };
  expect(() => unpackTrace(broken("events", "type", [99]))).toThrow("events.type");
  expect(() => unpackTrace(broken("events", "depth", undefined))).toThrow("events.depth");
  expect(() => unpackTrace(broken("messages", "status", [0]))).toThrow("messages.status");
  expect(() => unpackTrace(broken("messages", "effects", ["a"]))).toThrow("messages.effects");
  expect(() => unpackTrace({ ...packed, names: 1 })).toThrow("names");
});

function travel(trace: Trace): Trace {
  return unpackTrace(JSON.parse(JSON.stringify(packTrace(trace))));
}
