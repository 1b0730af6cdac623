"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { EVENT_GRAMMAR, type Qualifier } from "#components/lib/event-filter-text.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { type Completion, completeField, completeValue } from "./completion.ts";
import { facetQueries } from "./facet-queries.ts";
import type { Suggestion } from "./filter-input.tsx";

/** What could be chosen for the word under the caret: fields, or values that events really have. */
export function useEventSuggestions(
  text: string,
  completion: Completion<Qualifier>,
  isWanted: boolean,
): Suggestion[] {
  const t = useTranslations("filter");
  const facetField =
    completion.kind === "value" && (completion.field === "type" || completion.field === "source")
      ? completion.field
      : null;
  const contains = completion.kind === "value" ? completion.contains : "";
  const facets = useQuery({
    ...facetQueries.containing(facetField ?? "type", contains),
    enabled: isWanted && facetField !== null,
  });
  if (!isWanted || completion.kind === "none") return [];
  if (completion.kind === "field") {
    return completion.fields.map((field) => ({
      id: field,
      label: `${field}:`,
      count: null,
      hint: t(`fields.${field}`),
      ...completeField(text, completion, field),
      isComplete: false,
    }));
  }
  const toSuggestion = (value: string, count: number | null): Suggestion => ({
    id: value,
    label: value,
    count,
    hint: null,
    ...completeValue(EVENT_GRAMMAR, text, completion, { field: completion.field, value }),
    isComplete: true,
  });
  if (completion.field === "kind") {
    return EVENT_KINDS.filter((kind) => kind.includes(contains.toLowerCase())).map((kind) =>
      toSuggestion(kind, null),
    );
  }
  if (facetField === null || facets.data?.field !== facetField) return [];
  return facets.data.values.map(({ value, count }) => toSuggestion(value, count));
}
