import { describe, expect, test } from "vitest";
import type { EventData } from "#server/domain/event.ts";
import { isSameContent } from "./compare.ts";
import { eventWith } from "./testing/arbitrary-event.ts";

const json = (text: string): EventData => ({ encoding: "json", text });
const bytes = (...values: number[]): EventData => ({ encoding: "binary", bytes: Uint8Array.from(values) });

describe("Two events have the same content", () => {
  test.each([
    [
      "times are one instant",
      eventWith({ time: "2025-11-22T03:05:16Z" }),
      eventWith({ time: "2025-11-22T12:05:16.0+09:00" }),
    ],
    ["JSON differs in white space alone", eventWith({}, json('{"a": 1}')), eventWith({}, json('{"a":1}'))],
    [
      "JSON is declared or implied",
      eventWith({}, json("1")),
      eventWith({ datacontenttype: "application/json" }, json("1")),
    ],
    [
      "extensions came as headers or as JSON",
      eventWith({ attempt: 2, ok: true }),
      eventWith({ ok: "true", attempt: "2" }),
    ],
    ["bytes are characters", eventWith({}, bytes(0x61)), eventWith({}, { encoding: "text", text: "a" })],
    ["there is no payload or an empty one", eventWith({}), eventWith({}, { encoding: "text", text: "" })],
    ["they came in two shapes", eventWith({}), { ...eventWith({}), shape: "snake-case" as const }],
  ])("when %s", (_, a, b) => {
    expect(isSameContent(a, b)).toBe(true);
    expect(isSameContent(b, a)).toBe(true);
  });

  test.each([
    ["an attribute", eventWith({ subject: "a" }), eventWith({ subject: "b" })],
    ["an attribute that one has", eventWith({ correlationid: "a" }), eventWith({})],
    ["the kind", eventWith({ kind: "domain" }), eventWith({ kind: "command" })],
    ["the version", eventWith({ aggregateversion: 0 }), eventWith({})],
    [
      "the last digit of the time",
      eventWith({ time: "2025-11-22T03:05:16.0000000001Z" }),
      eventWith({ time: "2025-11-22T03:05:16Z" }),
    ],
    ["having a time", eventWith({ time: "2025-11-22T03:05:16Z" }), eventWith({})],
    ["an extension's value", eventWith({ a: "1" }), eventWith({ a: "2" })],
    ["an extension's name", eventWith({ a: "1" }), eventWith({ constructor: "1" })],
    [
      "the content type",
      eventWith({ datacontenttype: "text/plain" }),
      eventWith({ datacontenttype: "text/csv" }),
    ],
    [
      "a number that a parser would round",
      eventWith({}, json("9007199254740993")),
      eventWith({}, json("9007199254740992")),
    ],
    ["how a number is written", eventWith({}, json("1.0")), eventWith({}, json("1"))],
    ["white space in a string", eventWith({}, json('"a b"')), eventWith({}, json('"ab"'))],
    ["a byte", eventWith({}, bytes(1)), eventWith({}, bytes(2))],
    ["length", eventWith({}, bytes(1)), eventWith({}, bytes(1, 2))],
    ["being JSON", eventWith({}, json("1")), eventWith({}, bytes(0x31))],
    ["having JSON", eventWith({}, json("null")), eventWith({})],
  ])("but not when they differ in %s", (_, a, b) => {
    expect(isSameContent(a, b)).toBe(false);
    expect(isSameContent(b, a)).toBe(false);
  });
});
