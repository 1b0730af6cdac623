import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openTestBus } from "#server/bus/testing/open-bus.ts";
import type { SpanSink } from "#server/platform/spans.ts";
import type { Api } from "./api.ts";
import { createApi } from "./api.ts";
import { takeEventPosts } from "./event-posts.ts";

const ONE = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const LEFT = 299;

let bus: Awaited<ReturnType<typeof openTestBus>>;
let api: Api;
let lean: Server;
let address: string;
beforeAll(async () => {
  bus = await openTestBus();
  api = await createApi(bus.ctx, (listener) => createServer(listener));
  address = await api.listen({ port: 0 });
  lean = createServer(
    takeEventPosts(bus.ctx, (_, response) => void response.writeHead(LEFT, { connection: "close" }).end()),
  );
  lean.listen(0, "127.0.0.1");
  await once(lean, "listening");
});
afterAll(async () => {
  lean.close();
  await api.close();
  await bus.close();
});

type Sent = { contentType: string; body: string | Uint8Array };

function port(): number {
  const address = lean.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function post(url: string, { contentType, body }: Sent, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": contentType, ...headers },
    body: Buffer.from(body),
  });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

const postLean = (sent: Sent, headers?: Record<string, string>, query = "") =>
  post(`http://127.0.0.1:${port()}/api/v1/events${query}`, sent, headers);

/** A query that nothing reads keeps a post from being an everyday one. */
const postToRoute = (sent: Sent) => post(`${address}/api/v1/events?by=route`, sent);

function event(id: string, more: Record<string, unknown> = {}) {
  return { specversion: "1.0", id, source: "/WAY", type: "posted", data: { id }, ...more };
}

const one = (id: string, more?: Record<string, unknown>): Sent => ({
  contentType: ONE,
  body: JSON.stringify(event(id, more)),
});
const batch = (...events: unknown[]): Sent => ({ contentType: BATCH, body: JSON.stringify(events) });

/** In order: later ones meet what earlier ones stored. */
const POSTS: readonly [what: string, sent: Sent][] = [
  ["a new event", one("new")],
  ["one with a charset", { ...one("charset"), contentType: `${ONE}; charset=utf-8` }],
  ["a repeat", one("new")],
  ["a conflict", one("new", { data: "other" })],
  ["an attribute that is missing", one("no-type", { type: undefined })],
  ["an event that is too large", one("large", { data: "x".repeat(1024 * 1024) })],
  ["no JSON", { contentType: ONE, body: "{" }],
  ["no UTF-8", { contentType: ONE, body: Uint8Array.of(0x7b, 0xff) }],
  ["a batch where one is expected", { ...batch(event("b")), contentType: ONE }],
  ["a batch", batch(event("b1"), event("b2"), event("b1"))],
  ["a batch of no events", batch()],
  ["a batch with a bad one", batch(event("b3"), { id: "bad" }, event("new", { data: "other" }))],
  ["a batch of nothing good", batch({ id: "bad" })],
  ["a character in many bytes", one("流れ", { subject: "流" })],
];

describe("An everyday post of events is answered as its route answers", () => {
  test.each(POSTS)("%s", async (_, sent) => {
    const by = (way: string): Sent =>
      typeof sent.body === "string" ? { ...sent, body: sent.body.replaceAll("/WAY", way) } : sent;
    const [lean, route] = [await postLean(by("/one")), await postToRoute(by("/two"))];
    expect(comparable(lean)).toEqual(comparable(route));
    expect(lean.status).not.toBe(LEFT);
  });

  test("what fails on the server's side says so, under a request id", async () => {
    const append = vi.spyOn(bus.ctx.ingest, "append");
    const logged = vi.spyOn(bus.ctx.log, "error").mockReturnValue(undefined);
    append.mockRejectedValue(Object.assign(new Error("gone"), { code: "ECONNREFUSED" }));
    const answers = [await postLean(one("failing")), await postToRoute(one("failing"))];
    expect(logged.mock.calls.map(([, message]) => message)).toEqual(["request.failed", "request.failed"]);
    append.mockRestore();
    logged.mockRestore();
    expect(comparable(answers[0])).toEqual(comparable(answers[1]));
    expect(answers[0]).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    expect(JSON.parse(answers[0]?.body ?? "").requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("is counted the same where it can't be read", async () => {
    const { total: before } = bus.ctx.meters.ingest.rejected.invalid;
    await postLean({ contentType: ONE, body: "{" });
    await postToRoute({ contentType: ONE, body: "{" });
    expect(bus.ctx.meters.ingest.rejected.invalid.total).toBe(before + 2);
  });
});

function comparable(answer: { status: number; headers: object; body: string } | undefined) {
  const headers = { ...answer?.headers, date: "", "keep-alive": "" };
  // A position and a request id are never the same twice.
  const body = answer?.body.replace(/"requestId":"[^"]*"/, "").replace(/position \d+/, "position");
  return { status: answer?.status, headers, body };
}

describe("A post of events", () => {
  test("in pieces is stored when all of them are there", async () => {
    const body = String(one("in-pieces").body);
    const socket = connect(port(), "127.0.0.1").setEncoding("utf8");
    socket.write(
      `POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${ONE}\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    for (const piece of [body.slice(0, 9), body.slice(9, 30), body.slice(30)]) {
      await new Promise((sent) => socket.write(piece, sent));
    }
    const [answer] = await once(socket, "data");
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 202 Accepted\r\n/);
    expect(answer).toMatch(/\{"accepted":1,"duplicates":0,"conflicts":0,"rejected":\[\]\}$/);
  });

  test("that breaks off is counted as one that can't be read", async () => {
    const { invalid } = bus.ctx.meters.ingest.rejected;
    const before = invalid.total;
    const socket = connect(port(), "127.0.0.1");
    const head = `POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${ONE}\r\ncontent-length: 90\r\n\r\n{`;
    await new Promise((sent) => socket.write(head, sent));
    socket.end();
    await vi.waitFor(() => expect(invalid.total).toBe(before + 1));
  });

  test.each([
    ["with a query", one("a"), {}, "?a=b"],
    ["that is encoded", one("b"), { "content-encoding": "gzip" }, ""],
    ["of lines", { contentType: "application/x-ndjson", body: "{}" }, {}, ""],
    ["of JSON in any shape", { contentType: "application/json", body: "{}" }, {}, ""],
    ["of a foreign shape", one("c"), { "x-amz-sns-message-type": "Notification" }, ""],
    ["larger than a body may be", { contentType: BATCH, body: new Uint8Array(33 * 1024 * 1024) }, {}, ""],
    ["without a body", { contentType: ONE, body: "" }, {}, ""],
  ])("%s is left to the route", async (_, sent, headers, path) => {
    const isLarge = typeof sent.body !== "string";
    // Whoever sends more than is read may find the connection closed before the answer.
    const answer = await postLean(sent, headers, path).catch(() => (isLarge ? { status: LEFT } : null));
    expect(answer?.status).toBe(LEFT);
  });

  test("is left to the route where spans are wanted, or where nothing is taken in", () => {
    const others = () => {};
    const { meters, env } = bus.ctx;
    const spans: SpanSink = { record: () => {} };
    const traced = { ...bus.ctx, meters: Object.assign(Object.create(meters), { spans }) };
    expect(takeEventPosts(traced, others)).toBe(others);
    expect(takeEventPosts({ ...bus.ctx, env: { ...env, roles: ["web"] } }, others)).toBe(others);
    expect(takeEventPosts(bus.ctx, others)).not.toBe(others);
  });
});
