"use client";

import { parseAsNativeArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { formatSagaView, parseSagaView, type SagaView } from "./list-view.ts";

const list = parseAsNativeArrayOf(parseAsString);
const PARAMS = {
  state: list,
  type: list,
  basis: list,
  step: parseAsString,
  q: parseAsString,
  sort: parseAsString,
};

/** While somebody types, the address follows at this pace. */
const TYPING_MS = 300;

/** The view in the address, and how to change it. It stays the same object until it changes. */
export function useListView() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const signature = formatSagaView(parseSagaView(toSearchParams(params))).toString();
  const view = useMemo(() => parseSagaView(new URLSearchParams(signature)), [signature]);
  const setView = (next: SagaView) => {
    const written = formatSagaView(next);
    void setParams({
      state: written.getAll("state"),
      type: written.getAll("type"),
      basis: written.getAll("basis"),
      step: written.get("step"),
      q: written.get("q"),
      sort: written.get("sort"),
    });
  };
  /** Letters that are typed are no steps to go back to. */
  const setSearch = (q: string) =>
    void setParams({ q: q === "" ? null : q }, { history: "replace", throttleMs: TYPING_MS });
  return { view, setView, setSearch };
}
