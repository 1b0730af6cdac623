import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import os from "node:os";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPageAssets } from "./page-assets.ts";

const SCRIPT = "console.log(1);".repeat(200);
let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "page-assets-"));
  await mkdir(path.join(folder, "static/chunks"), { recursive: true });
  await writeFile(path.join(folder, "static/chunks/a1.js"), SCRIPT);
  await writeFile(path.join(folder, "static/chunks/a1.js.br"), brotliCompressSync(SCRIPT));
  await writeFile(path.join(folder, "static/chunks/a1.js.gz"), gzipSync(SCRIPT));
  await writeFile(path.join(folder, "static/font.woff2"), "font");
  await writeFile(path.join(folder, "secret.js"), "secret");
  const assets = openPageAssets(path.join(folder, "static"));
  server = createServer((request, response) => {
    assets(request, response, () => response.writeHead(404).end(request.url));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

/** `fetch` unpacks what it gets and normalises addresses. */
async function read(address: string, headers: Record<string, string> = {}, method = "GET") {
  const { request } = await import("node:http");
  const sent = request(`${url}/`, { path: address, method, headers });
  sent.end();
  const [response] = await once(sent, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

test("a script comes in the smallest way that the browser takes, and is kept for ever", async () => {
  const brotli = await read("/_next/static/chunks/a1.js", { "accept-encoding": "gzip, deflate, br" });
  expect(brotli.headers).toMatchObject({
    "content-encoding": "br",
    "content-type": "text/javascript",
    "cache-control": "public,max-age=31536000,immutable",
    vary: "Accept-Encoding",
  });
  expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
  const zipped = await read("/_next/static/chunks/a1.js", { "accept-encoding": "gzip, deflate" });
  expect(gunzipSync(zipped.body).toString()).toBe(SCRIPT);
  const plain = await read("/_next/static/chunks/a1.js?v=2");
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(plain.body.toString()).toBe(SCRIPT);
});

test("what was not compressed goes out as it is, and a head has no body", async () => {
  const font = await read("/_next/static/font.woff2", { "accept-encoding": "br" });
  expect([font.headers["content-encoding"], font.body.toString()]).toEqual([undefined, "font"]);
  const head = await read("/_next/static/chunks/a1.js", {}, "HEAD");
  expect([head.headers["content-length"], head.body.length]).toEqual([String(SCRIPT.length), 0]);
});

test.each([
  "/_next/static/../secret.js",
  "/_next/static/%2e%2e/secret.js",
  "/_next/static/chunks/b2.js",
  "/secret.js",
  "/_next/static/",
])("%s is left to somebody else", async (address) => {
  const { status, body } = await read(address);
  expect([status, body.toString()]).toEqual([404, address]);
});
