import { expect, test } from "vitest";
import { focusOn } from "./focus-on.ts";
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

test("a picture reduced to a node reaches through its channels", () => {
  const kept = focusOn(scene, "service:shop").nodes.map(({ id }) => id);
  expect(kept).toEqual(["service:shop", "channel:orders", "service:mail", "service:stock"]);
});

test("a picture reduced to a node that is not there is everything", () => {
  expect(focusOn(scene, "service:gone")).toBe(scene);
});
