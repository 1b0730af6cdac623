import { expect, test } from "vitest";
import { commonFields, readFields } from "./payload-fields.ts";

test("A payload of identifiers alone is told from one that says something", () => {
  expect(readFields('{"orderId":"o-1","customer_id":7}')).toEqual({
    fields: ["orderId", "customer_id"],
    isIdOnly: true,
  });
  expect(readFields('{"orderId":"o-1","amount":3}')?.isIdOnly).toBe(false);
  expect(readFields('{"orderId":{"amount":3}}')?.isIdOnly).toBe(false);
  expect(readFields('{"paid":true}')?.isIdOnly).toBe(false);
  expect(readFields("{}")?.isIdOnly).toBe(false);
});

test("What is no object has no fields", () => {
  for (const payload of ["[1]", "null", '"id"', "not json"]) expect(readFields(payload)).toBeNull();
});

test("Fields are those that more than half of the payloads have", () => {
  expect(
    commonFields([{ fields: ["a", "b"] }, { fields: ["a", "b"] }, { fields: ["a"] }, { fields: [] }]),
  ).toEqual(["a"]);
});
