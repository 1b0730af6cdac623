import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arbitraryEvent } from "#server/domain/envelope/testing/arbitrary-event.ts";
import { structuredJson } from "#server/domain/envelope/write-envelope.ts";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

const MEDIA_TYPES = [
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
  "application/x-ndjson",
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "image/png",
  "application/octet-stream; =;",
  "/",
  "",
];
const ENCODINGS = ["identity", "gzip", "zstd", "deflate", ""];
const ANSWERS = [202, 400, 409, 413, 415, 422];

let api: TestServer;
beforeAll(async () => {
  api = await openTestServer({
    settings: { NAGARE_MAX_EVENT_BYTES: "65536", NAGARE_MAX_BODY_BYTES: "131072" },
  });
});
afterAll(() => api.close());

/** Header values as bytes allow them on the wire: whatever is left of any text. */
const headerValue = fc
  .string({ unit: "binary", maxLength: 40 })
  .map((text) => text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, "%"));
const headers = fc.dictionary(
  fc.constantFrom(
    "ce-specversion",
    "ce-id",
    "ce-source",
    "ce-type",
    "ce-time",
    "ce-kind",
    "ce-aggregateversion",
    "ce-x",
    "ce-x_y",
    "ce-",
  ),
  fc.oneof(
    headerValue,
    fc.constantFrom("1.0", "%", "%00", "%ff%fe", "%ed%a0%80", "2025-11-22T03:05:16Z", "domain"),
  ),
  { maxKeys: 6 },
);

const text = fc.oneof(
  fc
    .array(arbitraryEvent, { maxLength: 4 })
    .map((events) => `[${events.map((event) => structuredJson(event)).join(",")}]`),
  fc
    .array(arbitraryEvent, { maxLength: 4 })
    .map((events) => events.map((event) => structuredJson(event)).join("\n")),
  arbitraryEvent.map((event) => structuredJson(event)),
  fc.json(),
  fc.constantFrom(
    "[".repeat(50_000),
    '{"a":'.repeat(20_000),
    `{"data":${"9".repeat(50_000)}}`,
    '{"id":"\\ud800"}',
    "\u0000",
  ),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  text.map((one) => Buffer.from(one)),
);

type Damage = { at: number; with: number; cut: number };
const damage = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    with: fc.nat(255),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 2 },
);

function damaged(body: Uint8Array, faults: readonly Damage[]): Uint8Array {
  let result = Buffer.from(body);
  for (const fault of faults) {
    if (result.length === 0) break;
    result[Math.floor(fault.at * (result.length - 1))] = fault.with;
    if (fault.cut > 0.7) result = result.subarray(0, Math.floor(fault.cut * result.length));
  }
  return result;
}

function pack(body: Uint8Array, encoding: string): Uint8Array {
  if (encoding === "gzip") return gzipSync(body);
  return encoding === "zstd" ? zstdCompressSync(body) : body;
}

async function post(body: Uint8Array, given: Record<string, string>): Promise<number> {
  const response = await fetch(`${api.url}/api/v1/events`, {
    method: "POST",
    headers: given,
    body: Buffer.from(body),
  });
  await response.text();
  return response.status;
}

describe("Whatever is posted", () => {
  test("is stored or refused as the sender's fault, and never fails the server", async () => {
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.constantFrom(...MEDIA_TYPES),
        fc.constantFrom(...ENCODINGS),
        headers,
        fc.tuple(damage, damage),
        async (body, contentType, encoding, extra, [before, after]) => {
          const sent = damaged(pack(damaged(body, before), encoding), after);
          const given = {
            ...extra,
            ...(contentType === "" ? {} : { "content-type": contentType }),
            ...(encoding === "" ? {} : { "content-encoding": encoding }),
          };
          const status = await post(sent, given);
          statuses.add(status);
          expect(ANSWERS).toContain(status);
        },
      ),
      { numRuns: 500 },
    );
    expect(api.takeFailures()).toEqual([]);
    expect(statuses.size).toBeGreaterThan(3);
  });

  test("an attribute or payload that looks right is stored, whatever characters are in it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryEvent, { minLength: 1, maxLength: 5 }),
        fc.uuid(),
        async (events, run) => {
          const unique = events.map((event, at) => structuredJson({ ...event, id: `${run}.${at}` }));
          const response = await fetch(`${api.url}/api/v1/events`, {
            method: "POST",
            headers: { "content-type": "application/cloudevents-batch+json" },
            body: `[${unique.join(",")}]`,
          });
          expect(await response.json()).toEqual({
            accepted: events.length,
            duplicates: 0,
            conflicts: 0,
            rejected: [],
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
