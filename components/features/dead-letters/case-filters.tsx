"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { Completion } from "#components/event-filter/completion.ts";
import { completeField, completeValue } from "#components/event-filter/completion.ts";
import { ConditionBar } from "#components/event-filter/condition-bar.tsx";
import { facetQueries } from "#components/event-filter/facet-queries.ts";
import type { Suggestion } from "#components/event-filter/filter-input.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { CASE_GRAMMAR, type CaseField, listCaseConditions, withCaseConditions } from "./case-conditions.ts";
import { CASE_STANDINGS, type CaseView } from "./case-view.ts";

type CaseFiltersProps = { view: CaseView; onViewChange: (view: CaseView) => void };

/** Which cases are listed: where they stand, and what else is asked of them. */
export function CaseFilters({ view, onViewChange }: CaseFiltersProps) {
  const t = useTranslations("deadLetters.cases");
  return (
    <div className="flex flex-wrap items-start gap-x-2 gap-y-1.5 px-2 pt-2 md:px-4">
      <SegmentedControl
        label={t("standing")}
        value={view.standing}
        onValueChange={(standing) => onViewChange({ ...view, standing })}
        options={CASE_STANDINGS.map((value) => ({ value, label: t(`standings.${value}`) }))}
      />
      <ConditionBar
        grammar={CASE_GRAMMAR}
        conditions={listCaseConditions(view)}
        onConditionsChange={(conditions) => onViewChange(withCaseConditions(view, conditions))}
        useSuggestions={useCaseSuggestions}
        label={t("filter")}
        placeholder={t("placeholder")}
        className="min-w-64 flex-1 px-0! max-sm:basis-full"
      />
    </div>
  );
}

/** The fields, and the types that events really have. */
function useCaseSuggestions(
  text: string,
  completion: Completion<CaseField>,
  isWanted: boolean,
): readonly Suggestion[] {
  const t = useTranslations("deadLetters.cases.fields");
  const isType = completion.kind === "value" && completion.field === "type";
  const facets = useQuery({
    ...facetQueries.containing("type", completion.kind === "value" ? completion.contains : ""),
    enabled: isWanted && isType,
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
  if (!isType || facets.data?.field !== "type") return [];
  return facets.data.values.map(({ value, count }) => ({
    id: value,
    label: value,
    count,
    hint: null,
    ...completeValue(CASE_GRAMMAR, text, completion, { field: completion.field, value }),
    isComplete: true,
  }));
}
