import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventDetailDto } from "#server/contract/events.ts";
import type { ProblemDto } from "#server/contract/problem.ts";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const KIB = 1024;

let api: TestServer;
beforeAll(async () => {
  api = await openTestServer({
    settings: {
      NAGARE_MAX_EVENT_BYTES: "4096",
      NAGARE_MAX_BODY_BYTES: "65536",
      NAGARE_MAX_BATCH_EVENTS: "100",
    },
  });
});
afterAll(() => api.close());

type Headers = Record<string, string>;

async function post(contentType: string | null, body: string | Uint8Array, headers: Headers = {}) {
  const response = await fetch(`${api.url}/api/v1/events`, {
    method: "POST",
    headers: { ...(contentType === null ? {} : { "content-type": contentType }), ...headers },
    body: Buffer.from(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function envelope(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { specversion: "1.0", id, source: "/http", type: "http.tested", ...more };
}

async function detailOf(id: string, source = "/http"): Promise<EventDetailDto> {
  const response = await fetch(`${api.url}/api/v1/events/by-id?${new URLSearchParams({ source, id })}`);
  expect(response.status).toBe(200);
  return response.json();
}

function expectProblem(
  answer: { status: number; headers: globalThis.Headers; body: ProblemDto },
  status: number,
  code: string,
) {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status,
    code,
    detail: expect.any(String),
    requestId: expect.any(String),
  });
}

describe("POST /api/v1/events takes", () => {
  test("one event in binary mode, with percent-encoded attributes and a payload of any type", async () => {
    const bytes = Uint8Array.from([0, 255, 13, 10]);
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "binary-1",
      "ce-source": "/http",
      "ce-type": "photo.taken",
      "ce-subject": "%E6%B5%81%E3%82%8C",
      "ce-correlationid": "flow-1",
      "ce-kind": "domain",
    };
    const answer = await post("image/png", bytes, headers);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 1, duplicates: 0, conflicts: 0, rejected: [] });
    expect(await detailOf("binary-1")).toMatchObject({
      type: "photo.taken",
      subject: "流れ",
      kind: "domain",
      correlationId: "flow-1",
      dataContentType: "image/png",
      data: { encoding: "base64", text: Buffer.from(bytes).toString("base64") },
      shape: "cloudevents-binary",
    });
  });

  test("one event in structured mode, with its numbers as they were written", async () => {
    const text = '{"amount":12345678901234567890.10,"ok":true}';
    const body = JSON.stringify(envelope("structured-1", { region: "eu" })).replace(/}$/, `,"data":${text}}`);
    expect((await post(`${STRUCTURED}; charset=utf-8`, body)).status).toBe(202);
    expect(await detailOf("structured-1")).toMatchObject({
      extensions: { region: "eu" },
      data: { encoding: "json", text },
      shape: "cloudevents-structured",
    });
  });

  test("a batch, of which it takes what is good and names the rest by place", async () => {
    const events = [
      envelope("batch-1"),
      { id: "batch-2" },
      envelope("batch-3"),
      envelope("batch-4", { data: "x".repeat(5 * KIB) }),
    ];
    const { status, body } = await post(BATCH, JSON.stringify(events));
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, duplicates: 0, conflicts: 0 });
    expect(body.rejected).toEqual([
      { index: 1, id: "batch-2", code: expect.any(String), message: expect.any(String) },
      { index: 3, id: "batch-4", code: "too-large", message: expect.stringContaining("4096") },
    ]);
  });

  test("lines of envelopes", async () => {
    const lines = [envelope("line-1"), envelope("line-2")].map((one) => JSON.stringify(one));
    const { status, body } = await post("application/x-ndjson", `${lines.join("\n")}\n\n{not json\n`);
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, rejected: [{ index: 3, code: "invalid-json" }] });
    expect(await detailOf("line-2")).toMatchObject({ shape: "cloudevents-ndjson" });
  });

  test("JSON in a shape that is known, alone or in a list", async () => {
    const eventBridge = {
      version: "0",
      id: "bridge-1",
      "detail-type": "Order Placed",
      source: "shop.orders",
      account: "123456789012",
      time: "2025-11-22T03:05:16Z",
      region: "eu-west-1",
      resources: [],
      detail: { order: 1 },
    };
    expect((await post("application/json", JSON.stringify(eventBridge))).status).toBe(202);
    expect(
      (await post("application/json", JSON.stringify([envelope("plain-1"), envelope("plain-2")]))).status,
    ).toBe(202);
    expect(await detailOf("plain-2")).toMatchObject({ shape: "cloudevents-json" });
    const { body } = await post("application/json", JSON.stringify(eventBridge));
    expect(body).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ])("bodies packed with %s", async (encoding, pack) => {
    const event = JSON.stringify(envelope(`packed-${encoding}`));
    const lines = JSON.stringify(envelope(`packed-line-${encoding}`));
    expect((await post(STRUCTURED, pack(event), { "content-encoding": encoding })).status).toBe(202);
    expect((await post("application/x-ndjson", pack(lines), { "content-encoding": encoding })).status).toBe(
      202,
    );
    await detailOf(`packed-${encoding}`);
    await detailOf(`packed-line-${encoding}`);
  });

  test("the same again, and says that it knew it", async () => {
    await post(STRUCTURED, JSON.stringify(envelope("again")));
    const { status, body } = await post(STRUCTURED, JSON.stringify(envelope("again")));
    expect(status).toBe(202);
    expect(body).toEqual({ accepted: 0, duplicates: 1, conflicts: 0, rejected: [] });
  });
});

describe("POST /api/v1/events refuses with the reason", () => {
  test("a single event that is none: 400", async () => {
    const answer = await post(STRUCTURED, JSON.stringify({ specversion: "1.0", id: "1", source: "/http" }));
    expectProblem(answer, 400, "missing-attribute");
    expect(answer.body.detail).toContain("type");
  });

  test.each([
    [STRUCTURED, ""],
    [STRUCTURED, "{"],
    [STRUCTURED, '{"specversion":"1.0"}}'],
    [BATCH, "[{}"],
    [BATCH, "{}"],
    ["application/json", "\u0000"],
    ["application/json", "nothing"],
  ])("a body of %s that can't be read, %j: 400", async (contentType, body) => {
    expectProblem(await post(contentType, body), 400, "unreadable");
  });

  test("invalid UTF-8: 400", async () => {
    expectProblem(await post(STRUCTURED, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, "unreadable");
  });

  test("an identity that belongs to an event with other content: 409, or a conflict by place in a batch", async () => {
    await post(STRUCTURED, JSON.stringify(envelope("taken", { data: 1 })));
    const other = envelope("taken", { data: 2 });
    const answer = await post(STRUCTURED, JSON.stringify(other));
    expectProblem(answer, 409, "conflict");
    const batch = await post(BATCH, JSON.stringify([envelope("not-taken"), other]));
    expect(batch.status).toBe(202);
    expect(batch.body).toMatchObject({
      accepted: 1,
      conflicts: 1,
      rejected: [{ index: 1, id: "taken", code: "conflict" }],
    });
    expect((await detailOf("taken")).data.text).toBe("1");
  });

  test("an event, a body or a batch over its limit: 413", async () => {
    const large = JSON.stringify(envelope("large", { data: "x".repeat(5 * KIB) }));
    expectProblem(await post(STRUCTURED, large), 413, "too-large");
    expectProblem(await post(BATCH, `[${" ".repeat(65 * KIB)}]`), 413, "too-large");
    const many = Array.from({ length: 101 }, (_, n) => envelope(`many-${n}`));
    expectProblem(await post(BATCH, JSON.stringify(many)), 413, "too-large");
  });

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ])("a small body that %s blows up to a large one: 413", async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(30 * KIB * KIB, " "));
    expect(bomb.length).toBeLessThan(64 * KIB);
    for (const contentType of [BATCH, "application/x-ndjson"]) {
      expectProblem(await post(contentType, bomb, { "content-encoding": encoding }), 413, "too-large");
    }
  });

  test.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ])("a body of %s that is cut off or no such thing: 400", async (encoding, pack) => {
    const whole = pack(JSON.stringify([envelope("cut", { data: "abcdefghijklmnopqrstuvwxyz" })]));
    for (const body of [
      whole.subarray(0, -6),
      whole.subarray(0, 12),
      Buffer.from("plain text"),
      Buffer.alloc(0),
    ]) {
      for (const contentType of [BATCH, "application/x-ndjson"]) {
        expectProblem(await post(contentType, body, { "content-encoding": encoding }), 400, "unreadable");
      }
    }
  });

  test("a media type or an encoding that is not read: 415, with those that are", async () => {
    const answer = await post("text/html", "<p>");
    expectProblem(answer, 415, "unsupported-media-type");
    expect(answer.body.detail).toContain(BATCH);
    expectProblem(await post(null, "{}"), 415, "unsupported-media-type");
    expectProblem(await post("nonsense", "{}"), 415, "unsupported-media-type");
    expectProblem(await post(`${STRUCTURED}; charset=utf-16`, "{}"), 415, "unsupported-media-type");
    const packed = await post(STRUCTURED, "{}", { "content-encoding": "br" });
    expectProblem(packed, 415, "unsupported-media-type");
    expect(packed.body.detail).toContain("gzip");
  });

  test("a batch of which nothing can be taken: 422, with each reason", async () => {
    const answer = await post(BATCH, JSON.stringify([{ id: "a" }, 7]));
    expectProblem(answer, 422, "nothing-taken");
    expect(answer.body.rejected).toMatchObject([{ index: 0, id: "a" }, { index: 1 }]);
  });
});
