import type { FilterGrammar, TextCondition } from "#components/lib/filter-text.ts";
import { readCaseNumber } from "#components/lib/letter-filter.ts";
import type { LetterFilter } from "#server/contract/dead-letters.ts";

const LETTER_FIELDS = ["consumer", "type", "source", "case", "key", "flow", "event", "payload"] as const;
export type LetterField = (typeof LETTER_FIELDS)[number];
type LetterCondition = TextCondition<LetterField>;

/** The conditions on dead letters as people type them; words that stand alone are text of the error. */
export const LETTER_GRAMMAR: FilterGrammar<LetterField> = {
  qualifiers: LETTER_FIELDS,
  aliases: { correlation: "flow", correlationid: "flow", eventid: "event", id: "event", partitionkey: "key" },
  refuse: ({ field, value }) => {
    if (value === "") return "empty";
    if (field === "case" && readCaseNumber(value).length === 0) return "no-number";
    return value.length > (field === "text" || field === "payload" ? 200 : 1024) ? "too-long" : null;
  },
};

/** The conditions of a filter, but for status and time, which have controls of their own. */
export function listLetterConditions(filter: LetterFilter): LetterCondition[] {
  const values: Record<LetterField | "text", readonly (string | number | undefined)[]> = {
    consumer: filter.consumer ?? [],
    type: filter.type ?? [],
    source: filter.source ?? [],
    case: filter.case ?? [],
    key: [filter.key],
    flow: [filter.correlationid],
    event: [filter.eventid],
    payload: [filter.q],
    text: [filter.error],
  };
  return [...LETTER_FIELDS, "text" as const].flatMap((field) =>
    values[field].flatMap((value) => (value === undefined ? [] : [{ field, value: String(value) }])),
  );
}

/** The filter with these conditions; of those that it can have once, the last one counts. */
export function withLetterConditions(
  filter: LetterFilter,
  conditions: readonly LetterCondition[],
): LetterFilter {
  const valuesOf = (field: LetterCondition["field"]) => [
    ...new Set(conditions.filter((each) => each.field === field).map(({ value }) => value)),
  ];
  const list = (name: "consumer" | "type" | "source") => {
    const values = valuesOf(name);
    return values.length > 0 && { [name]: values };
  };
  const one = (
    name: "key" | "correlationid" | "eventid" | "q" | "error",
    field: LetterCondition["field"],
  ) => {
    const value = valuesOf(field).at(-1);
    return value !== undefined && { [name]: value };
  };
  const cases = valuesOf("case").flatMap(readCaseNumber);
  const { status, from, to } = filter;
  return {
    ...(status !== undefined && { status }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...list("consumer"),
    ...list("type"),
    ...list("source"),
    ...(cases.length > 0 && { case: cases }),
    ...one("key", "key"),
    ...one("correlationid", "flow"),
    ...one("eventid", "event"),
    ...one("q", "payload"),
    ...one("error", "text"),
  };
}
