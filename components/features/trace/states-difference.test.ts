import { expect, test } from "vitest";
import { findDifferences } from "./states-difference.ts";

test("what a read model shows otherwise is found, exactly as it is written", () => {
  const aggregate =
    '{"status":"paid","paidMinor":9007199254740993,"lines":[{"sku":"tea"}],"note":"a, \\"b\\""}';
  const shown =
    '{"paidMinor":9007199254740992,"status":"placed","lines":3,"note":"a, \\"b\\"","updatedAt":"now"}';
  expect(findDifferences(aggregate, shown)).toEqual([
    { name: "paidMinor", aggregate: "9007199254740993", shown: "9007199254740992" },
    { name: "status", aggregate: '"paid"', shown: '"placed"' },
  ]);
});

test("what only one of them has is no difference, and neither is what can't be read", () => {
  expect(findDifferences('{"a":1}', '{"b":2}')).toEqual([]);
  expect(findDifferences("not json", '{"a":1}')).toEqual([]);
});
