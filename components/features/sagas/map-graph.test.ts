import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SagaState } from "#server/domain/sagas/saga.ts";
import {
  buildMapGraph,
  isCompensation,
  type MapBranchDto,
  type MapStepDto,
  readableShare,
  variantId,
  wayOf,
} from "./map-graph.ts";
import { branchWidth, cornersOf, layoutKey, toLayeredGraph } from "./map-layout.ts";

const step = (key: string, flows: number, more: Partial<MapStepDto> = {}): MapStepDto => ({
  key,
  name: key,
  service: "shop",
  flows,
  visits: flows,
  last: 0,
  compensating: 0,
  states: {},
  medianUs: null,
  p95Us: null,
  p99Us: null,
  waiting: 0,
  stuck: 0,
  ...more,
});
const branch = (from: string | null, to: string | null, flows: number, of: number): MapBranchDto => ({
  from,
  to,
  end: null,
  flows,
  times: flows,
  share: flows / of,
});
const ending = (from: string, end: SagaState, flows: number, of: number): MapBranchDto => ({
  ...branch(from, null, flows, of),
  end,
});

/** 100 orders: 5 are refused and taken back. */
const map = {
  flows: 100,
  steps: [step("pay", 100), step("ship", 95), step("refund", 5, { compensating: 5 }), step("audit", 0)],
  branches: [
    branch(null, "pay", 100, 100),
    branch("pay", "ship", 95, 100),
    ending("ship", "completed", 95, 95),
    branch("pay", "refund", 5, 100),
    ending("refund", "compensated", 5, 5),
  ],
  ends: { completed: 95, compensated: 5 },
};
const idsOf = ({ nodes }: ReturnType<typeof buildMapGraph>) => nodes.map(({ id }) => id);

describe("The graph of a map", () => {
  test("has every step that was taken, and an end for each state", () => {
    const graph = buildMapGraph(map, { minShare: 0, way: null });
    expect(idsOf(graph)).toEqual([
      "start",
      "step pay",
      "step ship",
      "step refund",
      "end completed",
      "end compensated",
    ]);
    expect(graph.edges.map(({ branch: { flows } }) => flows)).toEqual([100, 95, 95, 5, 5]);
    expect(graph.hidden).toEqual({ branches: 0, steps: 1 });
  });

  test("leaves out what few took, with what only they came to", () => {
    const graph = buildMapGraph(map, { minShare: 0.1, way: null });
    expect(idsOf(graph)).toEqual(["start", "step pay", "step ship", "end completed"]);
    expect(graph.hidden).toEqual({ branches: 2, steps: 2 });
  });

  test("never hides a step that sagas wait for", () => {
    const steps = map.steps.map((each) => (each.key === "refund" ? { ...each, waiting: 1 } : each));
    expect(idsOf(buildMapGraph({ ...map, steps }, { minShare: 0.5, way: null }))).toContain("step refund");
  });

  test("tells apart where sagas wait that none which has ended was at", () => {
    const audit = step("audit", 0, { waiting: 1, stuck: 2 });
    const graph = buildMapGraph(
      { ...map, steps: [...map.steps.slice(0, 3), audit] },
      { minShare: 0, way: null },
    );
    expect(graph.apart).toEqual([audit]);
    expect(graph.hidden.steps).toBe(0);
    // It may be gone a moment later: the picture stays as it is.
    expect(layoutKey(graph)).toBe(layoutKey(buildMapGraph(map, { minShare: 0, way: null })));
  });

  test("leads from the start to an end at every share", () => {
    const names = ["a", "b", "c", "d"];
    const anyBranch = fc.record({
      from: fc.constantFrom(null, ...names),
      to: fc.constantFrom(null, ...names),
      flows: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(
        fc.array(anyBranch, { maxLength: 24 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (raw, minShare) => {
          const branches = raw
            .map(
              ({ from, to, flows }): MapBranchDto => ({
                ...branch(from, to, flows, 100),
                end: to === null ? "completed" : null,
              }),
            )
            .toSorted((one, other) => other.flows - one.flows);
          const steps = names.map((key) => step(key, 1));
          const graph = buildMapGraph({ flows: 100, steps, branches, ends: {} }, { minShare, way: null });
          const ids = new Set(idsOf(graph));
          const goesOn = new Set(branches.map(({ from }) => (from === null ? "start" : `step ${from}`)));
          for (const { id, kind } of graph.nodes) {
            if (kind !== "start") expect(graph.edges.some(({ to }) => to === id)).toBe(true);
            if (goesOn.has(id)) expect(graph.edges.some(({ from }) => from === id)).toBe(true);
          }
          for (const { from, to } of graph.edges) expect(ids.has(from) && ids.has(to)).toBe(true);
        },
      ),
    );
  });

  test("shows all branches at first, and fewer only where they could not be read", () => {
    expect(readableShare(map)).toBe(0);
    const steps = Array.from({ length: 20 }, (_, index) => step(`s${index}`, 100));
    const branches = steps.flatMap(({ key }) => [
      branch(null, key, 3, 100),
      ...steps.map((other) => branch(key, other.key, 3, 100)),
    ]);
    expect(readableShare({ ...map, steps, branches })).toBe(0.05);
  });
});

describe("The way of a variant", () => {
  const variant = {
    stages: [["pay"], ["refund"]],
    flows: 5,
    share: 0.05,
    ends: { compensated: 5 },
    medianUs: null,
    p95Us: null,
  };
  const way = wayOf(variant, map.branches);

  test("goes from stage to stage to the ends that it had", () => {
    expect([...way.nodes]).toEqual(["start", "step pay", "step refund", "end compensated"]);
    expect(way.edges.size).toBe(3);
  });

  test("is shown whatever share is asked for", () => {
    expect(idsOf(buildMapGraph(map, { minShare: 0.5, way }))).toContain("step refund");
  });

  test("has the same name in an address whatever its numbers are", () => {
    expect(variantId(variant)).toBe(variantId({ stages: [["pay"], ["refund"]] }));
    expect(variantId(variant)).not.toBe(variantId({ stages: [["pay", "refund"]] }));
  });
});

test("a map is laid out anew when something came or went, and not for other numbers", () => {
  const graph = buildMapGraph(map, { minShare: 0, way: null });
  const grown = { ...map, steps: map.steps.map((each) => ({ ...each, flows: each.flows * 2 })) };
  expect(layoutKey(buildMapGraph(grown, { minShare: 0, way: null }))).toBe(layoutKey(graph));
  expect(layoutKey(buildMapGraph(map, { minShare: 0.1, way: null }))).not.toBe(layoutKey(graph));
  expect(toLayeredGraph(graph)).toMatchObject({
    direction: "DOWN",
    nodes: { length: 6 },
    edges: { length: 5 },
  });
});

test("a picture reaches as far as its lines and the words on them", () => {
  const routes = new Map([
    [
      "a",
      [
        { x: -40, y: 10 },
        { x: 5, y: 90 },
      ],
    ],
  ]);
  expect(cornersOf({ routes, labels: new Map([["a", { x: 100, y: 0 }]]) })).toEqual([
    { x: -40, y: 0 },
    { x: 192, y: 90 },
  ]);
  expect(cornersOf({ routes: new Map(), labels: new Map() })).toBeNull();
});

test("the more flows took a branch, the wider it is, within bounds", () => {
  const widths = [0, 1, 50, 100, 500].map((flows) => branchWidth(flows, 100));
  expect(widths).toEqual(widths.toSorted((one, other) => one - other));
  expect(widths.at(-1)).toBeLessThanOrEqual(8);
  expect(branchWidth(3, 0)).toBeGreaterThan(0);
});

test("a step takes back what others did where it does so in most flows", () => {
  expect(isCompensation({ flows: 4, compensating: 2 })).toBe(true);
  expect(isCompensation({ flows: 5, compensating: 2 })).toBe(false);
  expect(isCompensation({ flows: 0, compensating: 0 })).toBe(false);
});
