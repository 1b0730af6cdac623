"use client";

import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { getJson } from "#components/lib/api-client.ts";
import { sagaSearchText } from "#components/lib/saga-search.ts";
import { standingOf } from "#components/lib/saga-standing.ts";
import { useStandingWords } from "#components/lib/use-standing-words.ts";
import { useSettled } from "#components/ui/use-settled.ts";
import {
  foundFlowsSchema,
  type SagaDto,
  sagaPageSchema,
  type TraceReference,
} from "#server/contract/sagas.ts";

const TYPING_MS = 200;
/** Less than that is the beginning of a page's name, or of too many keys. */
const MIN_LETTERS = 3;
const MAX_FOUND = 4;

const paletteQueries = {
  sagas: (q: string) =>
    queryOptions({
      queryKey: ["palette", "sagas", q],
      queryFn: ({ signal }) =>
        getJson("/sagas", sagaPageSchema, { query: { q, sort: "newest", limit: MAX_FOUND }, signal }),
      enabled: q.length >= MIN_LETTERS,
      placeholderData: keepPreviousData,
    }),
  flows: (q: string) =>
    queryOptions({
      queryKey: ["palette", "flows", q],
      queryFn: ({ signal }) => getJson("/flows", foundFlowsSchema, { query: { q }, signal }),
      enabled: q.length >= MIN_LETTERS,
    }),
};

/** The sagas that a text may mean, each with where it is: "where is order 123" is answered while it is typed. */
export function usePaletteSagas(text: string): readonly { saga: SagaDto; words: string }[] {
  const states = useTranslations("trace.states");
  const words = useStandingWords();
  const q = useSettled(sagaSearchText(text), TYPING_MS) ?? "";
  const found = useQuery(paletteQueries.sagas(q));
  if (q.length < MIN_LETTERS || sagaSearchText(text).length < MIN_LETTERS) return [];
  return (found.data?.sagas ?? []).map((saga) => ({
    saga,
    words: [saga.key ?? saga.reference.value, states(saga.state), words(standingOf(saga))]
      .filter((part) => part !== "")
      .join(" · "),
  }));
}

/** The flows that a text names exactly, but for those that were found as sagas. */
export function usePaletteFlows(
  text: string,
  sagas: readonly { saga: SagaDto }[],
): readonly TraceReference[] {
  const typed = text.trim();
  const q = useSettled(typed, TYPING_MS) ?? "";
  const found = useQuery(paletteQueries.flows(q));
  if (q !== typed || q.length < MIN_LETTERS) return [];
  const known = new Set(sagas.map(({ saga: { reference } }) => `${reference.by} ${reference.value}`));
  return (found.data?.flows ?? []).filter(({ by, value }) => !known.has(`${by} ${value}`));
}
