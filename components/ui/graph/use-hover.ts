"use client";

import { useMemo, useState } from "react";
import { type Graph, relatedTo } from "./neighbours.ts";

/** What the pointer is on, and the ids of all that it has to do with; null for everything. */
export function useHover(graph: Graph) {
  const [hovered, setHovered] = useState<string | null>(null);
  const lit = useMemo(() => {
    if (hovered === null) return null;
    const related = relatedTo(graph, hovered);
    const ids = [...related.nodes, ...related.edges];
    return ids.length === 0 ? null : ids;
  }, [graph, hovered]);
  return { setHovered, lit };
}

/**
 * Dims every box and line within `scope` but those with these ids. A rule of the browser instead of a property of each
 * box: nothing is rendered anew while the pointer travels.
 */
export function dimStyle(scope: string, lit: readonly string[]): string {
  const inside = `[data-picture="${scope}"]`;
  const each = (id: string) => `${inside} [data-id="${CSS.escape(id)}"]`;
  return [
    `${inside} :is(.react-flow__node, .react-flow__edge, [data-lines]) { opacity: 0.18; }`,
    `${lit.map(each).join(", ")} { opacity: 1; }`,
  ].join("\n");
}
