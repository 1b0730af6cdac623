import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrangeFlow } from "./flow-tree.ts";

const event = (position: number, id: string, causationId: string | null = null) => ({
  position: String(position),
  id,
  causationId,
});

describe("the tree of a flow", () => {
  test("effects follow their cause, depth first", () => {
    const nodes = arrangeFlow([event(1, "a"), event(2, "b", "a"), event(3, "c", "a"), event(4, "d", "b")]);
    expect(nodes.map(({ id, depth, parent }) => [id, depth, parent])).toEqual([
      ["a", 0, null],
      ["b", 1, "1"],
      ["d", 2, "2"],
      ["c", 1, "1"],
    ]);
  });

  test("an effect that arrived before its cause still stands below it", () => {
    const nodes = arrangeFlow([event(1, "effect", "cause"), event(2, "cause")]);
    expect(nodes.map(({ id }) => id)).toEqual(["cause", "effect"]);
  });

  test("a cause that is not part of the flow is reported, not invented", () => {
    const [node] = arrangeFlow([event(1, "a", "gone")]);
    expect(node).toMatchObject({ parent: null, depth: 0, missingCause: true });
  });

  test("events that cause each other, or themselves, are all shown once", () => {
    const nodes = arrangeFlow([event(1, "a", "b"), event(2, "b", "a"), event(3, "c", "c")]);
    expect(nodes.map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(nodes.filter((node) => node.missingCause).map(({ id }) => id)).toEqual(["c", "a"]);
  });

  test("every event stands in the tree exactly once, below its parent", () => {
    const ids = fc.constantFrom("a", "b", "c", "d", "e");
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, fc.option(ids))), (pairs) => {
        const events = pairs.map(([id, cause], index) => event(index + 1, id, cause));
        const nodes = arrangeFlow(events);
        expect(nodes.map((node) => node.position).toSorted()).toEqual(
          events.map((one) => one.position).toSorted(),
        );
        const depths = new Map(nodes.map((node) => [node.position, node.depth]));
        for (const node of nodes) {
          if (node.parent !== null) expect(node.depth).toBe((depths.get(node.parent) ?? Number.NaN) + 1);
        }
      }),
    );
  });

  test("a chain of a hundred thousand events does not overflow the stack", () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => event(i, `e${i}`, i === 0 ? null : `e${i - 1}`));
    expect(arrangeFlow(chain).at(-1)?.depth).toBe(99_999);
  });
});
