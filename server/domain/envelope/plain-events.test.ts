import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventEnvelope } from "#server/domain/event.ts";
import { isJson } from "#server/domain/is-json.ts";
import { TEXT_FIELDS } from "./attributes.ts";
import { endOfJson } from "./json-grammar.ts";
import { scanObject } from "./json-slices.ts";
import { PlainEvents } from "./plain-events.ts";
import { DEFAULT_LIMITS, readElement } from "./read-element.ts";
import { arbitraryEvent, jsonText } from "./testing/arbitrary-event.ts";
import { structuredJson } from "./write-envelope.ts";

const LIMITS = { ...DEFAULT_LIMITS, maxEventBytes: 4_000, maxDepth: 4 };
const SHAPE = "cloudevents-structured";

/** What the reader that knows every form makes of the object at the beginning of a text. */
function readClosely(text: string) {
  const object = scanObject(text, 0, LIMITS.maxEventBytes);
  const reading = object === null ? null : readElement(object, LIMITS, SHAPE, false);
  return reading?.kind === "event" ? { event: reading.event, end: object?.end } : null;
}

function readPlainly(text: string) {
  const plain = new PlainEvents(text, SHAPE, LIMITS);
  const event = plain.read(0);
  return event === null ? null : { event, end: plain.end };
}

/** The same event with plain text in its attributes, in most cases. */
const mostlyPlain = fc.tuple(arbitraryEvent, fc.nat(9)).map(([event, n]): EventEnvelope => {
  const plain = (text: string | null) => (text === null ? null : text.replaceAll(/[^\x20-\x7e]|["\\]/g, "x"));
  const texts = [...TEXT_FIELDS.values()].map((field) => [field, plain(event[field])]);
  const isJson = event.data.encoding === "json" || event.data.encoding === "none";
  return n === 0
    ? event
    : {
        ...event,
        ...Object.fromEntries(texts),
        extensions: n < 4 ? null : event.extensions,
        dataContentType: isJson ? "application/json" : event.dataContentType,
      };
});

const READING =
  '{"specversion":"1.0","id":"r-1","source":"/plants/osaka/line-3","type":"plant.sensor.climate","subject":"sensor-7"' +
  ',"time":"2025-10-09T08:53:20.000Z","datacontenttype":"application/json","kind":"domain","aggregateversion":7' +
  ',"dataversion":"2.1","data":{"value":12345678901234567890.10,"ok":true,"none":[null,-0,1E5,"\\u00e9 é"]}}';

describe("An event of the everyday form", () => {
  test("is read in one pass, its payload to the character", () => {
    const read = readPlainly(READING);
    expect(read).not.toBeNull();
    expect(read).toEqual(readClosely(READING));
    expect(read?.event.data).toEqual({
      encoding: "json",
      text: '{"value":12345678901234567890.10,"ok":true,"none":[null,-0,1E5,"\\u00e9 é"]}',
    });
  });

  test("is read also where its members come in another order, or others, than those of the one before", () => {
    const texts = [
      READING,
      '{"data":1,"type":"t","source":"/s","id":"2","specversion":"1.0"}',
      ' {"specversion":"1.0", "id" : "3","source":"/s","type":"t","other":"x"}',
      READING,
    ];
    const all = texts.join(",");
    const plain = new PlainEvents(all, SHAPE, LIMITS);
    let at = 0;
    for (const text of texts) {
      const start = all.indexOf("{", at);
      expect(plain.read(start)).toEqual(readClosely(text.trimStart())?.event);
      at = plain.end;
    }
    expect(at).toBe(all.length);
  });

  const without = (part: string) => READING.replace(part, "");
  test.each([
    ["a name that stands twice", READING.replace('"kind"', '"subject"')],
    ["a payload that stands twice", READING.replace('"data":', '"data":1,"data":')],
    ["an extension that stands twice", READING.replace('"dataversion"', '"a":"1","a"')],
    ["a version that stands twice", READING.replace('"id"', '"specversion":"1.0","id"')],
    ["another version", READING.replace('"1.0"', '"0.3"')],
    ["no version", without('"specversion":"1.0",')],
    ["no id", without('"id":"r-1",')],
    ["an escaped name", READING.replace('"subject"', '"subj\\u0065ct"')],
    ["an escaped value", READING.replace("sensor-7", "sensor\\u002d7")],
    ["a value in another script", READING.replace("sensor-7", "センサー")],
    ["an empty value", READING.replace("sensor-7", "")],
    ["null", READING.replace('"sensor-7"', "null")],
    ["a time that is none", READING.replace("-09T", "-39T")],
    ["another content type", READING.replace("application/json", "text/plain")],
    ["another kind", READING.replace('"domain"', '"event"')],
    ["a version that is a fraction", READING.replace(":7,", ":7.0,")],
    ["a payload in base64", READING.replace('"data"', '"data_base64"')],
    ["a payload that is too deep", READING.replace("-0", "[[[1]]]")],
    ["a payload that is no JSON", READING.replace("-0", "-00")],
    ["more bytes than an event may have", READING.replace('é"', `${"é".repeat(2_000)}"`)],
    ["a comma too many", READING.replace(/}}$/, "},}")],
    ["an end that is missing", READING.slice(0, -1)],
  ])("is not one with %s", (_, text) => {
    expect(text).not.toBe(READING);
    expect(readPlainly(text)).toBeNull();
  });

  test("is read as by the reader that knows every form, whatever stands in it", () => {
    let plainly = 0;
    fc.assert(
      fc.property(mostlyPlain, fc.nat(), fc.nat(30), (event, place, change) => {
        const whole = structuredJson(event);
        const at = place % whole.length;
        const pieces = ['"', "}", "{", ",", ":", "\\", " ", "\u0001", "0", "é", "null", '"a":"b",'];
        const piece = pieces[change] ?? "";
        for (const text of [whole, whole.slice(0, at) + piece + whole.slice(at + (change % 2))]) {
          const read = readPlainly(text);
          if (read === null) continue;
          plainly += 1;
          expect(read).toEqual(readClosely(text));
        }
      }),
      { numRuns: 2_000 },
    );
    expect(plainly).toBeGreaterThan(200);
  });
});

describe("The end of a JSON value", () => {
  test("is where JSON.parse sees it, and there is none where JSON.parse refuses", () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), fc.nat(40), (json, place, change) => {
        const at = place % (json.length + 1);
        const piece = ['"', "}", "]", ",", "e", "-", ".", "\\", "\n", "u", "0", "\u0000"][change] ?? "";
        const text = json.slice(0, at) + piece + json.slice(at + (change % 2));
        const end = endOfJson(text, 0, 64);
        const isWhole = end === text.trimEnd().length && end === text.length;
        expect(isWhole).toBe(isJson(text) && !/^\s|\s$/.test(text));
        if (end !== -1) expect(isJson(text.slice(0, end))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test("is not looked for deeper than it may be", () => {
    expect(endOfJson("[[1]]", 0, 2)).toBe(5);
    expect(endOfJson("[[1]]", 0, 1)).toBe(-1);
    expect(endOfJson('{"a":{}}', 0, 2)).toBe(8);
    expect(endOfJson('{"a":{}}', 0, 1)).toBe(-1);
    expect(endOfJson("7", 0, 0)).toBe(1);
    expect(endOfJson("{}", 0, 0)).toBe(-1);
  });
});
