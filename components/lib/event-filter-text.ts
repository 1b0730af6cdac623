import { CONDITION_FIELDS, type Condition, type ConditionField, refuseCondition } from "./event-filter.ts";
import { type FilterGrammar, formatConditions, parseConditions } from "./filter-text.ts";

export type Qualifier = Exclude<ConditionField, "text">;

/** The filter of events as people type it. */
export const EVENT_GRAMMAR: FilterGrammar<Qualifier> = {
  qualifiers: CONDITION_FIELDS.filter((field) => field !== "text"),
  aliases: { correlationid: "correlation" },
  refuse: refuseCondition,
};

export function parseFilterText(text: string) {
  return parseConditions(EVENT_GRAMMAR, text);
}

export function formatFilterText(conditions: readonly Condition[]): string {
  return formatConditions(EVENT_GRAMMAR, conditions);
}
