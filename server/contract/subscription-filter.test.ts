import { describe, expect, test } from "vitest";
import { z } from "zod";
import { subscriptionFiltersSchema } from "./subscription-filter.ts";

function problems(filters: unknown): [string, string][] {
  const result = subscriptionFiltersSchema.safeParse(filters);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => [path.join("."), message]);
}

const nested = (levels: number): unknown =>
  levels === 1 ? { exact: { type: "a" } } : { not: nested(levels - 1) };

describe("filters that are taken", () => {
  test("every dialect, as it came", () => {
    const filters = [
      { exact: { type: "order.placed", subject: "42" } },
      { prefix: { source: "/orders" } },
      { suffix: { type: ".placed" } },
      {
        all: [{ exact: { kind: "domain" } }, { any: [{ prefix: { type: "a" } }, { prefix: { type: "b" } }] }],
      },
      { not: { exact: { region: "test" } } },
    ];
    expect(subscriptionFiltersSchema.parse(filters)).toEqual(filters);
  });

  test("none at all, which lets everything through", () => {
    expect(subscriptionFiltersSchema.parse([])).toEqual([]);
  });
});

describe("filters that are refused say where and why", () => {
  test.each([
    ["an unknown dialect", [{ sql: "type = 'a'" }], "0", 'Unrecognized key: "sql"'],
    ["no dialect", [{}], "0", "Give one dialect"],
    ["two dialects in one", [{ exact: { type: "a" }, prefix: { type: "a" } }], "0", "Give one dialect"],
    ["no attribute", [{ exact: {} }], "0.exact", "Name at least one attribute."],
    [
      "an empty value",
      [{ all: [{ exact: { type: "" } }] }],
      "0.all.0.exact.type",
      "Give a value to compare with.",
    ],
    [
      "a value that is no text",
      [{ exact: { aggregateversion: 1 } }],
      "0.exact.aggregateversion",
      "expected string",
    ],
    [
      "a name that no attribute has",
      [{ prefix: { dataSchema: "a" } }],
      "0.prefix.dataSchema",
      "is no attribute name",
    ],
    ["a look into the payload", [{ exact: { data: "a" } }], "0.exact.data", "not into data"],
    ["an empty list", [{ not: { any: [] } }], "0.not.any", "Give at least one filter."],
    ["something else than a list", { exact: { type: "a" } }, "", "expected array"],
  ])("%s", (_, filters, path, message) => {
    expect(problems(filters)).toContainEqual([path, expect.stringContaining(message)]);
  });

  test("deep nesting, however deep", () => {
    expect(problems([nested(16)])).toEqual([]);
    for (const levels of [17, 100_000]) {
      let deep: unknown = { exact: { type: "a" } };
      for (let level = 1; level < levels; level += 1) deep = { not: deep };
      expect(problems([deep])).toEqual([["", "Filters are nested deeper than 16 levels."]]);
    }
  });

  test("more filters than are good for every event", () => {
    const many = Array.from({ length: 201 }, () => ({ exact: { type: "a" } }));
    expect(problems([{ any: many }])).toEqual([["", "These are more than 200 filters."]]);
  });
});

test("the API's description shows the dialects", () => {
  const described = JSON.stringify(z.toJSONSchema(subscriptionFiltersSchema, { io: "input" }));
  for (const dialect of ["exact", "prefix", "suffix", "all", "any", "not"])
    expect(described).toContain(`"${dialect}"`);
});
