export const NODE_WIDTH = 132;
export const NODE_HEIGHT = 44;
/** From column to column: with names on the edges, or without. */
const NAMED_STEP = 232;
const STEP = 184;
const ROW_STEP = 60;
const MARGIN = 12;

type Edge = { from: string; to: string; label?: string | null };
export type GraphLayout = {
  places: ReadonlyMap<string, { x: number; y: number }>;
  width: number;
  height: number;
  /** Whether an edge leads back to where the flow has been. */
  isBack: (edge: Edge) => boolean;
};

/**
 * Places a small graph from left to right: each node one column after the last of those that lead to it, the nodes of
 * a column around the middle. Where every column has one node, each second one is lower, so that an edge that skips a
 * column does not run behind it.
 */
export function layOut(ids: readonly string[], edges: readonly Edge[]): GraphLayout {
  const back = findBackEdges(ids, edges);
  const forward = edges.filter((edge) => !back.has(edge));
  const columnOf = new Map(ids.map((id) => [id, 0]));
  // Longest ways: without the edges back, no way is longer than there are nodes.
  for (let round = 0; round < ids.length; round += 1) {
    for (const { from, to } of forward) {
      columnOf.set(to, Math.max(columnOf.get(to) ?? 0, (columnOf.get(from) ?? 0) + 1));
    }
  }
  const columns: string[][] = [];
  for (const id of ids) {
    const column = columnOf.get(id) ?? 0;
    columns[column] = [...(columns[column] ?? []), id];
  }
  const tallest = Math.max(...columns.map((column) => column.length));
  const isSingleFile = tallest === 1 && columns.length > 3;
  const rows = isSingleFile ? 2 : tallest;
  const step = edges.some(({ label }) => label != null) ? NAMED_STEP : STEP;
  const places = new Map<string, { x: number; y: number }>();
  for (const [column, members] of columns.entries()) {
    const first = isSingleFile ? column % 2 : (rows - members.length) / 2;
    for (const [row, id] of members.entries()) {
      places.set(id, { x: MARGIN + column * step, y: MARGIN + (first + row) * ROW_STEP });
    }
  }
  const hasBack = back.size > 0;
  return {
    places,
    width: MARGIN * 2 + (columns.length - 1) * step + NODE_WIDTH,
    height: MARGIN * 2 + (rows - 1) * ROW_STEP + NODE_HEIGHT + (hasBack ? ROW_STEP / 2 : 0),
    isBack: (edge) => back.has(edge),
  };
}

/** The edges that close a circle, as a walk from the first nodes meets them. */
function findBackEdges(ids: readonly string[], edges: readonly Edge[]): ReadonlySet<Edge> {
  const back = new Set<Edge>();
  const state = new Map<string, "open" | "done">();
  const walk = (id: string) => {
    state.set(id, "open");
    for (const edge of edges) {
      if (edge.from !== id) continue;
      if (state.get(edge.to) === "open") back.add(edge);
      else if (!state.has(edge.to)) walk(edge.to);
    }
    state.set(id, "done");
  };
  for (const id of ids) if (!state.has(id)) walk(id);
  return back;
}
