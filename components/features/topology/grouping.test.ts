import { describe, expect, test } from "vitest";
import { findCoarseGroups, findGroups, foldGroups, isTooLarge, MAX_DRAWN_NODES } from "./grouping.ts";
import { toScene } from "./scene.ts";
import { observedEdge, observedNode, TRAFFIC } from "./testing/observed.ts";

const scene = toScene({
  nodes: [
    observedNode("service:shop", { kind: "producer" }),
    observedNode("channel:orders"),
    observedNode("service:mail", { group: "crm" }),
    observedNode("service:points", { group: "crm", state: "failing" }),
    observedNode("service:audit", { group: "alone" }),
  ],
  edges: [
    observedEdge("service:shop", "channel:orders"),
    observedEdge("channel:orders", "service:mail", { types: [{ type: "a", count: 3 }] }),
    observedEdge("channel:orders", "service:points", {
      types: [{ type: "a", count: 5 }],
      failed: 30,
      failureRate: 0.5,
    }),
  ],
});

describe("Folding groups", () => {
  test("a group is what two nodes or more share", () => {
    expect(findGroups(scene).names).toEqual(["crm"]);
  });

  test("a folded group is one node, and its edges to another node one edge with their counts added", () => {
    const folded = foldGroups(scene, findGroups(scene), new Set(["crm"]));
    expect(folded.nodes.map(({ id }) => id)).toEqual([
      "service:shop",
      "channel:orders",
      "group:crm",
      "service:audit",
    ]);
    const edge = folded.edges.find(({ to }) => to === "group:crm");
    expect(edge?.traffic).toMatchObject({ count: 120, perSecond: 2, failed: 30, p50Ms: null });
    expect(edge?.traffic.failureRate).toBeCloseTo(30 / 120);
    expect(edge?.types).toEqual([{ type: "a", count: 8 }]);
    expect(edge?.members).toHaveLength(2);
  });

  test("nothing that fails hides in a folded group", () => {
    const folded = foldGroups(scene, findGroups(scene), new Set(["crm"]));
    expect(folded.nodes.find(({ id }) => id === "group:crm")?.state).toBe("failing");
  });

  test("unfolded, the scene is what it was", () => {
    expect(foldGroups(scene, findGroups(scene), new Set())).toBe(scene);
  });

  test("what is too large to read has groups by the beginnings of names, where services share no others", () => {
    const nodes = Array.from({ length: MAX_DRAWN_NODES + 1 }, (_, index) =>
      observedNode(`service:team${index % 7}-worker-${index}`),
    );
    const large = toScene({ nodes, edges: [] });
    expect(isTooLarge(large)).toBe(true);
    const grouping = findCoarseGroups(large);
    expect(grouping.names).toHaveLength(7);
    expect(foldGroups(large, grouping, new Set(grouping.names)).nodes).toHaveLength(7);
  });

  test("percentiles of one edge alone are kept", () => {
    expect(scene.edges[0]?.traffic.p50Ms).toBe(TRAFFIC.p50Ms);
  });
});
