"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type Completion, completeField, completeValue } from "#components/event-filter/completion.ts";
import { ConditionBar } from "#components/event-filter/condition-bar.tsx";
import { facetQueries } from "#components/event-filter/facet-queries.ts";
import type { Suggestion } from "#components/event-filter/filter-input.tsx";
import { withStatus } from "#components/lib/letter-filter.ts";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import type { LetterFilter } from "#server/contract/dead-letters.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import {
  LETTER_GRAMMAR,
  type LetterField,
  listLetterConditions,
  withLetterConditions,
} from "./letter-conditions.ts";

type LetterFiltersProps = { filter: LetterFilter; onFilterChange: (filter: LetterFilter) => void };

/** Which letters are listed: where they stand, and what else is asked of them. */
export function LetterFilters({ filter, onFilterChange }: LetterFiltersProps) {
  const t = useTranslations("deadLetters.letters");
  const statuses = useTranslations("deadLetters.letter.statuses");
  // Several at once come by an address only; the control then shows none as chosen.
  const [only] = filter.status ?? [];
  const several = (filter.status?.length ?? 0) > 1;
  return (
    <div className="flex flex-wrap items-start gap-x-2 gap-y-1.5 px-2 pt-2 md:px-4">
      <div className="max-w-full overflow-x-auto">
        <SegmentedControl
          label={t("status")}
          value={several ? "several" : (only ?? "all")}
          onValueChange={(value) =>
            onFilterChange(withStatus(filter, value === "all" || value === "several" ? [] : [value]))
          }
          options={[
            ...DEAD_LETTER_STATUSES.map((value) => ({ value, label: statuses(value) })),
            { value: "all" as const, label: t("anyStatus") },
            ...(several ? [{ value: "several" as const, label: t("severalStatuses") }] : []),
          ]}
        />
      </div>
      <ConditionBar
        grammar={LETTER_GRAMMAR}
        conditions={listLetterConditions(filter)}
        onConditionsChange={(conditions) => onFilterChange(withLetterConditions(filter, conditions))}
        useSuggestions={useLetterSuggestions}
        label={t("filter")}
        placeholder={t("placeholder")}
        className="min-w-64 flex-1 px-0! max-sm:basis-full"
      />
    </div>
  );
}

/** The fields, and the types and sources that events really have. */
function useLetterSuggestions(
  text: string,
  completion: Completion<LetterField>,
  isWanted: boolean,
): readonly Suggestion[] {
  const t = useTranslations("deadLetters.letters.fields");
  const facetField =
    completion.kind === "value" && (completion.field === "type" || completion.field === "source")
      ? completion.field
      : null;
  const facets = useQuery({
    ...facetQueries.containing(facetField ?? "type", completion.kind === "value" ? completion.contains : ""),
    enabled: isWanted && facetField !== null,
  });
  if (!isWanted || completion.kind === "none") return [];
  if (completion.kind === "field") {
    return completion.fields.map((field) => ({
      id: field,
      label: `${field}:`,
      count: null,
      hint: t(field),
      ...completeField(text, completion, field),
      isComplete: false,
    }));
  }
  if (facetField === null || facets.data?.field !== facetField) return [];
  return facets.data.values.map(({ value, count }) => ({
    id: value,
    label: value,
    count,
    hint: null,
    ...completeValue(LETTER_GRAMMAR, text, completion, { field: facetField, value }),
    isComplete: true,
  }));
}
