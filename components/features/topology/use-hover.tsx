"use client";

import { useMemo, useState } from "react";
import { relatedTo } from "./neighbours.ts";
import type { Scene } from "./scene.ts";

/** What the pointer is on, and the ids of all that it has to do with; null for everything. */
export function useHover(scene: Scene) {
  const [hovered, setHovered] = useState<string | null>(null);
  const lit = useMemo(() => {
    if (hovered === null) return null;
    const related = relatedTo(scene, hovered);
    const ids = [...related.nodes, ...related.edges];
    return ids.length === 0 ? null : ids;
  }, [scene, hovered]);
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
