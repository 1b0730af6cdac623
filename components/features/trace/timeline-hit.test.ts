import { describe, expect, test } from "vitest";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { largeFlow } from "#server/domain/sagas/testing/large-flow.ts";
import { readRun } from "#server/domain/sagas/testing/read-run.ts";
import { runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { OUT_OF_STOCK, ordersBroker, ordersSaga } from "#server/domain/sagas/testing/sample-systems.ts";
import { layOutTimeline } from "#server/domain/sagas/timeline.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";
import { AXIS_KINDS, type AxisKind, makeAxis, placeOf, wholeSight, zoomSight } from "./timeline-axis.ts";
import { findAt, firstEndingFrom, type Scene, toPlace, toX } from "./timeline-hit.ts";
import { lanesBetween, planTimeline, rowsBetween } from "./timeline-plan.ts";

function sceneOf(trace: Trace, kind: AxisKind): Scene {
  const timeline = layOutTimeline(trace);
  return { timeline, plan: planTimeline(timeline), axis: makeAxis(timeline, kind) };
}

const TRACES = {
  saga: readRun(runSystem(ordersSaga, { says: OUT_OF_STOCK })).trace,
  retries: readRun(runSystem(ordersBroker, { flaky: { shipping: 2 } })).trace,
  dead: readRun(runSystem(ordersSaga, { dead: ["inventory"] })).trace,
};
const CASES = Object.entries(TRACES).flatMap(([name, trace]) =>
  AXIS_KINDS.map((kind) => [name, kind, sceneOf(trace, kind)] as const),
);

describe("A point of the timeline", () => {
  test.each(CASES)("in the middle of a bar of %s (%s) is that bar", (_name, _kind, scene) => {
    const { timeline, plan, axis } = scene;
    const window = { sight: wholeSight(axis), widthPx: 100_000 };
    for (const [bar, { start, end, lane, row }] of timeline.bars.entries()) {
      const left = toX(window, placeOf(axis, start));
      const right = end === null ? left + 20 : toX(window, placeOf(axis, end));
      const { rowsTop } = plan.lanes[lane] ?? { rowsTop: Number.NaN };
      const found = findAt(scene, window, {
        x: (left + right) / 2,
        y: rowsTop + (row + 0.5) * plan.rowHeight,
      });
      if (right - left > 12) expect(found).toEqual({ kind: "bar", bar });
      else expect(found?.kind).toBe("bar");
    }
  });

  test.each(CASES)("on the mark of an event of %s (%s) is that mark", (_name, _kind, scene) => {
    const window = { sight: wholeSight(scene.axis), widthPx: 1_000_000 };
    for (const [mark, { at, lane }] of scene.timeline.marks.entries()) {
      const y = scene.plan.lanes[lane]?.marksY ?? Number.NaN;
      const found = findAt(scene, window, { x: toX(window, placeOf(scene.axis, at)), y });
      expect(found).toEqual({ kind: "mark", mark });
    }
  });

  test("between the lanes and beyond them is nothing", () => {
    const scene = sceneOf(TRACES.saga, "scale");
    const window = { sight: wholeSight(scene.axis), widthPx: 800 };
    expect(findAt(scene, window, { x: 400, y: -10 })).toBeNull();
    expect(findAt(scene, window, { x: 400, y: scene.plan.height + 100 })).toBeNull();
    expect(findAt(scene, window, { x: 1, y: scene.plan.lanes[0]?.marksY ?? 0 })).toBeNull();
  });

  test("a place is found again from its pixel, at any zoom", () => {
    const { axis } = sceneOf(TRACES.saga, "scale");
    let sight = wholeSight(axis);
    for (let step = 0; step < 8; step += 1) {
      const window = { sight, widthPx: 777 };
      expect(toPlace(window, toX(window, sight.from + 12.5))).toBeCloseTo(sight.from + 12.5, 6);
      sight = zoomSight(axis, sight, { factor: 2, at: (sight.from + sight.to) / 2 });
    }
  });
});

describe("The plan of a timeline", () => {
  test("lays lanes below each other without overlap, with what was taken back below a heading of its own", () => {
    const { plan } = sceneOf(TRACES.saga, "scale");
    for (const [index, lane] of plan.lanes.entries()) {
      const above = plan.lanes[index - 1];
      if (above !== undefined) expect(lane.top).toBeGreaterThanOrEqual(above.top + above.height);
    }
    const sections = plan.lanes.map(({ section }) => section);
    expect(sections).toEqual(sections.toSorted().toReversed());
    const first = plan.lanes.find(({ section }) => section === "compensation");
    expect(plan.undoneTop).toBeLessThan(first?.top ?? 0);
  });

  test("holds every bar once, in the order of time in its row", () => {
    const scene = sceneOf(readTrace(largeFlow("rounds", 2_000)), "scale");
    const { timeline, plan, axis } = scene;
    const all = plan.lanes.flatMap(({ bars }) => bars.flat());
    expect(all.toSorted((a, b) => a - b)).toEqual([...timeline.bars.keys()]);
    for (const row of plan.lanes.flatMap(({ bars }) => bars)) {
      const starts = row.map((bar) => timeline.bars[bar]?.start.rank ?? 0);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      const middle = placeOf(axis, { us: (timeline.startUs + timeline.endUs) / 2, rank: 0 });
      const first = firstEndingFrom(scene, row, middle);
      const isBefore = row.map((bar) => {
        const end = timeline.bars[bar]?.end ?? null;
        return end !== null && placeOf(axis, end) < middle;
      });
      expect(isBefore.indexOf(false)).toBe(first === row.length ? -1 : first);
    }
  });

  test("gives what is in sight alone", () => {
    const { plan } = sceneOf(readTrace(largeFlow("fan", 2_000)), "scale");
    const [first] = plan.lanes;
    if (first === undefined) throw new Error("There is no lane.");
    expect(lanesBetween(plan, first.top, first.top + 1)).toEqual([first]);
    const lane = plan.lanes[3];
    if (lane === undefined) throw new Error("There are too few lanes.");
    const [from, behind] = rowsBetween(lane, plan.rowHeight, { from: lane.rowsTop, to: lane.rowsTop + 1 });
    expect([from, behind]).toEqual([0, 1]);
    expect(rowsBetween(lane, plan.rowHeight, { from: -500, to: -400 })).toEqual([0, 0]);
  });
});
