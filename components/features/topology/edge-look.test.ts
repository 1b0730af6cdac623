import { expect, test } from "vitest";
import { routedPath } from "#components/ui/graph/routed-path.ts";
import { EDGE_LOOKS, edgeHealth, edgeWidth, markSeconds } from "./edge-look.ts";
import { plainPath, spokePath } from "./edge-path.ts";
import { TRAFFIC } from "./testing/observed.ts";

const rates = [0, 0.001, 0.05, 0.5, 5, 50, 5_000];

test("the more travels an edge, the wider it is and the faster its marks are, within bounds", () => {
  const widths = rates.map(edgeWidth);
  expect(widths).toEqual(widths.toSorted((one, other) => one - other));
  expect(Math.max(...widths)).toBeLessThanOrEqual(7);
  const seconds = rates.slice(1).map((rate) => markSeconds(rate) ?? Number.NaN);
  expect(seconds).toEqual(seconds.toSorted((one, other) => other - one));
  expect(markSeconds(0)).toBeNull();
});

test("how well an edge is shows in colour and in pattern", () => {
  const well = edgeHealth({ traffic: TRAFFIC });
  const troubled = edgeHealth({ traffic: { ...TRAFFIC, failed: 1, failureRate: 0.01 } });
  const failing = edgeHealth({ traffic: { ...TRAFFIC, failed: 30, failureRate: 0.5 } });
  expect([well, troubled, failing]).toEqual(["well", "troubled", "failing"]);
  expect(edgeHealth({ traffic: { ...TRAFFIC, failureRate: null } })).toBe("well");
  const looks = [well, troubled, failing].map((health) => EDGE_LOOKS[health]);
  expect(new Set(looks.map(({ stroke }) => stroke)).size).toBe(3);
  expect(new Set(looks.map(({ dash }) => dash)).size).toBe(3);
});

test("an edge ahead runs from side to side, one back as a loop below both", () => {
  const ahead = plainPath({ x: 0, y: 0 }, { x: 400, y: 100 });
  expect(ahead.middle).toEqual({ x: 296, y: 78 });
  const back = plainPath({ x: 400, y: 0 }, { x: 0, y: 0 });
  expect(back.middle.y).toBeGreaterThan(56);
});

test("a route keeps its ends, and its words stand on the longest stretch", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 20, y: 0 },
    { x: 20, y: 60 },
    { x: 300, y: 60 },
  ];
  const { d, middle } = routedPath(points);
  expect(d.startsWith("M 0 0")).toBe(true);
  expect(d.endsWith("L 300 60")).toBe(true);
  expect(middle).toEqual({ x: 160, y: 60 });
});

test("two spokes between the same boxes run apart", () => {
  const [one, other] = [-10, 10].map((aside) => spokePath({ x: 0, y: 0 }, { x: 0, y: 300 }, aside));
  expect(Math.abs((one?.middle.x ?? 0) - (other?.middle.x ?? 0))).toBeCloseTo(20);
});
