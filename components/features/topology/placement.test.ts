import { describe, expect, test } from "vitest";
import { canKeepPlaces, NODE_HEIGHT, NODE_WIDTH, placeNewcomers } from "./placement.ts";

const known = new Map([
  ["shop", { x: 0, y: 0 }],
  ["orders", { x: 300, y: 0 }],
  ["mail", { x: 588, y: 0 }],
]);
const links = [
  { from: "shop", to: "orders" },
  { from: "orders", to: "mail" },
];

function overlaps(places: ReadonlyMap<string, { x: number; y: number }>): string[] {
  const all = [...places];
  return all.flatMap(([id, one], index) =>
    all
      .slice(index + 1)
      .filter(
        ([, other]) => Math.abs(one.x - other.x) < NODE_WIDTH && Math.abs(one.y - other.y) < NODE_HEIGHT,
      )
      .map(([other]) => `${id} on ${other}`),
  );
}

describe("A node that comes", () => {
  test("moves no other node", () => {
    const ids = ["shop", "orders", "mail", "fraud"];
    const places = placeNewcomers(ids, [...links, { from: "orders", to: "fraud" }], known);
    for (const [id, place] of known) expect(places.get(id)).toEqual(place);
  });

  test("stands after what leads to it, and on nobody", () => {
    const newcomers = ["fraud", "points", "audit", "search"];
    const places = placeNewcomers(
      ["shop", "orders", "mail", ...newcomers],
      [...links, ...newcomers.map((to) => ({ from: "orders", to }))],
      known,
    );
    for (const id of newcomers) expect(places.get(id)?.x).toBeGreaterThan(300);
    expect(overlaps(places)).toEqual([]);
  });

  test("grows a chain from where it begins, whatever comes first in the list", () => {
    const places = placeNewcomers(
      ["last", "middle", ...known.keys()],
      [...links, { from: "mail", to: "middle" }, { from: "middle", to: "last" }],
      known,
    );
    expect(places.get("middle")?.x).toBeGreaterThan(588);
    expect(places.get("last")?.x).toBeGreaterThan(places.get("middle")?.x ?? Number.NaN);
  });

  test("takes no place of a node that is gone, which has it again when it comes back", () => {
    const without = placeNewcomers(
      ["shop", "orders", "fraud"],
      [...links, { from: "orders", to: "fraud" }],
      known,
    );
    expect(without.get("mail")).toEqual(known.get("mail"));
    expect(overlaps(without)).toEqual([]);
  });

  test("without any neighbour stands below", () => {
    const places = placeNewcomers([...known.keys(), "stranger"], links, known);
    expect(places.get("stranger")?.y).toBeGreaterThan(NODE_HEIGHT);
    expect(overlaps(places)).toEqual([]);
  });
});

test("places are kept as long as most of the picture has one", () => {
  expect(canKeepPlaces(["shop", "orders", "new"], known)).toBe(true);
  expect(canKeepPlaces(["shop", "new", "newer"], known)).toBe(false);
  expect(canKeepPlaces(["new"], known)).toBe(false);
});
