import fc from "fast-check";
import { EVENT_KINDS, type EventData, type EventEnvelope } from "#server/domain/event.ts";
import { emptyEnvelope, setAttribute, TEXT_FIELDS } from "../attributes.ts";

const RESERVED = new Set([
  ...TEXT_FIELDS.keys(),
  ...["time", "datacontenttype", "kind", "aggregateversion", "data", "specversion", "recordedat"],
]);

/** Texts that an attribute may hold: any script, no control characters, nothing that is no character. */
export const attributeText = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.string({ unit: "binary", minLength: 1 }),
  )
  .map((text) => text.replaceAll(/\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/gu, "") || "é");

const space = fc.constantFrom("", "", "", " ", "\n", "\t\r\n  ");
const number = fc.oneof(
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
  fc.constantFrom("-0", "1.10", "0.1e+400", "12345678901234567890.123456789012345678901", "1E5", "-2.50e-7"),
);
const stringText = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"\\u0000"',
    '"\\ud800"',
    '"\\u00e9\\/\\b"',
    '"\u007f\u2028\u{1f600}"',
    '"\\\\"',
    '"a\\"}],b"',
    '""',
  ),
);

/** No key means a backslash: V8 would then misread later keys in the tests' own `JSON.parse` (nodejs/node issue 63785). */
const keyText = fc
  .oneof(stringText, fc.constantFrom('"id"', '"data"', '"__proto__"'))
  .filter((text) => !String(JSON.parse(text)).includes("\\"));

/** JSON texts as people and machines write them, with the numbers and strings that a parser would not give back. */
export const { json: jsonText, object: jsonObjectText } = fc.letrec<{
  json: string;
  array: string;
  object: string;
  member: string;
}>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(number, stringText, fc.constantFrom("true", "false", "null")),
    tie("array"),
    tie("object"),
  ),
  array: fc
    .tuple(fc.array(tie("json"), { maxLength: 4 }), space)
    .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
  member: fc.tuple(keyText, tie("json"), space).map(([key, value, gap]) => `${key}${gap}:${gap}${value}`),
  object: fc
    .tuple(fc.array(tie("member"), { maxLength: 5 }), space)
    .map(([members, gap]) => `{${gap}${members.join(`${gap},${gap}`)}${gap}}`),
}));

const plainText = fc
  .string({ unit: "binary", minLength: 1, maxLength: 60 })
  .map((text) => text.toWellFormed().replaceAll("\0", "") || "text");

/** Payloads with the content types under which each is read as what it is. */
const content: fc.Arbitrary<{ data: EventData; dataContentType: string | null }> = fc.oneof(
  fc.record({
    data: fc.constant<EventData>({ encoding: "none" }),
    dataContentType: fc.constantFrom(null, "application/json", "text/plain"),
  }),
  fc.record({
    data: jsonText.map((text): EventData => ({ encoding: "json", text })),
    dataContentType: fc.constantFrom(
      null,
      "application/json",
      "application/vnd.api+JSON",
      "text/json; charset=UTF-8",
    ),
  }),
  fc.record({
    data: plainText.map((text): EventData => ({ encoding: "text", text })),
    dataContentType: fc.constantFrom(
      "text/plain",
      "TEXT/csv; charset=utf-8",
      "application/xml",
      "image/svg+xml",
    ),
  }),
  fc.record({
    data: fc
      .uint8Array({ minLength: 1, maxLength: 60 })
      .map((bytes): EventData => ({ encoding: "binary", bytes })),
    dataContentType: fc.constantFrom(
      null,
      "application/octet-stream",
      "image/png",
      'application/json; charset="utf-16"',
    ),
  }),
);

const extensions = fc.option(
  fc.dictionary(
    fc.stringMatching(/^[a-z0-9]{1,20}$/).filter((name) => !RESERVED.has(name)),
    fc.oneof(attributeText, fc.boolean(), fc.integer()),
    { minKeys: 1, maxKeys: 4, noNullPrototype: true },
  ),
  { nil: null },
);

const optionalText = fc.option(attributeText, { nil: null });
const time = fc.option(
  fc.constantFrom(
    "2025-11-22T03:05:16Z",
    "2025-11-22T03:05:16.123Z",
    "2016-12-31T23:59:60.000Z",
    "9999-12-31T23:59:59.999Z",
    "2024-02-29t23:59:59.123456789012+05:45",
    "2016-12-31T23:59:60Z",
    "0001-01-01T00:00:00-00:00",
  ),
  { nil: null },
);

/** Events that the readers may have given. */
export const arbitraryEvent: fc.Arbitrary<EventEnvelope> = fc
  .record({
    id: attributeText,
    source: attributeText,
    type: attributeText,
    subject: optionalText,
    time,
    dataSchema: optionalText,
    kind: fc.option(fc.constantFrom(...EVENT_KINDS), { nil: null }),
    correlationId: optionalText,
    causationId: optionalText,
    partitionKey: optionalText,
    aggregateType: optionalText,
    aggregateId: optionalText,
    aggregateVersion: fc.option(fc.nat(), { nil: null }),
    traceparent: optionalText,
    channel: optionalText,
    extensions,
    content,
  })
  .map(({ content: { data, dataContentType }, ...attributes }) => ({
    ...attributes,
    data,
    dataContentType,
    shape: "cloudevents-structured" as const,
  }));

/** An event with these attributes, by their CloudEvents names, beside what every event needs. */
export function eventWith(
  attributes: Record<string, string | number | boolean>,
  data?: EventData,
): EventEnvelope {
  const event = emptyEnvelope("cloudevents-structured");
  for (const [name, value] of Object.entries({ id: "1", source: "/tests", type: "tested", ...attributes })) {
    const refusal = setAttribute(event, name, value);
    if (refusal !== null) throw new Error(refusal.message);
  }
  if (data !== undefined) event.data = data;
  return event;
}
