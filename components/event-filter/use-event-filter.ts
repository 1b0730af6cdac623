"use client";

import { parseAsNativeArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { type EventConditions, formatFilterParams, parseFilterParams } from "#components/lib/event-filter.ts";

const list = parseAsNativeArrayOf(parseAsString);
const PARAMS = {
  type: list,
  source: list,
  subject: list,
  kind: list,
  correlationid: parseAsString,
  q: parseAsString,
};

/** The filter in the address, and how to change it. It stays the same object until it changes. */
export function useEventFilter() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const signature = JSON.stringify(formatFilterParams(parseFilterParams(params)));
  const filter = useMemo(() => parseFilterParams(JSON.parse(signature)), [signature]);
  const setFilter = (next: EventConditions) => void setParams(formatFilterParams(next));
  return [filter, setFilter] as const;
}
