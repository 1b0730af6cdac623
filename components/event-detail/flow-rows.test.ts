import { expect, test } from "vitest";
import type { FlowNodeDto } from "#server/contract/events.ts";
import { arrangeFlow } from "#server/domain/flow-tree.ts";
import { flowDurationMs, neighboursOf, toFlowList, toFlowRows } from "./flow-rows.ts";

type Seed = { id: string; cause?: string; atMs: number; time?: string | null };

const START = 1_800_000_000_000_000;

function flowOf(seeds: readonly Seed[]): FlowNodeDto[] {
  return arrangeFlow(
    seeds.map(({ id, cause, atMs, time }) => ({
      position: String(START + atMs * 1000),
      id,
      source: "/shop",
      type: `test.${id}`,
      subject: null,
      kind: null,
      time: time ?? null,
      recordedAt: new Date((START + atMs * 1000) / 1000).toISOString(),
      correlationId: "flow",
      causationId: cause ?? null,
      partitionKey: null,
      channel: null,
      dataContentType: null,
      dataBytes: 0,
      shape: "cloudevents-structured" as const,
    })),
  );
}

const ORDER = flowOf([
  { id: "a", atMs: 0 },
  { id: "b", cause: "a", atMs: 10 },
  { id: "c", cause: "b", atMs: 25 },
  { id: "d", cause: "a", atMs: 30 },
  { id: "e", cause: "lost", atMs: 40 },
]);

/** The tree as text: `|` for a line that runs on, `+` for a branch with later siblings, `\` for the last one. */
function draw(nodes: readonly FlowNodeDto[]): string[] {
  return toFlowRows(nodes, "recorded").map(({ node, depth, guides, isLast }) => {
    const lines = guides.map((isLine) => (isLine ? "|" : " ")).join("");
    const branch = isLast ? "\\" : "+";
    return `${lines}${depth === 0 ? "" : branch}${node.id}`;
  });
}

test("lines run from a cause down to its last effect and no further", () => {
  expect(draw(ORDER)).toEqual(["a", "+b", "|\\c", "\\d", "e"]);
});

test("a line that ended does not come back below its last branch", () => {
  const nodes = flowOf([
    { id: "a", atMs: 0 },
    { id: "b", cause: "a", atMs: 1 },
    { id: "c", cause: "b", atMs: 2 },
    { id: "d", cause: "c", atMs: 3 },
    { id: "e", cause: "b", atMs: 4 },
  ]);
  expect(draw(nodes)).toEqual(["a", "\\b", " +c", " |\\d", " \\e"]);
});

test("times count from the start of the flow and from the cause", () => {
  const rows = toFlowRows(ORDER, "recorded");
  expect(rows.map((row) => row.sinceStartMs)).toEqual([0, 10, 25, 30, 40]);
  expect(rows.map((row) => row.sinceCauseMs)).toEqual([null, 10, 15, 30, null]);
  expect(flowDurationMs(rows)).toBe(40);
});

test("by the producer's clock an effect can come before its cause, and an event can have no time", () => {
  const rows = toFlowRows(
    flowOf([
      { id: "a", atMs: 0, time: "2026-01-01T10:00:05Z" },
      { id: "b", cause: "a", atMs: 1, time: "2026-01-01T10:00:03Z" },
      { id: "c", cause: "a", atMs: 2 },
    ]),
    "producer",
  );
  expect(rows.map((row) => row.sinceStartMs)).toEqual([2000, 0, null]);
  expect(rows.map((row) => row.sinceCauseMs)).toEqual([null, -2000, null]);
});

test("as a list, events stand in the order of their times, without branches", () => {
  const rows = toFlowList(toFlowRows(ORDER.toReversed(), "recorded"));
  expect(rows.map((row) => row.node.id)).toEqual(["a", "b", "c", "d", "e"]);
  expect(rows.every((row) => row.depth === 0 && row.guides.length === 0)).toBe(true);
});

test("an empty flow takes no time", () => {
  expect(flowDurationMs(toFlowRows([], "recorded"))).toBe(0);
});

test("neighbours follow the order of recording, not that of the tree", () => {
  const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((id) => ORDER.find((node) => node.id === id));
  expect(neighboursOf(ORDER, c?.position ?? "")).toEqual({ previous: b, next: d, place: 3 });
  expect(neighboursOf(ORDER, a?.position ?? "")).toMatchObject({ previous: null, place: 1 });
  expect(neighboursOf(ORDER, e?.position ?? "")).toMatchObject({ previous: d, next: null });
  expect(neighboursOf(ORDER, "7")).toEqual({ previous: null, next: null, place: null });
});

test("a list says how long after the row above each event came", () => {
  const rows = toFlowList(toFlowRows(ORDER, "recorded"));
  expect(rows.map(({ node, sincePreviousMs }) => [node.id, sincePreviousMs])).toEqual([
    ["a", null],
    ["b", 10],
    ["c", 15],
    ["d", 5],
    ["e", 10],
  ]);
});

test("what is left out still tells when the flow began, and leaves no line to it", () => {
  const rows = toFlowRows(ORDER, "recorded", ({ id }) => id === "a" || id === "b" || id === "c");
  expect(rows.map(({ node, sinceStartMs, isLast }) => [node.id, sinceStartMs, isLast])).toEqual([
    ["a", 0, true],
    ["b", 10, true],
    ["c", 25, true],
  ]);
  expect(toFlowRows(ORDER, "recorded", ({ id }) => id === "e")[0]?.sinceStartMs).toBe(40);
});
