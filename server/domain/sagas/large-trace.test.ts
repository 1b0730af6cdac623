import { describe, expect, test } from "vitest";
import { findCriticalPath } from "./critical-path.ts";
import { mapTrace } from "./process-map.ts";
import { readSaga } from "./read-saga.ts";
import { readTrace } from "./read-trace.ts";
import { drawSequence } from "./sequence.ts";
import { largeFlow } from "./testing/large-flow.ts";
import { layOutTimeline } from "./timeline.ts";

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
      expect(trace.events.reduce((most, { depth }) => Math.max(most, depth), 0)).toBeLessThan(EVENTS);
    });

    test("is laid out with nothing left out", () => {
      const { bars, marks, lanes } = layOutTimeline(trace);
      expect([bars.length, marks.length]).toEqual([trace.spans.length, EVENTS]);
      expect(lanes.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(trace.messages.length);
      const { arrows } = drawSequence(trace);
      const published = arrows.filter(({ kind }) => kind === "publish");
      expect(published.reduce((sum, { events }) => sum + events.length, 0)).toBe(EVENTS);
      // Each message of the path adds its spans and at most what is unknown between them.
      expect(findCriticalPath(trace).length).toBeLessThanOrEqual(2 * trace.spans.length + EVENTS);
      expect(Object.keys(mapTrace(trace, { state: "completed" }).variants)).toHaveLength(1);
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
