import { describe, expect, test } from "vitest";
import { nextInDirection, relatedTo } from "./neighbours.ts";

const graph = {
  nodes: ["shop", "orders", "mail", "stock", "reserved", "ship"].map((id) => ({ id })),
  edges: [
    ["shop", "orders"],
    ["orders", "mail"],
    ["orders", "stock"],
    ["stock", "reserved"],
    ["reserved", "ship"],
  ].map(([from = "", to = ""]) => ({ id: `${from} to ${to}`, from, to })),
};
const places = new Map([
  ["shop", { x: 0, y: 50 }],
  ["orders", { x: 100, y: 50 }],
  ["mail", { x: 200, y: 0 }],
  ["stock", { x: 200, y: 100 }],
  ["reserved", { x: 300, y: 100 }],
  ["ship", { x: 400, y: 100 }],
]);

describe("What belongs to a node", () => {
  test("is what it is connected to, with the edges between", () => {
    const { nodes, edges } = relatedTo(graph, "orders");
    expect([...nodes].sort()).toEqual(["mail", "orders", "shop", "stock"]);
    expect(edges.size).toBe(3);
  });

  test("of an edge are its two ends", () => {
    const { nodes } = relatedTo(graph, "shop to orders");
    expect([...nodes].sort()).toEqual(["orders", "shop"]);
  });
});

describe("Arrow keys", () => {
  test("lead to the nearest connected node that way", () => {
    expect(nextInDirection(graph, places, "shop", "right")).toBe("orders");
    expect(nextInDirection(graph, places, "reserved", "left")).toBe("stock");
  });

  test("lead to what is near where nothing is connected that way", () => {
    expect(nextInDirection(graph, places, "stock", "up")).toBe("orders");
    expect(nextInDirection(graph, places, "mail", "down")).toBe("orders");
  });

  test("stay at the rim", () => {
    expect(nextInDirection(graph, places, "ship", "right")).toBeNull();
    expect(nextInDirection(graph, places, "gone", "right")).toBeNull();
  });
});
