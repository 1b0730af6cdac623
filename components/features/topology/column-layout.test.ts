import { describe, expect, test } from "vitest";
import { layOutInColumns } from "./column-layout.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "./placement.ts";
import { toScene } from "./scene.ts";
import { observedEdge, observedNode } from "./testing/observed.ts";

/** Every third service only sends. */
function manyServices(services: number, channels: number) {
  const names = Array.from({ length: services }, (_, index) => `service:s${index}`);
  const edges = names.flatMap((service, index) => {
    const out = observedEdge(service, `channel:c${index % channels}`);
    const next = observedEdge(`channel:c${(index * 7) % channels}`, service);
    return index % 3 === 0 ? [out] : [out, next];
  });
  const nodes = [...names, ...Array.from({ length: channels }, (_, index) => `channel:c${index}`)];
  return toScene({ nodes: nodes.map((id) => observedNode(id)), edges });
}

describe("A picture of many nodes", () => {
  const scene = manyServices(380, 120);
  const places = layOutInColumns(scene);

  test("has a place for each, and no two on each other", () => {
    expect(places.size).toBe(500);
    const all = [...places.values()];
    const overlapping = all.filter((one, index) =>
      all
        .slice(index + 1)
        .some((other) => Math.abs(one.x - other.x) < NODE_WIDTH && Math.abs(one.y - other.y) < NODE_HEIGHT),
    );
    expect(overlapping).toEqual([]);
  });

  test("has what only sends on the left, channels in the middle, and what receives on the right", () => {
    const xs = (isMeant: (id: string) => boolean) =>
      scene.nodes.filter(({ id }) => isMeant(id)).map(({ id }) => places.get(id)?.x ?? Number.NaN);
    const isSender = (id: string) => id.startsWith("service:") && Number(id.slice(9)) % 3 === 0;
    const isChannel = (id: string) => id.startsWith("channel:");
    const channels = xs(isChannel);
    expect(Math.max(...xs(isSender))).toBeLessThan(Math.min(...channels));
    expect(Math.min(...xs((id) => !isChannel(id) && !isSender(id)))).toBeGreaterThan(Math.max(...channels));
  });

  test("is the same whatever the order in which nodes are told", () => {
    const reversed = { nodes: scene.nodes.toReversed(), edges: scene.edges };
    expect(layOutInColumns(reversed)).toEqual(places);
  });
});

test("neighbours stand at about the same height", () => {
  const nodes = ["a", "b", "c", "d"].flatMap((name) => [`service:${name}`, `channel:${name}`]);
  const places = layOutInColumns(
    toScene({
      nodes: nodes.toSorted().map((id) => observedNode(id)),
      edges: ["a", "b", "c", "d"].map((name, index, all) =>
        observedEdge(`service:${name}`, `channel:${all[(index + 2) % 4]}`),
      ),
    }),
  );
  expect(places.get("service:a")?.y).toBe(places.get("channel:c")?.y);
  expect(places.get("service:c")?.y).toBe(places.get("channel:a")?.y);
});
