import { expect, test } from "vitest";
import type { TopologyEdgeDto } from "#server/contract/topology.ts";
import { compareTopologies } from "./compare-topologies.ts";
import { makeEdge as edge, makeGraph } from "./testing/graphs.ts";

const changes = (before: TopologyEdgeDto[], after: TopologyEdgeDto[]) =>
  Object.fromEntries(
    compareTopologies(makeGraph({ edges: before }), makeGraph({ edges: after })).map((one) => [
      one.id,
      one.changes,
    ]),
  );

test("Two windows tell what appeared and vanished, and what stood there without traffic", () => {
  expect(
    changes(
      [edge("old"), edge("quiet", { count: 0 }), edge("same")],
      [edge("new"), edge("quiet"), edge("same")],
    ),
  ).toEqual({ old: ["vanished"], new: ["appeared"], quiet: ["appeared"] });
});

test("Two windows tell what began to fail and what recovered", () => {
  const failing = { failureRate: 0.2, failed: 20 };
  expect(changes([edge("a"), edge("b", failing)], [edge("a", failing), edge("b")])).toEqual({
    a: ["failing"],
    b: ["recovered"],
  });
});

test("Two windows tell what got slower or faster, where that is no chance", () => {
  const before = [edge("a"), edge("b", { p95Ms: 90 }), edge("c", { count: 3 }), edge("d", { p95Ms: 2 })];
  const after = [edge("a", { p95Ms: 31 }), edge("b"), edge("c", { p95Ms: 900 }), edge("d", { p95Ms: 6 })];
  expect(changes(before, after)).toEqual({ a: ["slower"], b: ["faster"] });
});
