"use client";

import { useState } from "react";
import { countArrivals, type HeldRows, holdRows, listLeft, releaseRows, replaceRow } from "./held-rows.ts";

type HeldRowsOptions<Row> = {
  /** What was asked for, as text. */
  question: string;
  /** The pages of the latest answer; undefined while there is none to this question. */
  answer: readonly (readonly Row[])[] | undefined;
  idOf: (row: Row) => string;
};

/** The rows of an answer that is refreshed, in an order that stays until somebody asks for the new one. */
export function useHeldRows<Row>({ question, answer, idOf }: HeldRowsOptions<Row>) {
  const [held, setHeld] = useState<HeldRows<Row> | null>(null);
  const next = answer === undefined ? held : holdRows(held, question, answer, idOf);
  // React renders again at once with what is held, before anything is drawn.
  if (next !== held) setHeld(next);
  return {
    rows: next === null ? [] : next.ids.flatMap((id) => next.rows.get(id) ?? []),
    arrivals: next === null ? 0 : countArrivals(next),
    left: next === null ? NONE : listLeft(next),
    release: () => setHeld((current) => (current === null ? null : releaseRows(current))),
    replace: (id: string, change: (row: Row) => Row) =>
      setHeld((current) => (current === null ? null : replaceRow(current, id, change))),
  };
}

const NONE: ReadonlySet<string> = new Set();
