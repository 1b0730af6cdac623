import fc from "fast-check";
import { expect, test } from "vitest";
import { distinguishingFields } from "./distinguishing-fields.ts";
import { fisherExact, logFactorials, wilsonBounds } from "./statistics.ts";

const order = (more: object, index = 0) =>
  JSON.stringify({
    id: `ord_${String(index).padStart(5, "0")}`,
    total: index % 90,
    currency: "EUR",
    lines: [{ sku: "A-1" }],
    ...more,
  });
const orders = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => order(more, index));

function top(failing: readonly string[], succeeding: readonly string[]) {
  const [first] = distinguishingFields(failing, succeeding).fields;
  return (
    first && {
      pointer: first.pointer,
      fact: first.fact,
      failing: first.failing,
      succeeding: first.succeeding,
    }
  );
}

test("all 412 have currency null, and none of 9,000 that succeeded", () => {
  const comparison = distinguishingFields(orders(412, { currency: null }), orders(9000));
  expect(comparison.fields[0]).toMatchObject({
    pointer: "/currency",
    fact: { kind: "type", type: "null" },
    failing: 412,
    succeeding: 0,
  });
  expect(comparison).toMatchObject({
    failing: { read: 412, unreadable: 0 },
    succeeding: { read: 9000 },
    isCut: false,
  });
  expect(comparison.fields).toHaveLength(1);
});

test("a value, a missing and a new field, an empty one, a format and a shape are found", () => {
  const good = orders(200);
  expect(top(orders(50, { currency: "JPY" }), good)).toMatchObject({
    pointer: "/currency",
    fact: { kind: "value", json: '"JPY"' },
  });
  expect(top(orders(50, { currency: undefined }), good)).toMatchObject({
    pointer: "/currency",
    fact: { kind: "missing" },
    failing: 50,
    succeeding: 0,
  });
  expect(top(orders(50, { lines: [] }), good)).toMatchObject({ pointer: "/lines", fact: { kind: "empty" } });
  expect(top(orders(50, { note: "" }), orders(200, { note: "as agreed" }))).toMatchObject({
    fact: { kind: "value", json: '""' },
  });
  const dated = Array.from({ length: 50 }, (_, day) => order({ due: `2026-11-${10 + (day % 19)}` }));
  const timed = Array.from({ length: 200 }, (_, day) =>
    order({ due: `2026-11-${10 + (day % 19)}T10:00:00Z` }),
  );
  expect(top(timed.slice(0, 60), dated)).toMatchObject({
    pointer: "/due",
    fact: { kind: "format", format: "date-time" },
  });
  const plain = Array.from({ length: 60 }, (_, index) => order({ phone: `0${10_000 + index}` }));
  const dashed = Array.from({ length: 60 }, (_, index) => order({ phone: `0${10 + index}-${2000 - index}` }));
  expect(top(dashed, plain)).toMatchObject({ pointer: "/phone", fact: { kind: "shape", shape: "9-9" } });
});

test("bounds are found: a number, a text that is too long, too many elements", () => {
  const totals = (from: number) => Array.from({ length: 80 }, (_, index) => order({ total: from + index }));
  expect(top(totals(1000), totals(0))).toEqual({
    pointer: "/total",
    fact: { kind: "at-least", measure: "value", bound: "1000" },
    failing: 80,
    succeeding: 0,
  });
  const named = (length: number) =>
    Array.from({ length: 80 }, (_, index) => order({ name: "漢".repeat(length + (index % 9)) }));
  expect(top(named(51), named(20))).toMatchObject({
    fact: { kind: "at-least", measure: "length", bound: "51" },
  });
  const lined = (count: number) =>
    Array.from({ length: 80 }, (_, index) => order({ lines: Array(count + (index % 3)).fill({ sku: "A" }) }));
  expect(top(lined(10), lined(2))).toMatchObject({
    pointer: "/lines",
    fact: { kind: "at-least", measure: "elements", bound: "10" },
  });
});

test("numbers that are one double are told apart, and one number in two spellings is not", () => {
  const ids = (literal: string) => Array(60).fill(`{"id":${literal}}`);
  expect(top(ids("9007199254740993"), ids("9007199254740992"))).toMatchObject({
    pointer: "/id",
    fact: { kind: "value", json: "9007199254740993" },
    succeeding: 0,
  });
  expect(distinguishingFields(ids("1.50"), ids("15e-1")).fields).toEqual([]);
});

test("one element of an array is enough", () => {
  const failing = Array.from({ length: 60 }, (_, index) =>
    order({ lines: [{ sku: `A-${index}` }, { sku: null }] }),
  );
  const succeeding = Array.from({ length: 60 }, (_, index) =>
    order({ lines: [{ sku: `A-${index}` }, { sku: `B-${index}` }] }),
  );
  expect(top(failing, succeeding)).toMatchObject({
    pointer: "/lines/*/sku",
    fact: { kind: "type", type: "null" },
    failing: 60,
    succeeding: 0,
  });
});

test("what an object that is missing leaves out is told once", () => {
  const customer = { name: "Alice", address: { city: "Kyoto" } };
  const { fields } = distinguishingFields(orders(60), orders(60, { customer }));
  expect(fields.map(({ pointer, fact }) => [pointer, fact.kind])).toEqual([["/customer", "missing"]]);
  const added = distinguishingFields(orders(60, { customer }), orders(60)).fields;
  expect(
    added.filter(({ fact }) => fact.kind === "present" || fact.kind === "missing").length,
  ).toBeLessThanOrEqual(1);
});

test("nothing is said of samples that are alike, too small, unreadable or missing", () => {
  expect(distinguishingFields(orders(100), orders(300)).fields).toEqual([]);
  expect(distinguishingFields(orders(2, { currency: null }), orders(3)).fields).toEqual([]);
  expect(distinguishingFields(orders(100), []).fields).toEqual([]);
  expect(distinguishingFields([], orders(100)).fields).toEqual([]);
  expect(distinguishingFields(["{", "no json"], ["<xml/>"])).toMatchObject({
    fields: [],
    failing: { read: 0, unreadable: 2 },
    succeeding: { read: 0, unreadable: 1 },
  });
});

test("payloads with more places than are looked at say so", () => {
  const wide = JSON.stringify(
    Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`f${index}`, index])),
  );
  expect(distinguishingFields([wide], [wide]).isCut).toBe(true);
  const deep = `${"[".repeat(50)}1${"]".repeat(50)}`;
  expect(distinguishingFields([deep], []).isCut).toBe(true);
});

const payloads = fc.array(
  fc.record(
    {
      currency: fc.constantFrom(null, "EUR", "JPY", ""),
      total: fc.integer({ min: -5, max: 5 }),
      lines: fc.array(fc.record({ sku: fc.constantFrom("A", "B", null) }), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 40 },
);

test("counts are those of a plain count, and neither order nor spelling of the payloads matters", () => {
  fc.assert(
    fc.property(payloads, payloads, (failing, succeeding) => {
      const text = (list: readonly object[]) => list.map((payload) => JSON.stringify(payload));
      const comparison = distinguishingFields(text(failing), text(succeeding));
      const mixed = distinguishingFields(
        failing.toReversed().map((payload) => JSON.stringify(payload, null, 2)),
        text(succeeding.toReversed()),
      );
      expect(mixed).toEqual(comparison);
      for (const field of comparison.fields) {
        expect(field.failing).toBeLessThanOrEqual(failing.length);
        expect(field.separation).toBeGreaterThan(0);
        expect(field.pValue * comparison.compared).toBeLessThanOrEqual(0.01);
        if (field.pointer !== "/currency") continue;
        const { fact } = field;
        const isTrue = ({ currency }: { currency?: string | null }) => {
          if (fact.kind === "missing") return currency === undefined;
          if (fact.kind === "present") return currency !== undefined;
          if (fact.kind === "value") return currency !== undefined && JSON.stringify(currency) === fact.json;
          if (fact.kind === "empty") return currency === "";
          if (fact.kind === "type") return (currency === null ? "null" : typeof currency) === fact.type;
          return null;
        };
        if (isTrue({}) === null) continue;
        expect(field.failing).toBe(failing.filter(isTrue).length);
        expect(field.succeeding).toBe(succeeding.filter(isTrue).length);
      }
    }),
    { numRuns: 150 },
  );
});

test("among samples that differ by chance alone, hardly ever anything is shown", () => {
  let shown = 0;
  const random = fc.sample(payloads, { seed: 6, numRuns: 60 });
  const all = random.flat().map((payload) => JSON.stringify(payload));
  for (let turn = 0; turn < 50; turn += 1) {
    const [failing, succeeding] = [0, 1].map((half) =>
      all.filter((_, index) => (index * 7919 + turn * index) % 2 === half),
    );
    shown += distinguishingFields(failing ?? [], succeeding ?? []).fields.length > 0 ? 1 : 0;
  }
  expect(shown).toBeLessThanOrEqual(2);
});

test("Fisher's exact test gives what the book has for the lady who tastes tea", () => {
  const logs = logFactorials(8);
  expect(fisherExact({ holds: 4, of: 4, holdsElsewhere: 0, ofElsewhere: 4 }, logs)).toBeCloseTo(1 / 70, 10);
  expect(fisherExact({ holds: 3, of: 4, holdsElsewhere: 1, ofElsewhere: 4 }, logs)).toBeCloseTo(17 / 70, 10);
  expect(fisherExact({ holds: 0, of: 4, holdsElsewhere: 4, ofElsewhere: 4 }, logs)).toBeCloseTo(1, 10);
});

test("Wilson's bounds are those of the literature", () => {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I: 81 of 263, 0 of 20, 1 of 29.
  for (const [holds, of, lower, upper] of [
    [81, 263, 0.2553, 0.3662],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const bounds = wilsonBounds(holds, of);
    expect(bounds.lower).toBeCloseTo(lower, 4);
    expect(bounds.upper).toBeCloseTo(upper, 4);
  }
  expect(wilsonBounds(0, 0)).toEqual({ lower: 0, upper: 1 });
});
