import { expect, test } from "vitest";
import type { EventDetailDto } from "#server/contract/events.ts";
import { readAttributes, similarFilters } from "./attributes.ts";
import { clockSkewMs } from "./clock-skew.ts";
import { toPayloadFile } from "./payload-file.ts";
import { coveringRange, similarHref } from "./similar-link.ts";

const EVENT: EventDetailDto = {
  position: "1800000000000000",
  id: "7/a b",
  source: "/shop",
  type: "order.placed",
  subject: null,
  kind: null,
  time: "2026-01-02T03:04:05Z",
  recordedAt: "2026-01-02T03:04:05.500Z",
  correlationId: "flow & 1",
  causationId: null,
  partitionKey: null,
  channel: null,
  dataContentType: "application/json",
  dataBytes: 7,
  shape: "cloudevents-structured",
  dataSchema: null,
  aggregateType: null,
  aggregateId: null,
  aggregateVersion: 0,
  traceparent: null,
  extensions: {},
  data: { encoding: "json", text: '{"a":1}' },
  envelope: "{}",
};

test("every attribute is either shown or named as not given", () => {
  const { groups, absent } = readAttributes(EVENT);
  const shown = groups.flatMap(({ attributes }) => attributes.map(({ name }) => name));
  const beside = ["extensions", "data", "envelope"];
  expect([...shown, ...absent, ...beside].sort()).toEqual(Object.keys(EVENT).sort());
  expect(absent).toContain("subject");
});

test("a version of 0 is a version", () => {
  const { groups } = readAttributes(EVENT);
  expect(groups.find(({ group }) => group === "aggregate")?.attributes).toEqual([
    { name: "aggregateVersion", value: "0" },
  ]);
});

test("only what an event has is offered to find its like", () => {
  expect(similarFilters(EVENT).map(({ by }) => by)).toEqual(["type", "source", "correlationid"]);
});

test.each([
  ["2026-01-02T03:04:05.500Z", null],
  ["2026-01-02T03:04:06.500Z", null],
  ["2026-01-02T03:04:07+00:00", 1500],
  ["2026-01-02T12:03:05.5+09:00", -60_000],
  ["not a time", null],
  [null, null],
])("a producer's clock at %s is off by %s", (time, skew) => {
  expect(clockSkewMs({ ...EVENT, time })).toBe(skew);
});

test.each([
  [59 * 60_000, "1h"],
  [61 * 60_000, "6h"],
  [8 * 86_400_000, "30d"],
])("an event that is %d ms old lies in the last %s", (age, preset) => {
  const now = Date.parse(EVENT.recordedAt) + age;
  expect(coveringRange(EVENT.recordedAt, now)).toEqual({ kind: "relative", preset });
});

test("an event older than every span lies in the middle of a day", () => {
  const now = Date.parse(EVENT.recordedAt) + 40 * 86_400_000;
  expect(coveringRange(EVENT.recordedAt, now)).toEqual({
    kind: "absolute",
    from: "2026-01-01T15:04:05.500Z",
    to: "2026-01-02T15:04:05.500Z",
  });
});

test("signs in a value don't break the address of its like", () => {
  const range = { kind: "relative", preset: "7d" } as const;
  expect(similarHref(EVENT, "correlationid", "flow & 1", { range })).toBe(
    "/events?correlationid=flow+%26+1&range=7d",
  );
});

test("a payload is saved under the event's id with the ending of its type", () => {
  expect(toPayloadFile(EVENT)).toEqual({ name: "7_a_b.json", type: "application/json", content: '{"a":1}' });
  const picture = {
    ...EVENT,
    dataContentType: "image/PNG; a=b",
    data: { encoding: "base64", text: "AQI=" },
  } as const;
  expect(toPayloadFile(picture)).toEqual({
    name: "7_a_b.png",
    type: "image/png",
    content: Uint8Array.of(1, 2),
  });
  const bytes = { ...EVENT, dataContentType: null, data: { encoding: "base64", text: "" } } as const;
  expect(toPayloadFile(bytes)).toMatchObject({ name: "7_a_b.bin", type: "application/octet-stream" });
});
