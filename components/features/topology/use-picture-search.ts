"use client";

import { useState } from "react";
import type { Scene } from "./scene.ts";

export type PictureSearch = {
  text: string;
  setText: (text: string) => void;
  /** Ids of the nodes that were found; null while nothing is looked for. */
  found: readonly string[] | null;
  /** Shows the next of those that were found. */
  next: () => void;
};

/** Finds nodes by their names and by the types on their edges. */
export function usePictureSearch(scene: Scene, show: (id: string) => void): PictureSearch {
  const [text, setText] = useState("");
  const [shown, setShown] = useState(-1);
  const found = findNodes(scene, text);
  return {
    text,
    setText: (next) => {
      setText(next);
      setShown(-1);
    },
    found,
    next: () => {
      if (found === null || found.length === 0) return;
      const index = (shown + 1) % found.length;
      setShown(index);
      const id = found[index];
      if (id !== undefined) show(id);
    },
  };
}

/** Ids of the nodes that a text means; null for no text. */
export function findNodes({ nodes, edges }: Scene, text: string): readonly string[] | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return null;
  const byType = new Set(
    edges
      .filter(({ types }) => types.some(({ type }) => type.toLowerCase().includes(wanted)))
      .flatMap(({ from, to }) => [from, to]),
  );
  const isMeant = (name: string) => name.toLowerCase().includes(wanted);
  const named = nodes.filter(({ label, members }) => isMeant(label) || members.some(isMeant));
  const others = nodes.filter(({ id }) => byType.has(id));
  return [...new Set([...named, ...others].map(({ id }) => id))];
}
