import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { EventEnvelope } from "#server/domain/event.ts";
import { formatWebhookSecret, verifyWebhook, type WebhookHeaders } from "#server/domain/standard-webhooks.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import type { Resolve } from "./guarded-lookup.ts";
import { createPostEvent, type HttpTarget } from "./http-target.ts";

const NOW = "2025-11-22T10:00:00Z";
const LOOPBACK = ["127.0.0.0/8"];

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A consumer that answers by `listener`, and what it was sent. */
async function openConsumer(listener: RequestListener, host = "127.0.0.1") {
  const requests: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    requests.push({ request, body: Buffer.concat(chunks).toString() });
    listener(request, response);
  });
  servers.push(server);
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return { requests, port: address.port, url: `http://127.0.0.1:${address.port}/events` };
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = ""): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

const event: EventEnvelope = {
  id: "o-1",
  source: "/shop",
  type: "order.placed",
  subject: "注文 1",
  time: NOW,
  dataContentType: "application/json",
  dataSchema: null,
  kind: "domain",
  correlationId: "flow-1",
  causationId: null,
  partitionKey: "o-1",
  aggregateType: null,
  aggregateId: null,
  aggregateVersion: null,
  traceparent: null,
  channel: null,
  extensions: { region: "jp" },
  data: { encoding: "json", text: '{"total": 12345678901234567890}' },
  shape: "internal",
};

const targetAt = (url: string, rest: Partial<HttpTarget> = {}): HttpTarget => ({
  kind: "http",
  url,
  secrets: [],
  headers: {},
  ...rest,
});

function webhookHeaders(request: IncomingMessage | undefined): Partial<WebhookHeaders> {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;
  return Object.fromEntries(names.map((name) => [name, String(request?.headers[name])]));
}

function post(
  target: HttpTarget,
  {
    allowedTargets = LOOPBACK,
    resolve,
    timeoutMs = 5_000,
  }: { allowedTargets?: string[]; resolve?: Resolve; timeoutMs?: number } = {},
) {
  const clock = createFixedClock(NOW);
  const postEvent = createPostEvent({ allowedTargets }, { clock, ...(resolve ? { resolve } : {}) });
  return postEvent(target, event, { timeoutMs, attempt: 2 });
}

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

describe("An HTTP target", () => {
  test("gets the event in binary mode, its payload to the character, signed by every secret", async () => {
    const secrets = [formatWebhookSecret(Buffer.alloc(32, 1)), formatWebhookSecret(Buffer.alloc(32, 2))];
    const consumer = await openConsumer(answer(204));
    const headers = { Authorization: "Bearer token", "CE-Type": "forged" };
    expect(await post(targetAt(consumer.url, { secrets, headers }))).toEqual({ kind: "succeeded" });
    const [sent] = consumer.requests;
    expect(sent?.body).toBe('{"total": 12345678901234567890}');
    expect(sent?.request.headers).toMatchObject({
      "ce-id": "o-1",
      "ce-type": "order.placed",
      "ce-region": "jp",
      "content-type": "application/json",
      authorization: "Bearer token",
      "nagare-attempt": "2",
    });
    const nowS = Date.parse(NOW) / 1000;
    for (const secret of secrets) {
      const verdict = verifyWebhook(webhookHeaders(sent?.request), sent?.body ?? "", [secret], nowS);
      expect(verdict).toEqual({ kind: "verified" });
    }
  });

  test("that answers no success fails with its status and the beginning of its answer", async () => {
    const consumer = await openConsumer(answer(503, { "retry-after": "7" }, "x".repeat(100_000)));
    const outcome = await post(targetAt(consumer.url));
    expect(outcome).toMatchObject({
      kind: "failed",
      isTimeout: false,
      retryable: true,
      retryAfterMs: 7_000,
      error: { kind: "http", status: 503 },
    });
    const error = outcome.kind === "failed" ? outcome.error : null;
    expect(error?.bodyExcerpt).toMatch(/^x{100,4000}/);
  });

  test.each([400, 401, 403, 404, 410, 422])("that answers %i is not asked again", async (status) => {
    const consumer = await openConsumer(answer(status));
    expect(await post(targetAt(consumer.url))).toMatchObject({ kind: "failed", retryable: false });
  });

  test("that does not answer in time has failed by timeout, whatever it answers later", async () => {
    const late = Promise.withResolvers<void>();
    const consumer = await openConsumer((_request, response) => {
      void late.promise.then(() => response.writeHead(200).end());
    });
    const outcome = await post(targetAt(consumer.url), { timeoutMs: 100 });
    late.resolve();
    expect(outcome).toMatchObject({
      kind: "failed",
      isTimeout: true,
      retryable: true,
      error: { kind: "timeout", message: "The consumer did not answer within 100 ms." },
    });
  });

  test("that can't be reached fails with the machine's word for it", async () => {
    const consumer = await openConsumer(answer(204));
    servers.pop()?.close();
    const outcome = await post(targetAt(consumer.url));
    expect(outcome).toMatchObject({
      kind: "failed",
      retryable: true,
      error: { kind: "network", code: "ECONNREFUSED" },
    });
  });

  test("that streams without end costs no memory and has succeeded", async () => {
    const cut = Promise.withResolvers<void>();
    const consumer = await openConsumer((_request, response) => {
      response.writeHead(200).on("close", cut.resolve);
      const pour = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", pour);
      pour();
    });
    expect(await post(targetAt(consumer.url))).toEqual({ kind: "succeeded" });
    await cut.promise;
  });
});

describe("A redirect", () => {
  test("is followed with the same message, but the target's own headers stay with its origin", async () => {
    const last = await openConsumer(answer(202));
    const first = await openConsumer(answer(308, { location: `${last.url}?moved` }));
    const target = targetAt(first.url, { headers: { authorization: "Bearer token" } });
    expect(await post(target)).toEqual({ kind: "succeeded" });
    const [sent] = last.requests;
    expect(sent?.request.method).toBe("POST");
    expect(sent?.body).toBe('{"total": 12345678901234567890}');
    expect(sent?.request.headers.authorization).toBeUndefined();
  });

  test("is followed three times at most", async () => {
    const consumer = await openConsumer(answer(307, { location: "/again" }));
    const outcome = await post(targetAt(consumer.url));
    expect(outcome).toMatchObject({ kind: "failed", retryable: true, error: { name: "RedirectError" } });
    expect(consumer.requests).toHaveLength(4);
  });

  test("to an address behind us is refused, and nothing is sent there", async () => {
    const inner = await openConsumer(answer(200), "127.0.0.2");
    const resolve = resolvesTo("127.0.0.2");
    const first = await openConsumer(answer(302, { location: `http://inner.example:${inner.port}/` }));
    const allowedTargets = ["127.0.0.1"];
    const outcome = await post(targetAt(first.url), { allowedTargets, resolve });
    expect(outcome).toMatchObject({ kind: "failed", retryable: false, error: { kind: "refused-address" } });
    expect(inner.requests).toEqual([]);
  });
});

describe("The address of a target", () => {
  test.each(["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])(
    "%s is refused where configuration does not allow it",
    async (host) => {
      const consumer = await openConsumer(answer(200));
      const outcome = await post(targetAt(`http://${host}:${consumer.port}/`), { allowedTargets: [] });
      expect(outcome).toMatchObject({ kind: "failed", retryable: false, error: { kind: "refused-address" } });
      expect(consumer.requests).toEqual([]);
    },
  );

  test("is judged by what its name resolves to", async () => {
    const outcome = await post(targetAt("http://metadata.example/"), {
      resolve: resolvesTo("169.254.169.254"),
    });
    expect(outcome).toMatchObject({
      kind: "failed",
      error: {
        kind: "refused-address",
        message: expect.stringContaining("metadata.example (169.254.169.254): it is link-local"),
      },
    });
  });

  test("is the one that is connected to, where a name has others that are refused", async () => {
    const consumer = await openConsumer(answer(204));
    const resolve = resolvesTo("10.0.0.1", "127.0.0.1");
    const outcome = await post(targetAt(`http://consumer.example:${consumer.port}/`), { resolve });
    expect(outcome).toEqual({ kind: "succeeded" });
  });
});
