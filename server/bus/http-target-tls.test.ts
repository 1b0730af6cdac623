import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:https";
import os from "node:os";
import path from "node:path";
import { getCACertificates, setDefaultCACertificates, TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { generate } from "selfsigned";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import type { Resolve } from "./guarded-lookup.ts";
import { createPostEvent, type HttpTarget } from "./http-target.ts";

type Certificate = { private: string; cert: string };
/** The certificate of both names, which signs itself. */
let ours: Certificate;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  ours = await certify("consumer.example", "localhost");
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function certify(...names: string[]): Promise<Certificate> {
  return generate([{ name: "commonName", value: names[0] ?? "" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
}

/** What the process trusts, as `NODE_EXTRA_CA_CERTS` would have it. */
function trust({ cert }: Certificate): void {
  const usual = getCACertificates("default");
  setDefaultCACertificates([...usual, cert]);
  undo.push(() => setDefaultCACertificates(usual));
}

async function openConsumer(
  certificate: Certificate,
  answer: RequestListener = (_, response) => response.end(),
) {
  const requests: { host: string | undefined; servername: unknown; from: string | undefined }[] = [];
  const server = createServer({ key: certificate.private, cert: certificate.cert }, (request, response) => {
    requests.push({ ...addressed(request), from: request.socket.remoteAddress });
    request.resume();
    response.statusCode = 204;
    answer(request, response);
  });
  // What a client that doesn't trust the certificate leaves behind.
  server.on("tlsClientError", () => {});
  undo.push(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return { requests, port: address.port };
}

function addressed({ headers, socket }: IncomingMessage) {
  return { host: headers.host, servername: socket instanceof TLSSocket ? socket.servername : null };
}

const event = { ...emptyEnvelope("internal"), id: "o-1", source: "/shop", type: "order.placed" };
const targetAt = (url: string): HttpTarget => ({ kind: "http", url, secrets: [], headers: {} });

function post(url: string, { resolve = resolvesTo("127.0.0.1") }: { resolve?: Resolve } = {}) {
  const clock = createFixedClock("2025-11-22T10:00:00Z");
  const postEvent = createPostEvent({ allowedTargets: ["127.0.0.0/8"] }, { clock, resolve });
  return postEvent(targetAt(url), event, { timeoutMs: 5_000, attempt: 1 });
}

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );

describe("An HTTPS target", () => {
  test("is reached at the address that was judged, under its own name", async () => {
    trust(ours);
    const { requests, port } = await openConsumer(ours);
    // The first address is refused, and the name is resolved once: the connection can go only to the second.
    let lookups = 0;
    const resolve: Resolve = (host, done) => {
      lookups += 1;
      resolvesTo(...(lookups === 1 ? ["10.0.0.1", "127.0.0.1"] : ["10.0.0.1"]))(host, done);
    };
    expect(await post(`https://consumer.example:${port}/`, { resolve })).toEqual({ kind: "succeeded" });
    expect(lookups).toBe(1);
    expect(requests).toEqual([
      { host: `consumer.example:${port}`, servername: "consumer.example", from: "127.0.0.1" },
    ]);
  });

  test.each([
    ["that nobody vouches for", false, "consumer.example", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["of another name", true, "other.example", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("with a certificate %s gets nothing, and is tried again", async (_, isTrusted, host, code) => {
    if (isTrusted) trust(ours);
    const { requests, port } = await openConsumer(ours);
    const outcome = await post(`https://${host}:${port}/`);
    expect(outcome).toMatchObject({ kind: "failed", retryable: true, error: { kind: "network", code } });
    expect(requests).toEqual([]);
  });

  test("is refused behind its name where the address is not allowed", async () => {
    trust(ours);
    const { requests, port } = await openConsumer(ours);
    const outcome = await post(`https://consumer.example:${port}/`, { resolve: resolvesTo("10.0.0.1") });
    expect(outcome).toMatchObject({ kind: "failed", retryable: false, error: { kind: "refused-address" } });
    expect(requests).toEqual([]);
  });

  test("is left for no place that is not encrypted", async () => {
    trust(ours);
    const { requests, port } = await openConsumer(ours, (_request, response) =>
      response.writeHead(307, { location: `http://consumer.example:${port}/` }).end(),
    );
    const outcome = await post(`https://consumer.example:${port}/`);
    expect(outcome).toMatchObject({ kind: "failed", error: { name: "RedirectError" } });
    expect(requests).toHaveLength(1);
  });

  test("with a certificate of one's own is trusted by a process with NODE_EXTRA_CA_CERTS", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-tls-"));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, "ca.pem");
    await writeFile(file, ours.cert);
    const { requests, port } = await openConsumer(ours);
    const program = `
      const { createPostEvent } = await import(${JSON.stringify(new URL("./http-target.ts", import.meta.url))});
      const clock = { now: () => new Date() };
      const post = createPostEvent({ allowedTargets: ["127.0.0.0/8", "::1/128"] }, { clock });
      const outcome = await post(${JSON.stringify(targetAt(`https://localhost:${port}/`))},
        ${JSON.stringify(event)}, { timeoutMs: 5000, attempt: 1 });
      process.stdout.write(JSON.stringify(outcome));
      process.exit();`;
    const run = (env: Record<string, string>) =>
      promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
        env: { NODE_ENV: "test", ...env },
      });
    expect(JSON.parse((await run({})).stdout)).toMatchObject({ kind: "failed" });
    expect(JSON.parse((await run({ NODE_EXTRA_CA_CERTS: file })).stdout)).toEqual({ kind: "succeeded" });
    expect(requests).toMatchObject([{ servername: "localhost" }]);
  }, 30_000);
});
