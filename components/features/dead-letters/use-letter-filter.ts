"use client";

import { parseAsNativeArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { formatLetterFilter, parseLetterFilter } from "#components/lib/letter-filter.ts";
import { toSearchParams } from "#components/lib/letter-selection.ts";
import type { LetterFilter } from "#server/contract/dead-letters.ts";

const list = parseAsNativeArrayOf(parseAsString);
const PARAMS = {
  status: list,
  case: list,
  consumer: list,
  type: list,
  source: list,
  key: parseAsString,
  eventid: parseAsString,
  correlationid: parseAsString,
  error: parseAsString,
  q: parseAsString,
};

/** The filter in the address, apart from the time, and how to change it. It stays the same object until it changes. */
export function useLetterFilter() {
  const [params, setParams] = useQueryStates(PARAMS, { history: "push" });
  const signature = formatLetterFilter(parseLetterFilter(toSearchParams(params))).toString();
  const filter = useMemo(() => parseLetterFilter(new URLSearchParams(signature)), [signature]);
  const setFilter = (next: LetterFilter) =>
    void setParams({
      status: next.status ?? [],
      case: next.case?.map(String) ?? [],
      consumer: next.consumer ?? [],
      type: next.type ?? [],
      source: next.source ?? [],
      key: next.key ?? null,
      eventid: next.eventid ?? null,
      correlationid: next.correlationid ?? null,
      error: next.error ?? null,
      q: next.q ?? null,
    });
  return [filter, setFilter] as const;
}
