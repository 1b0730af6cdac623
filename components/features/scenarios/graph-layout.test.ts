import { describe, expect, test } from "vitest";
import { layOut, NODE_HEIGHT, NODE_WIDTH } from "./graph-layout.ts";

const edge = (from: string, to: string) => ({ from, to });

describe("The layout of a graph", () => {
  test("leads from left to right, after the last of what leads to a node", () => {
    const { places } = layOut(
      ["a", "b", "c", "d"],
      [edge("a", "b"), edge("a", "d"), edge("b", "c"), edge("c", "d")],
    );
    const xs = ["a", "b", "c", "d"].map((id) => places.get(id)?.x ?? 0);
    expect(xs).toEqual(xs.toSorted((one, other) => one - other));
    expect(new Set(xs).size).toBe(4);
  });

  test("an edge back does not move anything, and is said to be one", () => {
    const back = edge("c", "b");
    const forth = [edge("a", "b"), edge("b", "c")];
    const { places, isBack } = layOut(["a", "b", "c"], [...forth, back]);
    expect(places.get("b")).toEqual(layOut(["a", "b", "c"], forth).places.get("b"));
    expect([...forth, back].map(isBack)).toEqual([false, false, true]);
  });

  test("no two nodes overlap, and all are inside", () => {
    const ids = ["a", "b", "c", "d", "e", "f"];
    const { places, width, height } = layOut(
      ids,
      [..."bcdef"].map((id) => edge("a", id)),
    );
    const boxes = [...places.values()];
    for (const [index, box] of boxes.entries()) {
      expect(box.x + NODE_WIDTH).toBeLessThanOrEqual(width);
      expect(box.y + NODE_HEIGHT).toBeLessThanOrEqual(height);
      for (const other of boxes.slice(index + 1)) {
        const isApart = Math.abs(box.x - other.x) >= NODE_WIDTH || Math.abs(box.y - other.y) >= NODE_HEIGHT;
        expect(isApart).toBe(true);
      }
    }
  });
});
