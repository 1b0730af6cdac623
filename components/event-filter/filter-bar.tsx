"use client";

import { useTranslations } from "next-intl";
import { type EventConditions, listConditions, toFilter } from "#components/lib/event-filter.ts";
import { EVENT_GRAMMAR } from "#components/lib/event-filter-text.ts";
import { ConditionBar } from "./condition-bar.tsx";
import { useEventSuggestions } from "./use-event-suggestions.ts";

type FilterBarProps = {
  filter: EventConditions;
  onFilterChange: (filter: EventConditions) => void;
};

/** The conditions on events, as text. */
export function FilterBar({ filter, onFilterChange }: FilterBarProps) {
  const t = useTranslations("filter");
  return (
    <ConditionBar
      grammar={EVENT_GRAMMAR}
      conditions={listConditions(filter)}
      onConditionsChange={(conditions) => onFilterChange(toFilter(conditions))}
      useSuggestions={useEventSuggestions}
      label={t("label")}
      placeholder={t("placeholder")}
    />
  );
}
