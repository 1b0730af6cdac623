import { describe, expect, test } from "vitest";
import { buildScene, mergeWindows } from "./build-scene.ts";
import { MAX_DRAWN_NODES } from "./grouping.ts";
import { observedEdge, observedNode } from "./testing/observed.ts";
import { toLayeredGraph } from "./to-layered-graph.ts";
import { findNodes } from "./use-picture-search.ts";

const graph = {
  nodes: [
    observedNode("service:shop", { group: "sales" }),
    observedNode("service:till", { group: "sales" }),
    observedNode("channel:orders"),
    observedNode("service:mail"),
  ],
  edges: [
    observedEdge("service:shop", "channel:orders", { types: [{ type: "order.placed", count: 2 }] }),
    observedEdge("service:till", "channel:orders"),
    observedEdge("channel:orders", "service:mail"),
    observedEdge("service:shop", "service:mail", { kind: "commands" }),
  ],
};
const asIs = { graph, mediations: [], toggled: [], focus: null };

describe("What is drawn", () => {
  test("goes by channels, where a command is seen on its way through them", () => {
    expect(buildScene(asIs).scene.edges.map(({ kind }) => kind)).toEqual([
      "publishes",
      "publishes",
      "subscribes",
    ]);
  });

  test("is folded where somebody folded a group", () => {
    const built = buildScene({ ...asIs, toggled: ["sales"] });
    expect(built.groups).toEqual([{ name: "sales", isFolded: true }]);
    expect(built.scene.nodes.map(({ id }) => id)).toEqual(["group:sales", "channel:orders", "service:mail"]);
    expect(built.isFoldedBySize).toBe(false);
  });

  test("is folded by itself where it is too large, but for what somebody unfolded", () => {
    const nodes = Array.from({ length: MAX_DRAWN_NODES + 1 }, (_, index) =>
      observedNode(`service:${index}`, { group: `team ${index % 3}` }),
    );
    const large = { ...asIs, graph: { nodes, edges: [] } };
    expect(buildScene(large)).toMatchObject({ isFoldedBySize: true, size: { nodes: MAX_DRAWN_NODES + 1 } });
    expect(buildScene(large).scene.nodes).toHaveLength(3);
    expect(buildScene({ ...large, toggled: ["team 0"] }).scene.nodes).toHaveLength(2 + 167);
  });

  test("is reduced to what is around a node", () => {
    const { scene } = buildScene({ ...asIs, focus: "service:mail" });
    expect(scene.nodes.map(({ id }) => id)).toContain("service:shop");
    expect(buildScene({ ...asIs, focus: "service:gone" }).scene.nodes).toHaveLength(4);
  });
});

test("two windows make one graph: what both have as it is, what vanished as it was", () => {
  const window = { from: "2026-01-05T10:00:00Z", to: "2026-01-05T10:15:00Z" };
  const empty = { window, asOf: null, flowType: null, flows: null, relativeError: 0.02, isCapped: false };
  const before = { ...empty, nodes: [observedNode("service:a"), observedNode("service:b")], edges: [] };
  const after = { ...empty, nodes: [observedNode("service:b", { state: "failing" })], edges: [] };
  const { nodes } = mergeWindows({ before, after, changes: [] });
  expect(nodes.map(({ id, state }) => `${id} ${state}`)).toEqual(["service:b failing", "service:a active"]);
});

test("the layout engine gets nodes and edges in the same order, whatever the order in which they were told", () => {
  const { scene } = buildScene(asIs);
  const reversed = { nodes: scene.nodes.toReversed(), edges: scene.edges.toReversed() };
  expect(toLayeredGraph(reversed)).toEqual(toLayeredGraph(scene));
});

test("nodes are found by name, by the group they are folded into, and by the types on their edges", () => {
  const { scene } = buildScene(asIs);
  expect(findNodes(scene, " ")).toBeNull();
  expect(findNodes(scene, "MAIL")).toEqual(["service:mail"]);
  expect(findNodes(scene, "order.pl")).toEqual(["service:shop", "channel:orders"]);
  expect(findNodes(buildScene({ ...asIs, toggled: ["sales"] }).scene, "till")).toEqual(["group:sales"]);
  expect(findNodes(scene, "nobody")).toEqual([]);
});
