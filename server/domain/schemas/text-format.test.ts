import fc from "fast-check";
import { expect, test } from "vitest";
import { formatOf } from "./text-format.ts";
import { createSchemaCache } from "./validate.ts";

test.each([
  ["2026-01-31T10:00:00Z", "date-time"],
  ["2026-01-31T10:00:00.123456+09:00", "date-time"],
  ["2026-01-31", "date"],
  ["2026-02-30", null],
  ["2026-01-31 10:00:00", null],
  ["2026-01-31T25:00:00Z", null],
  ["6f2d1b0e-8f0c-4d7c-9b52-0a8d1b2c3d4e", "uuid"],
  ["aiko.tanaka+shop@mail.example.com", "email"],
  ["aiko@localhost", null],
  ["a..b@example.com", null],
  ["https://example.com/orders/42?x=1#top", "uri"],
  ["http://localhost:3000", "uri"],
  ["https://example.com/a b", null],
  ["order:42", null],
  ["", null],
  ["42", null],
])("%j is written as %s", (text, format) => {
  expect(formatOf(text)).toBe(format);
});

test("a text in a format is valid by that format", () => {
  const schemaFor = createSchemaCache(10);
  const cut = fc.tuple(
    fc.oneof(fc.emailAddress(), fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.uuid()),
    fc.nat(5),
    fc.constantFrom("", ".", "%", "-", "@", "a", "#"),
  );
  const texts = fc.oneof(
    fc.emailAddress(),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.uuid(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc
      .tuple(fc.nat(9999), fc.nat(13), fc.nat(32))
      .map(([y, m, d]) => `${String(y).padStart(4, "0")}-${pad(m)}-${pad(d)}`),
    cut.map(([text, at, by]) => text.slice(0, at) + by + text.slice(at)),
    fc.stringMatching(/^[a-z.@:/%#?-]{1,12}$/),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const format = formatOf(text);
      if (format === null) return;
      const result = schemaFor(JSON.stringify({ format }));
      expect(result.kind === "compiled" && result.schema.problemsOf(JSON.stringify(text))).toEqual([]);
    }),
    { numRuns: 500 },
  );
}, 60_000);

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
