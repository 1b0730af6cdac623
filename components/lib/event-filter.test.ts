import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventFilterSchema } from "#server/contract/events.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import {
  CONDITION_FIELDS,
  type Condition,
  type EventConditions,
  formatFilterParams,
  listConditions,
  parseFilterParams,
  toFilter,
} from "./event-filter.ts";
import { EVENT_GRAMMAR, formatFilterText, parseFilterText } from "./event-filter-text.ts";
import { readTokens } from "./filter-text.ts";

const tricky = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({
    minLength: 1,
    maxLength: 12,
    unit: fc.constantFrom("a", "*", " ", '"', "\\", ":", "/", "\u3000", "流", "t"),
  }),
  fc.constantFrom("type:order", 'say "hi"', "  two  spaces ", "\\", '"', "type:", "http://x", "kind:command"),
);
const values = fc.uniqueArray(tricky, { maxLength: 3 });
const filters: fc.Arbitrary<EventConditions> = fc
  .record({
    type: values,
    source: values,
    subject: values,
    kind: fc.subarray([...EVENT_KINDS]),
    correlation: fc.option(tricky),
    text: fc.option(tricky),
  })
  .map((parts) =>
    toFilter(
      CONDITION_FIELDS.flatMap((field) =>
        [parts[field] ?? []].flat().map((value): Condition => ({ field, value })),
      ),
    ),
  );

describe("The filter in an address", () => {
  test("is read back as it was written", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const params = new URLSearchParams();
        for (const [name, value] of Object.entries(formatFilterParams(filter))) {
          for (const one of [value ?? []].flat()) params.append(name, one);
        }
        const read = new URLSearchParams(params.toString());
        expect(
          parseFilterParams(
            Object.fromEntries([...new Set(read.keys())].map((name) => [name, read.getAll(name)])),
          ),
        ).toEqual(filter);
      }),
    );
  });

  test("leaves out what the API would refuse", () => {
    const filter = parseFilterParams({
      type: ["", "order.*", "x".repeat(1025), "order.*"],
      kind: ["command", "wish"],
      q: "x".repeat(201),
      correlationid: null,
      other: "?",
    });
    expect(filter).toEqual({ type: ["order.*"], kind: ["command"] });
    fc.assert(fc.property(filters, (any) => eventFilterSchema.safeParse(any).success));
  });
});

describe("The conditions of a filter", () => {
  test("of which one that can only be there once counts as it was said last", () => {
    const conditions = [c("type", "a"), c("text", "old"), c("type", "b"), c("type", "a"), c("text", "new")];
    expect(toFilter(conditions)).toEqual({ type: ["a", "b"], q: "new" });
  });

  test("list everything that the filter holds", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(toFilter(listConditions(filter))).toEqual(filter);
      }),
    );
  });
});

describe("The filter as text", () => {
  test.each<[string, Condition[]]>([
    ["", []],
    ["  ", []],
    ["type:order.*", [{ field: "type", value: "order.*" }]],
    ["TYPE:a correlationid:b", [c("type", "a"), c("correlation", "b")]],
    ["type:a type:b some  text", [c("type", "a"), c("type", "b"), c("text", "some text")]],
    ["one type:a two", [c("type", "a"), c("text", "one two")]],
    ['subject:"order 1" kind:command', [c("subject", "order 1"), c("kind", "command")]],
    [String.raw`"say \"hi\" \n \\"`, [c("text", String.raw`say "hi" \n \ `.trimEnd())]],
    ['"type:not a field"', [c("text", "type:not a field")]],
    ["http://example.com:80/x", [c("text", "http://example.com:80/x")]],
    ["source:urn:a:b", [c("source", "urn:a:b")]],
    ["constructor:x", [c("text", "constructor:x")]],
    ['type:"still typ', [c("type", "still typ")]],
    ["注文\u3000type:流れ", [c("type", "流れ"), c("text", "注文")]],
  ])("reads %j", (text, conditions) => {
    expect(parseFilterText(text)).toEqual({ conditions, refused: [] });
  });

  test("says what can't be used, and keeps the rest", () => {
    expect(parseFilterText("kind:wish type: source:/a")).toEqual({
      conditions: [{ field: "source", value: "/a" }],
      refused: [
        { field: "kind", value: "wish", reason: "no-kind" },
        { field: "type", value: "", reason: "empty" },
      ],
    });
  });

  test("is read back as it was written", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const text = formatFilterText(listConditions(filter));
        expect(parseFilterText(text)).toEqual({ conditions: listConditions(filter), refused: [] });
      }),
      { numRuns: 1_000 },
    );
  });

  test("is split into words that cover everything but the space between them", () => {
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string()), (text) => {
        let at = 0;
        for (const token of readTokens(EVENT_GRAMMAR, text)) {
          expect(text.slice(at, token.start).trim()).toBe("");
          expect(token.end).toBeGreaterThan(token.start);
          at = token.end;
        }
        expect(text.slice(at).trim()).toBe("");
      }),
    );
  });
});

function c(field: Condition["field"], value: string): Condition {
  return { field, value };
}
