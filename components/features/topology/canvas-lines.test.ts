import { expect, test } from "vitest";
import { batchLines, isWithin, lineAt, toCanvasLine } from "./canvas-lines.ts";
import { plainPath, spokePath } from "./edge-path.ts";
import type { SceneEdge } from "./scene.ts";
import { TRAFFIC } from "./testing/observed.ts";

const everywhere = { left: -10_000, top: -10_000, right: 10_000, bottom: 10_000 };

function lineFrom(id: string, [y, toY]: [number, number], traffic: Partial<SceneEdge["traffic"]> = {}) {
  const edge: SceneEdge = {
    id,
    from: "a",
    to: "b",
    kind: "publishes",
    traffic: { ...TRAFFIC, ...traffic },
    types: [],
    members: [id],
  };
  return toCanvasLine(edge, plainPath({ x: 0, y }, { x: 600, y: toY }), null);
}

test("lines that look alike are drawn together, others by themselves", () => {
  const lines = [
    lineFrom("one", [0, 0]),
    lineFrom("two", [100, 0]),
    lineFrom("failing", [200, 0], { failed: 50, failureRate: 0.5 }),
    lineFrom("busy", [300, 0], { perSecond: 900 }),
  ];
  const batches = batchLines(lines, everywhere);
  expect(batches.map((batch) => batch.lines.map(({ id }) => id))).toEqual([
    ["one", "two"],
    ["failing"],
    ["busy"],
  ]);
  expect(batches[1]?.dash).toBeDefined();
  expect(batches[2]?.width).toBeGreaterThan(batches[0]?.width ?? Number.NaN);
});

test("only what comes through the area is drawn", () => {
  const lines = [lineFrom("high", [0, 0]), lineFrom("low", [900, 900]), lineFrom("through", [0, 900])];
  const seen = batchLines(lines, { left: 250, top: 300, right: 550, bottom: 600 });
  expect(seen.flatMap((batch) => batch.lines.map(({ id }) => id))).toEqual(["through"]);
});

test("a click takes the nearest line within reach, along its curve and not only at its ends", () => {
  const lines = [lineFrom("level", [0, 0]), lineFrom("falling", [0, 400])];
  const { middle } = lines[1]?.path ?? plainPath({ x: 0, y: 0 }, { x: 0, y: 0 });
  expect(lineAt(lines, { x: middle.x, y: middle.y + 3 }, 8)?.id).toBe("falling");
  expect(lineAt(lines, { x: 396, y: 30 }, 8)?.id).toBe("level");
  expect(lineAt(lines, { x: 396, y: 100 }, 8)).toBeNull();
  expect(lineAt([], { x: 0, y: 0 }, 8)).toBeNull();
});

test("straight pieces of a path begin and end where it does", () => {
  for (const path of [
    plainPath({ x: 0, y: 0 }, { x: 500, y: 80 }),
    plainPath({ x: 500, y: 80 }, { x: 0, y: 0 }),
    spokePath({ x: 0, y: 0 }, { x: 500, y: 80 }, 10),
  ]) {
    const numbers = path.d.match(/-?[\d.]+/g)?.map(Number) ?? [];
    const [first, last] = [path.points[0], path.points.at(-1)];
    expect([first?.x, first?.y]).toEqual(numbers.slice(0, 2));
    expect([last?.x, last?.y]).toEqual(numbers.slice(-2));
  }
});

test("an area lies within another with all four sides", () => {
  const inner = { left: 0, top: 0, right: 10, bottom: 10 };
  expect(isWithin(inner, everywhere)).toBe(true);
  expect(isWithin({ ...inner, right: 20_000 }, everywhere)).toBe(false);
});
