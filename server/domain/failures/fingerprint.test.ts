import fc from "fast-check";
import { expect, test } from "vitest";
import { describeError, type ErrorRecord } from "../error-record.ts";
import { ERROR_CORPUS } from "./fixtures/error-corpus.ts";
import { maskText } from "./mask-text.ts";
import { fingerprintOf, normalizeError } from "./normalize-error.ts";
import { userFrames } from "./stack-frames.ts";

const origin = { consumer: "billing", type: "order.placed" };
const fingerprint = (error: ErrorRecord): string => fingerprintOf({ ...origin, error });
const pairsOf = (count: number): number => (count * (count - 1)) / 2;

const total = ERROR_CORPUS.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
const together = ERROR_CORPUS.reduce((sum, { occurrences }) => sum + pairsOf(occurrences.length), 0);
const apart = pairsOf(total) - together;
const ecosystems = new Set(ERROR_CORPUS.map(({ ecosystem }) => ecosystem));

test(`${together} pairs of ${total} errors of ${ecosystems.size} ecosystems have one cause, and one fingerprint`, () => {
  expect(ecosystems.size).toBeGreaterThanOrEqual(8);
  expect(together).toBeGreaterThanOrEqual(60);
  for (const { occurrences } of ERROR_CORPUS) {
    const [first, ...others] = occurrences.map(normalizeError);
    for (const other of others) expect(other).toEqual(first);
  }
});

test(`${apart} pairs of them have two causes, and two fingerprints`, () => {
  const known = new Map<string, ErrorRecord | undefined>();
  for (const { occurrences } of ERROR_CORPUS) {
    const prints = new Set(occurrences.map(fingerprint));
    for (const print of prints) {
      expect({ error: occurrences[0], before: known.get(print) }).toEqual({ error: occurrences[0] });
      known.set(print, occurrences[0]);
    }
  }
  expect(known.size).toBe(ERROR_CORPUS.length);
});

test("what differs goes, and what tells causes apart stays", () => {
  const expected = {
    "HTTP/1.1 503 from 10.0.0.7:8080 after 1m30s": "HTTP/1.1 503 from <addr> after <duration>",
    "SQLSTATE 23505, ORA-00942, TS2345, exit code 137": "SQLSTATE 23505, ORA-00942, TS2345, exit code 137",
    "postgres://shop:secret@db-2.internal:5432/orders?ssl=1 refused": "postgres://db-<num>.internal refused",
    "see https://example.com/a/b?c=1.": "see https://example.com.",
    'column "total" of order "total"': 'column "total" of order <str>',
    "sku A-17 and utf8 and sha256 of v2": "sku A-<num> and utf8 and sha256 of v2",
    "pod payments-7d9f8b6c5-x2x4z was evicted": "pod payments-<id> was evicted",
    "missing ids [1, 2, 3] and [4,5]": "missing ids [<num>] and [<num>]",
    "at Sun, 22 Nov 2026 10:00:00 GMT or 2026/11/22 10:00:00": "at <time> or <time>",
    "it's 5 o'clock, isn't it": "it's <num> o'clock, isn't it",
    "0xdeadbeef and 9f86d081884c7d65 and 7": "<id> and <id> and <num>",
    "src/orders/handle.ts:12:5 and ./x.py and /etc/passwd": "<path> and <path> and <path>",
    "口座１２と12、「秘密」": "口座１２と<num>、<str>",
  };
  const masked = Object.fromEntries(Object.keys(expected).map((text) => [text, maskText(text)]));
  expect(masked).toEqual(expected);
});

test("the whole corpus, masked once, is masked", () => {
  for (const { occurrences } of ERROR_CORPUS) {
    for (const { message, bodyExcerpt = "" } of occurrences) {
      for (const masked of [maskText(message), maskText(bodyExcerpt)]) expect(maskText(masked)).toBe(masked);
    }
  }
});

const pieces = fc.constantFrom(
  ...[
    "'",
    '"',
    "`",
    "“",
    "”",
    "「",
    "」",
    "<num>",
    "<id>",
    "<str",
    "/",
    "//",
    ":",
    "::",
    "-",
    ".",
    ",",
    " ",
    "\n",
  ],
  ...[
    "10.0.0.1",
    "[::1]:80",
    "5ms",
    "2026-11-22",
    "10:00:00",
    "0x1f",
    "-5",
    "1e5",
    "v1.2.3",
    "a@b.example.com",
  ],
  ...[
    "https://",
    "/tmp/x",
    "C:\\x",
    "column ",
    "key=(",
    ")",
    "code ",
    "deadbeef1",
    "é",
    "残高",
    "\ud800",
    "😀",
    "=",
    "#",
  ],
);
const texts = fc
  .array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 6 }), fc.string({ maxLength: 6 })), {
    maxLength: 30,
  })
  .map((parts) => parts.join(""));

test("masking what is masked changes nothing, whatever the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const masked = maskText(text);
      expect(maskText(masked)).toBe(masked);
    }),
    { numRuns: 1000 },
  );
});

test("any error is normalised to bounded, well-formed text, the same each time", () => {
  const errors = fc
    .record({ name: texts, message: texts, stack: texts, bodyExcerpt: texts })
    .map((parts) => ({
      ...describeError("http", ""),
      ...parts,
      message: parts.message.repeat(40),
    }));
  fc.assert(
    fc.property(errors, (error) => {
      const normalized = normalizeError(error);
      for (const text of [
        normalized.name,
        normalized.message,
        normalized.answer ?? "",
        ...normalized.frames,
      ]) {
        expect(text.length).toBeLessThanOrEqual(600);
        expect(text.isWellFormed()).toBe(true);
      }
      expect(fingerprint(error)).toMatch(/^1-[\da-f]{32}$/);
      expect(fingerprint(structuredClone(error))).toBe(fingerprint(error));
    }),
    { numRuns: 100 },
  );
});

/** Each of them is the beginning of a form again and again: an expression that looks back never ends here. */
const GARBAGE = [
  "a",
  "1",
  "a1",
  "1.",
  "a.",
  "a@",
  "/a",
  "/",
  "'",
  '"',
  "`",
  "a/",
  "::",
  "1:",
  "-",
  "=(",
  "aA1",
  "http://",
  "a-",
  "<",
  '(String)"',
  " at ",
  "\n",
  "é",
  "Mon ",
  "1,",
  "[::",
];

test("garbage of many times the length of a message is masked, too", () => {
  for (const piece of GARBAGE) {
    const text = piece.repeat(50_000 / piece.length);
    expect(maskText(text).length).toBeLessThanOrEqual(text.length * 6);
    expect(userFrames(text).length).toBeLessThanOrEqual(5);
    expect(normalizeError(describeError("handler", text)).message.length).toBeLessThanOrEqual(600);
  }
});

test("consumer, type, class, code, status, frames and causes each make another case", () => {
  const error: ErrorRecord = { ...describeError("handler", "Order 1 is closed"), code: "E1", status: 500 };
  const cause = { name: "TypeError", message: "x is null" };
  const stack = "Error: Order 1 is closed\n    at close (/app/src/orders.ts:1:2)";
  const prints = [
    fingerprint(error),
    fingerprintOf({ ...origin, consumer: "mail", error }),
    fingerprintOf({ ...origin, type: "order.paid", error }),
    fingerprint({ ...error, name: "TypeError" }),
    fingerprint({ ...error, code: "E2" }),
    fingerprint({ ...error, status: 501 }),
    fingerprint({ ...error, kind: "timeout" }),
    fingerprint({ ...error, causes: [cause] }),
    fingerprint({ ...error, stack }),
  ];
  expect(new Set(prints).size).toBe(prints.length);
  // The same cause of each part of an AggregateError is one.
  const [one, many] = [
    { ...error, causes: [cause] },
    { ...error, causes: [cause, cause] },
  ];
  expect(fingerprint(one)).toBe(fingerprint(many));
});

test("a fingerprint is the same on every machine and in every release of its version", () => {
  const print = fingerprintOf({
    consumer: "billing",
    type: "order.placed",
    error: describeError("handler", "Order 4711 is closed"),
  });
  expect(print).toBe("1-b5e24e88281885af1d1173fa9374c8ff");
});
