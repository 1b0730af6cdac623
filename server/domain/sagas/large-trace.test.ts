import { describe, expect, test } from "vitest";
import { readSaga } from "./read-saga.ts";
import { readTrace } from "./read-trace.ts";
import { largeFlow } from "./testing/large-flow.ts";

/** Whatever is quadratic would have to look at a hundred million pairs here. */
const EVENTS = 10_000;

describe.each(["chain", "fan", "rounds", "orphans"] as const)(
  "A flow of 10,000 events that is a %s",
  (shape) => {
    const flow = largeFlow(shape, EVENTS);
    const trace = readTrace(flow);

    test("is read whole", () => {
      expect(trace.events).toHaveLength(EVENTS);
      expect(trace.messages.length).toBeGreaterThanOrEqual(EVENTS);
      expect(trace.spans.length).toBeLessThanOrEqual(3 * trace.messages.length);
      expect(Math.max(...trace.events.map(({ depth }) => depth))).toBeLessThan(EVENTS);
    });

    test("has a step for what was handled", () => {
      const handled = trace.messages.filter(({ to }) => to !== null).length;
      expect(trace.steps.length).toBeLessThanOrEqual(handled);
      expect(readSaga(trace, { nowUs: trace.endUs }).progress.of).toBe(
        trace.steps.length - trace.compensations.length,
      );
    });
  },
);
