import { expect, test } from "vitest";
import { parseConditions } from "#components/lib/filter-text.ts";
import type { LetterFilter } from "#server/contract/dead-letters.ts";
import { LETTER_GRAMMAR, listLetterConditions, withLetterConditions } from "./letter-conditions.ts";

const FILTER: LetterFilter = {
  status: ["parked"],
  from: "2026-01-31T00:00:00.000Z",
  consumer: ["ledger", "mail*"],
  type: ["order.*"],
  source: ["/shop"],
  case: [7, 12],
  key: "order-1",
  correlationid: "flow-1",
  eventid: "e-1",
  q: "null",
  error: "timed out",
};

test("the conditions of a filter make the same filter again", () => {
  expect(withLetterConditions(FILTER, listLetterConditions(FILTER))).toEqual(FILTER);
  expect(withLetterConditions(FILTER, [])).toEqual({ status: FILTER.status, from: FILTER.from });
});

test("words are text of the error, and a case is a number", () => {
  const { conditions, refused } = parseConditions(LETTER_GRAMMAR, "timed out payload:null case:seven id:e-1");
  expect(withLetterConditions({}, conditions)).toEqual({ error: "timed out", q: "null", eventid: "e-1" });
  expect(refused).toEqual([{ field: "case", value: "seven", reason: "no-number" }]);
});
