import type { FlowNodeDto } from "#server/contract/events.ts";
import { comparePositions } from "#server/domain/position.ts";

/** Deeper than this the tree is not indented any further; the row says its depth instead. */
export const MAX_INDENT = 10;

/** Which clock orders and measures a flow: when we recorded an event, or when its producer says it happened. */
export const FLOW_CLOCKS = ["recorded", "producer"] as const;
export type FlowClock = (typeof FLOW_CLOCKS)[number];

/** By cause as a tree, or one after the other by the clock. */
export const FLOW_ARRANGEMENTS = ["tree", "list"] as const;
export type FlowArrangement = (typeof FLOW_ARRANGEMENTS)[number];

/** What drawing an event of a flow takes. */
export type FlowNode = Pick<
  FlowNodeDto,
  | "position"
  | "id"
  | "source"
  | "type"
  | "kind"
  | "time"
  | "recordedAt"
  | "causationId"
  | "parent"
  | "depth"
  | "missingCause"
>;

export type FlowRow = {
  node: FlowNode;
  /** How deep the row stands in the tree; 0 in a list. */
  depth: number;
  /** For each level left of the row's own that is indented: whether a line runs down past it to a later sibling. */
  guides: boolean[];
  /** True when no later event has the same cause. */
  isLast: boolean;
  /** Milliseconds since the earliest event of the flow; null without the clock's time. */
  sinceStartMs: number | null;
  /** Milliseconds since its cause; null for a root and without the clock's time. */
  sinceCauseMs: number | null;
  /** Milliseconds since the row above in a list; null in a tree, for the first and without the clock's time. */
  sincePreviousMs: number | null;
};

/**
 * The nodes of a flow, in their order, with what drawing them as a tree on a time line takes. Those that are left out
 * still tell when the flow began; whoever leaves out one leaves out what followed from it.
 */
export function toFlowRows(
  nodes: readonly FlowNode[],
  clock: FlowClock,
  isDrawn: (node: FlowNode) => boolean = () => true,
): FlowRow[] {
  const times = new Map(nodes.map((node) => [node.position, clockMs(node, clock)]));
  const start = minimum([...times.values()].filter((at) => at !== null));
  const drawn = nodes.filter(isDrawn);
  const hasLater = laterSiblings(drawn);
  const open: boolean[] = [];
  return drawn.map((node, index) => {
    const at = times.get(node.position) ?? null;
    const cause = node.parent === null ? null : (times.get(node.parent) ?? null);
    const isLast = !hasLater[index];
    open.length = node.depth;
    const guides = node.depth === 0 ? [] : open.slice(1, MAX_INDENT);
    open.push(!isLast);
    return {
      node,
      depth: node.depth,
      guides,
      isLast,
      sinceStartMs: at === null || start === null ? null : at - start,
      sinceCauseMs: at === null || cause === null ? null : at - cause,
      sincePreviousMs: null,
    };
  });
}

/** The same rows one after the other by their clock; those without a time come last. */
export function toFlowList(rows: readonly FlowRow[]): FlowRow[] {
  return rows
    .toSorted((a, b) => {
      const [first, second] = [
        a.sinceStartMs ?? Number.POSITIVE_INFINITY,
        b.sinceStartMs ?? Number.POSITIVE_INFINITY,
      ];
      if (first !== second) return first - second;
      return comparePositions(a.node.position, b.node.position);
    })
    .map((row, index, all): FlowRow => {
      const [at, before] = [row.sinceStartMs, all[index - 1]?.sinceStartMs ?? null];
      const sincePreviousMs = at === null || before === null ? null : at - before;
      return { ...row, depth: 0, guides: [], isLast: true, sincePreviousMs };
    });
}

/** How long a flow has taken so far by its rows, in milliseconds. */
export function flowDurationMs(rows: readonly FlowRow[]): number {
  return rows.reduce((longest, row) => Math.max(longest, row.sinceStartMs ?? 0), 0);
}

/** The events of a flow before and after one, in the order in which they were recorded. */
export function neighboursOf(
  nodes: readonly FlowNodeDto[],
  position: string,
): { previous: FlowNodeDto | null; next: FlowNodeDto | null; place: number | null } {
  const ordered = nodes.toSorted((a, b) => comparePositions(a.position, b.position));
  const at = ordered.findIndex((node) => node.position === position);
  if (at === -1) return { previous: null, next: null, place: null };
  return { previous: ordered[at - 1] ?? null, next: ordered[at + 1] ?? null, place: at + 1 };
}

/** For each node, whether a later one has the same parent. A root has none. */
function laterSiblings(nodes: readonly FlowNode[]): boolean[] {
  const seen = new Set<string>();
  return nodes
    .toReversed()
    .map(({ parent }) => {
      if (parent === null) return false;
      const isLater = seen.has(parent);
      seen.add(parent);
      return isLater;
    })
    .toReversed();
}

/**
 * Milliseconds since 1970. A position is finer, but only so that no two are the same: events of one batch were not
 * recorded microseconds apart.
 */
function clockMs(node: FlowNode, clock: FlowClock): number | null {
  const ms = Date.parse((clock === "recorded" ? node.recordedAt : node.time) ?? "");
  return Number.isNaN(ms) ? null : ms;
}

function minimum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((least, value) => Math.min(least, value));
}
