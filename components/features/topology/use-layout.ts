"use client";

import { useEffect, useMemo, useState } from "react";
import type { Layout } from "#components/ui/graph/layered-layout.ts";
import type { Place } from "#components/ui/graph/neighbours.ts";
import { layOutInWorker } from "./layout-engine.ts";
import { canKeepPlaces, placeNewcomers } from "./placement.ts";
import type { Scene } from "./scene.ts";

type Kept = Layout & { name: string };

export type LaidOut =
  | { kind: "waiting" }
  | { kind: "failed"; error: Error }
  /** `name` changes when everything was laid out anew. */
  | ({ kind: "done"; name: string; tidy: () => void } & Layout);

const NOTHING_ROUTED = { routes: new Map(), labels: new Map() } satisfies Partial<Layout>;

/**
 * Places for a scene, unless it brings its own. A node keeps its place as long as the picture is the same (`picture`
 * names it): newcomers are fitted in, and what vanished finds its place again when it comes back. Only another picture,
 * `tidy`, or more newcomers than there were nodes have everything laid out anew.
 */
export function useLayout(scene: Scene, picture: string, own: ReadonlyMap<string, Place> | null): LaidOut {
  const [kept, setKept] = useState<Kept | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [round, setRound] = useState(0);
  const name = `${picture}\n${round}`;
  const ids = scene.nodes.map(({ id }) => id);
  const isKnown =
    kept !== null && kept.name === name && (ids.length === 0 || canKeepPlaces(ids, kept.places));
  const needsLayout = own === null && !isKnown && ids.length > 0;

  // Newcomers get a place while rendering: none is ever seen in another place first.
  if (own === null && isKnown && ids.some((id) => !kept.places.has(id))) {
    setKept({ ...kept, places: placeNewcomers(ids, scene.edges, kept.places) });
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a scene is another one with every number; it is laid out when its nodes change
  useEffect(() => {
    if (!needsLayout) return;
    let isCurrent = true;
    layOutInWorker(withoutNumbers(scene)).then(
      (layout) => {
        if (isCurrent) setKept({ ...layout, name });
      },
      (cause: unknown) => {
        if (isCurrent) setError(cause instanceof Error ? cause : new Error(String(cause)));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [needsLayout, name, ids.length]);

  return useMemo(() => {
    const tidy = () => setRound((before) => before + 1);
    if (own !== null) return { kind: "done", name, tidy, places: own, ...NOTHING_ROUTED };
    if (error !== null) return { kind: "failed", error };
    if (kept === null || kept.name !== name) return { kind: "waiting" };
    return { kind: "done", name, tidy, places: kept.places, routes: kept.routes, labels: kept.labels };
  }, [own, kept, error, name]);
}

/** The layout needs none, and what is sent to a worker is copied. */
function withoutNumbers({ nodes, edges }: Scene): Scene {
  return {
    nodes: nodes.map((node) => ({ ...node, node: null })),
    edges: edges.map((edge) => ({ ...edge, types: [], members: [] })),
  };
}
