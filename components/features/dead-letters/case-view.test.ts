import { expect, test } from "vitest";
import { caseFilterSchema } from "#server/contract/failure-cases.ts";
import { CASE_GRAMMAR, listCaseConditions, withCaseConditions } from "./case-conditions.ts";
import {
  type CaseView,
  FIRST_VIEW,
  formatCaseView,
  isNarrowed,
  parseCaseView,
  toCaseFilter,
} from "./case-view.ts";

const VIEW: CaseView = {
  standing: "muted",
  consumer: ["ledger", "mail*"],
  type: ["order.*"],
  owner: "-",
  q: "time out",
  window: "7d",
  sort: "newest",
};

test("a view of cases comes back from its address", () => {
  for (const view of [VIEW, FIRST_VIEW]) {
    expect(parseCaseView(new URLSearchParams(formatCaseView(view).toString()))).toEqual(view);
  }
  expect(formatCaseView(FIRST_VIEW).toString()).toBe("");
});

test("an address that says nothing that can be used is the first view", () => {
  const query = `status=lost&window=1y&sort=&consumer=&q=${"x".repeat(201)}`;
  expect(parseCaseView(new URLSearchParams(query))).toEqual(FIRST_VIEW);
});

test("the API is asked for open cases by saying no status", () => {
  expect(toCaseFilter(FIRST_VIEW)).toEqual({});
  expect(caseFilterSchema.safeParse(toCaseFilter(VIEW)).data).toMatchObject({
    status: ["muted"],
    owner: "-",
  });
  expect([isNarrowed(FIRST_VIEW), isNarrowed(VIEW)]).toEqual([false, true]);
});

test("the conditions of a view are typed, listed and taken away", () => {
  expect(withCaseConditions(VIEW, listCaseConditions(VIEW))).toEqual(VIEW);
  expect(withCaseConditions(VIEW, [])).toEqual({ ...VIEW, consumer: [], type: [], owner: null, q: null });
  expect(CASE_GRAMMAR.refuse({ field: "owner", value: "o".repeat(201) })).toBe("too-long");
});
