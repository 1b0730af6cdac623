import { expect, test } from "vitest";
import { sagaSearchText } from "./saga-search.ts";

test.each([
  ["order 123", "123"],
  [" order-123 ", "order-123"],
  ["order #123", "123"],
  ["注文 123", "123"],
  ["Jane Doe", "Jane Doe"],
  ["  ", ""],
])("of %o, %o is looked for", (typed, text) => {
  expect(sagaSearchText(typed)).toBe(text);
});
