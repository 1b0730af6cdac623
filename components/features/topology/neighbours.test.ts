import { describe, expect, test } from "vitest";
import { focusOn, nextInDirection, relatedTo } from "./neighbours.ts";
import { toScene } from "./scene.ts";
import { observedEdge, observedNode } from "./testing/observed.ts";

const scene = toScene({
  nodes: [
    "service:shop",
    "channel:orders",
    "service:mail",
    "service:stock",
    "channel:stock",
    "service:ship",
  ].map((id) => observedNode(id)),
  edges: [
    observedEdge("service:shop", "channel:orders"),
    observedEdge("channel:orders", "service:mail"),
    observedEdge("channel:orders", "service:stock"),
    observedEdge("service:stock", "channel:stock"),
    observedEdge("channel:stock", "service:ship"),
  ],
});
const places = new Map([
  ["service:shop", { x: 0, y: 50 }],
  ["channel:orders", { x: 100, y: 50 }],
  ["service:mail", { x: 200, y: 0 }],
  ["service:stock", { x: 200, y: 100 }],
  ["channel:stock", { x: 300, y: 100 }],
  ["service:ship", { x: 400, y: 100 }],
]);

describe("What belongs to a node", () => {
  test("is what it is connected to, with the edges between", () => {
    const { nodes, edges } = relatedTo(scene, "channel:orders");
    expect([...nodes].sort()).toEqual(["channel:orders", "service:mail", "service:shop", "service:stock"]);
    expect(edges.size).toBe(3);
  });

  test("of an edge are its two ends", () => {
    const { nodes } = relatedTo(scene, "service:shop publishes channel:orders");
    expect([...nodes].sort()).toEqual(["channel:orders", "service:shop"]);
  });

  test("reaches through a channel when a picture is reduced to it", () => {
    const kept = focusOn(scene, "service:shop").nodes.map(({ id }) => id);
    expect(kept).toEqual(["service:shop", "channel:orders", "service:mail", "service:stock"]);
  });

  test("is everything for a node that is not there", () => {
    expect(focusOn(scene, "service:gone")).toBe(scene);
  });
});

describe("Arrow keys", () => {
  test("lead to the nearest connected node that way", () => {
    expect(nextInDirection(scene, places, "service:shop", "right")).toBe("channel:orders");
    expect(nextInDirection(scene, places, "channel:stock", "left")).toBe("service:stock");
  });

  test("lead to what is near where nothing is connected that way", () => {
    expect(nextInDirection(scene, places, "service:stock", "up")).toBe("channel:orders");
    expect(nextInDirection(scene, places, "service:mail", "down")).toBe("channel:orders");
  });

  test("stay at the rim", () => {
    expect(nextInDirection(scene, places, "service:ship", "right")).toBeNull();
    expect(nextInDirection(scene, places, "service:gone", "right")).toBeNull();
  });
});
