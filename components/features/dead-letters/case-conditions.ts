import type { FilterGrammar, TextCondition } from "#components/lib/filter-text.ts";
import type { CaseView } from "./case-view.ts";

const CASE_FIELDS = ["consumer", "type", "owner"] as const;
export type CaseField = (typeof CASE_FIELDS)[number];
type CaseCondition = TextCondition<CaseField>;

/** The conditions on cases as people type them. */
export const CASE_GRAMMAR: FilterGrammar<CaseField> = {
  qualifiers: CASE_FIELDS,
  aliases: {},
  refuse: ({ field, value }) => {
    if (value === "") return "empty";
    return value.length > (field === "type" ? 1024 : 200) ? "too-long" : null;
  },
};

/** The conditions of a view, in the order of their fields. */
export function listCaseConditions({ consumer, type, owner, q }: CaseView): CaseCondition[] {
  return [
    ...consumer.map((value) => ({ field: "consumer" as const, value })),
    ...type.map((value) => ({ field: "type" as const, value })),
    ...(owner === null ? [] : [{ field: "owner" as const, value: owner }]),
    ...(q === null ? [] : [{ field: "text" as const, value: q }]),
  ];
}

/** The view with these conditions; of two owners or texts the last one counts. */
export function withCaseConditions(view: CaseView, conditions: readonly CaseCondition[]): CaseView {
  const valuesOf = (field: CaseCondition["field"]) => [
    ...new Set(conditions.filter((each) => each.field === field).map(({ value }) => value)),
  ];
  return {
    ...view,
    consumer: valuesOf("consumer"),
    type: valuesOf("type"),
    owner: valuesOf("owner").at(-1) ?? null,
    q: valuesOf("text").at(-1) ?? null,
  };
}
