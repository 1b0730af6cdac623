import { expect, test } from "vitest";
import { subscriptionFiltersSchema } from "#server/contract/subscription-filter.ts";
import { FILTER_DIALECTS } from "#server/domain/subscription-filter.ts";
import { addFilterExample } from "./filter-examples.ts";

test("an example of each dialect is a filter that the API takes", () => {
  const all = FILTER_DIALECTS.reduce(addFilterExample, "");
  expect(subscriptionFiltersSchema.parse(JSON.parse(all))).toHaveLength(FILTER_DIALECTS.length);
});

test("what is typed stays, also when it is no list yet", () => {
  const typed = '[{"exact":{"type":"a"}}]';
  expect(JSON.parse(addFilterExample(typed, "not"))[0]).toEqual({ exact: { type: "a" } });
  expect(addFilterExample("[{", "not")).toBe("[{");
  expect(addFilterExample('{"exact":{}}', "not")).toBe('{"exact":{}}');
});
