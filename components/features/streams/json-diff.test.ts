import { expect, test } from "vitest";
import { diffJson } from "./json-diff.ts";

test("names each leaf that was added, changed or removed by its path", () => {
  const before = '{"status":"draft","lines":[{"sku":"tea","n":1}],"note":"x","kept":{"a":null}}';
  const after = '{ "status": "placed", "lines": [{"sku":"tea","n":2},{"sku":"cup"}], "kept": {"a": null} }';
  expect(diffJson(before, after)).toEqual([
    { path: "status", before: '"draft"', after: '"placed"' },
    { path: "lines[0].n", before: "1", after: "2" },
    { path: "lines[1].sku", before: null, after: '"cup"' },
    { path: "note", before: '"x"', after: null },
  ]);
});

test("a value that became an object stands above what is in it now", () => {
  const before = '{"payment":null,"lines":[],"note":"x"}';
  const after = '{"payment":{"id":"p"},"lines":[1]}';
  expect(diffJson(before, after).map(({ path }) => path)).toEqual([
    "payment",
    "payment.id",
    "lines",
    "lines[0]",
    "note",
  ]);
});

test.each([
  ["numbers beyond a double", '{"n":9007199254740993}', '{"n":9007199254740992}', 1],
  ["white space and order", '{"a":1,"b":[1,2]}', ' { "b":[ 1 ,2 ], "a" : 1 } ', 0],
  ["a list that was emptied", '{"a":[1]}', '{"a":[]}', 2],
  ["what is no container", "1", '"1"', 1],
  ["from nothing", null, '{"a":1,"b":2}', 2],
])("%s", (_, before, after, count) => {
  expect(diffJson(before, after)).toHaveLength(count);
});
