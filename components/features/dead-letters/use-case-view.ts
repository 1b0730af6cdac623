"use client";

import { parseAsNativeArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import { type CaseView, formatCaseView, parseCaseView } from "./case-view.ts";

const list = parseAsNativeArrayOf(parseAsString);
const PARAMS = {
  status: parseAsString,
  consumer: list,
  type: list,
  owner: parseAsString,
  q: parseAsString,
  window: parseAsString,
  sort: parseAsString,
};

/** The view in the address, and how to change it. It stays the same object until it changes. */
export function useCaseView() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const signature = formatCaseView(parseCaseView(toSearchParams(params))).toString();
  const view = useMemo(() => parseCaseView(new URLSearchParams(signature)), [signature]);
  const setView = (next: CaseView) => {
    const written = formatCaseView(next);
    void setParams({
      status: written.get("status"),
      consumer: written.getAll("consumer"),
      type: written.getAll("type"),
      owner: written.get("owner"),
      q: written.get("q"),
      window: written.get("window"),
      sort: written.get("sort"),
    });
  };
  return [view, setView] as const;
}
