import { describe, expect, test } from "vitest";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { recordsAsOf } from "#server/domain/sagas/records-as-of.ts";
import { runSystem } from "#server/domain/sagas/testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  OUT_OF_STOCK,
  ordersBroker,
  ordersMediator,
  ordersSaga,
} from "#server/domain/sagas/testing/sample-systems.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { sceneThen } from "./scene-then.ts";
import { findArrows } from "./timeline-arrows.ts";
import { AXIS_KINDS, placeOf, placeOfTime } from "./timeline-axis.ts";
import { stepEvent } from "./timeline-keys.ts";
import { countMarks } from "./timeline-plan.ts";
import { makeScene, type TimelineScene } from "./timeline-scene.ts";
import { findLinked } from "./trace-selection.ts";

const RUNS = {
  "a saga that was taken back": runSystem(ordersSaga, { says: OUT_OF_STOCK, flaky: { inventory: 2 } }),
  "a saga that a dead letter holds up": runSystem(ordersSaga, { dead: ["inventory"] }),
  "what a broker hands out": runSystem(ordersBroker, { flaky: { shipping: 2 }, away: ["mail"] }),
  "what a mediator tells": runSystem(ordersMediator, { says: ADDRESS_REFUSED }),
};

describe.each(Object.entries(RUNS))("The timeline of %s, while it is played", (_name, { recorder }) => {
  const { recorded, services } = recorder;
  const whole = readTrace({ ...recorded, services });
  const moments = momentsOf(whole);

  test.each(AXIS_KINDS)("shows what was known at each moment, and as it was then (%s)", (kind) => {
    const scene = makeScene(whole, kind);
    for (const atUs of moments) {
      const then = makeScene(readTrace({ ...recordsAsOf(recorded, atUs), services }), kind);
      const shown = sceneThen(scene, atUs);
      expect(barsOf(shown)).toEqual(barsOf(then));
      expect(countMarks(shown.plan)).toBe(then.trace.events.length);
    }
  });

  test("keeps every lane and row where it is, and ends at the moment", () => {
    for (const kind of AXIS_KINDS) {
      const scene = makeScene(whole, kind);
      for (const atUs of moments) {
        const { plan, timeline, axis } = sceneThen(scene, atUs);
        expect(axis).toBe(scene.axis);
        expect(plan.lanes.map(({ top, height }) => [top, height])).toEqual(
          scene.plan.lanes.map(({ top, height }) => [top, height]),
        );
        const edge = placeOfTime(axis, atUs);
        for (const bar of plan.lanes.flatMap(({ bars }) => bars.flat())) {
          const { start, end } = timeline.bars[bar] ?? {};
          expect(start === undefined ? Number.NaN : placeOf(axis, start)).toBeLessThanOrEqual(edge);
          expect(end == null ? Number.NaN : placeOf(axis, end)).toBeLessThanOrEqual(edge);
        }
      }
    }
  });

  test("leads nowhere that is not there yet", () => {
    const scene = makeScene(whole, "scale");
    for (const atUs of moments) {
      const shown = sceneThen(scene, atUs);
      for (const event of whole.events.keys()) {
        const linked = findLinked(shown.trace, { kind: "event", event });
        for (const { toPlace } of findArrows(shown, linked))
          expect(toPlace).toBeLessThanOrEqual(atUs - whole.startUs);
      }
      const last = stepEvent(shown, { kind: "event", event: whole.events.length - 1 }, 1);
      expect(last?.kind === "event" ? whole.events[last.event]?.atUs : Number.NaN).toBeLessThanOrEqual(atUs);
    }
  });

  test("has a critical path up to the moment", () => {
    const scene = makeScene(whole, "scale");
    for (const atUs of moments.slice(1)) {
      const { critical, trace } = sceneThen(scene, atUs);
      expect(critical.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0)).toBe(
        atUs - trace.startUs,
      );
      for (const { span, startUs } of critical)
        if (span !== null) expect(trace.spans[span]?.startUs).toBeLessThanOrEqual(startUs);
    }
  });
});

/** Every moment of which something is known, and one between each two. */
function momentsOf({ events, spans }: Trace): number[] {
  const times = new Set([
    ...events.map(({ atUs }) => atUs),
    ...spans.flatMap(({ startUs, endUs }) => [startUs, endUs ?? startUs]),
  ]);
  const sorted = [...times].sort((a, b) => a - b);
  return sorted.flatMap((us, index) => [us, Math.floor((us + (sorted[index + 1] ?? us + 10)) / 2)]);
}

/** What is drawn, by what it is. */
function barsOf({ plan, timeline, trace }: TimelineScene): string[] {
  const drawn = plan.lanes.flatMap(({ bars }) => bars.flat());
  return drawn
    .map((index) => {
      const bar = timeline.bars[index];
      const span = trace.spans[bar?.span ?? -1];
      const message = trace.messages[bar?.message ?? -1];
      const what = span?.kind === "work" ? [span.attempt, span.outcome, span.error] : span?.reason;
      const looks = bar?.kind === "work" ? bar.outcome : bar?.reason;
      const position = trace.events[message?.event ?? -1]?.position;
      const { consumer, to } = message ?? {};
      return JSON.stringify([
        position,
        consumer ?? to,
        span?.generation,
        span?.startUs,
        span?.endUs,
        what,
        looks,
      ]);
    })
    .sort();
}
