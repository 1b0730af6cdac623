import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LetterFilter,
  letterFilterSchema,
  letterSelectionSchema,
} from "#server/contract/dead-letters.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import { formatLetterFilter, parseLetterFilter, readCaseNumber, withStatus } from "./letter-filter.ts";
import {
  formatLetterSelection,
  MAX_LINKED_LETTERS,
  parseLetterSelection,
  toSearchParams,
} from "./letter-selection.ts";

const texts = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom("order.*", "a&b=c", "流 れ", "100%", "+", "#", "?", "*.*"),
);
const names = fc.uniqueArray(texts, { minLength: 1, maxLength: 3 });
const moments = fc
  .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const filters: fc.Arbitrary<LetterFilter> = fc.record(
  {
    status: fc.subarray([...DEAD_LETTER_STATUSES], { minLength: 1 }),
    consumer: names,
    type: names,
    source: names,
    case: fc.uniqueArray(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1, maxLength: 4 }),
    key: texts,
    eventid: texts,
    correlationid: texts,
    error: texts,
    q: texts,
    from: moments,
    to: moments,
  },
  { requiredKeys: [] },
);
const numbers = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String);
const consumers = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,20}$/);
const cut = fc.option(numbers, { nil: undefined }).map((upTo) => (upTo === undefined ? {} : { upTo }));

/** Through the text of an address, as a browser has it. */
const written = (params: URLSearchParams) => new URLSearchParams(params.toString());

describe("a filter of dead letters", () => {
  test("comes back from an address as it was", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(letterFilterSchema.safeParse(filter).success).toBe(true);
        expect(parseLetterFilter(written(formatLetterFilter(filter)))).toEqual(filter);
      }),
    );
  });

  test("is without what the API would not take", () => {
    const params = new URLSearchParams(
      `status=lost&case=0&case=x&consumer=&from=soon&error=${"e".repeat(201)}&other=1`,
    );
    expect(parseLetterFilter(params)).toEqual({});
    expect(readCaseNumber("12")).toEqual([12]);
    expect(readCaseNumber("1.5")).toEqual([]);
  });

  test("changes its status alone", () => {
    const filter: LetterFilter = { status: ["parked"], consumer: ["mailer"] };
    expect(withStatus(filter, ["discarded"])).toEqual({ status: ["discarded"], consumer: ["mailer"] });
    expect(withStatus(filter, [])).toEqual({ consumer: ["mailer"] });
  });
});

describe("a selection of dead letters", () => {
  test("of ticked letters comes back as the same letters", () => {
    const keys = fc.record({ position: numbers, consumer: consumers });
    fc.assert(
      fc.property(fc.array(keys, { minLength: 1, maxLength: 20 }), (letters) => {
        const read = parseLetterSelection(written(formatLetterSelection({ kind: "letters", letters })));
        const sorted = (all: typeof letters) => all.map((one) => `${one.position} ${one.consumer}`).sort();
        expect(read?.kind).toBe("letters");
        expect(sorted(read?.kind === "letters" ? read.letters : [])).toEqual(sorted(letters));
      }),
    );
  });

  test("of a case, and of a filter, comes back with its cut-off", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), filters, cut, (id, filter, upTo) => {
        for (const selection of [
          { kind: "case" as const, case: id, ...upTo },
          { kind: "filter" as const, filter, ...upTo },
        ]) {
          expect(letterSelectionSchema.safeParse(selection).success).toBe(true);
          expect(parseLetterSelection(written(formatLetterSelection(selection)))).toEqual(selection);
        }
      }),
    );
  });

  test("of everything is a filter without conditions", () => {
    const everything = { kind: "filter" as const, filter: {} };
    expect(formatLetterSelection(everything).toString()).toBe("filter=");
    expect(parseLetterSelection(new URLSearchParams("filter="))).toEqual(everything);
  });

  test("is none where a part can't be read, since the rest would take more or other letters", () => {
    for (const query of [
      "",
      "letters=",
      "letters=12*mailer&letters=oops",
      "case=0",
      "case=7&upTo=soon",
      "filter=status%3Dlost",
      "filter=consumer%3Dmailer%26case%3Dx",
    ]) {
      expect([query, parseLetterSelection(new URLSearchParams(query))]).toEqual([query, null]);
    }
  });

  test("of many letters is no longer than an address may be", () => {
    const letters = Array.from({ length: MAX_LINKED_LETTERS }, (_, index) => ({
      position: String(10n ** 17n + BigInt(index)),
      consumer: "warehouse-tokyo",
    }));
    const text = formatLetterSelection({ kind: "letters", letters }).toString();
    expect(text.length).toBeLessThan(6_000);
    const more = [...letters, { position: "1", consumer: "warehouse-tokyo" }];
    expect(parseLetterSelection(formatLetterSelection({ kind: "letters", letters: more }))).toBeNull();
  });

  test("is read from what Next gives to a page", () => {
    expect(parseLetterSelection(toSearchParams({ case: "7", upTo: "12", other: ["a", "b"] }))).toEqual({
      kind: "case",
      case: 7,
      upTo: "12",
    });
  });
});
