import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../platform/log.ts";
import { HttpThread } from "./http-thread.ts";

const ECHO = new URL("./testing/echo.worker.ts", import.meta.url);
const log = createLog({ level: "fatal", format: "json" });

let thread: HttpThread<{ greeting: string }>;
let url: string;
const server = createServer((request, response) => thread.forward(request, response));
server.on("upgrade", (request, socket, head) => thread.forwardUpgrade(request, socket, head));

beforeEach(async () => {
  thread = await HttpThread.start({
    module: ECHO,
    options: { greeting: "hello" },
    log,
    whileGone: (response) => response.writeHead(503).end("gone"),
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await thread.close();
  server.closeAllConnections();
  server.close();
});

test("A thread gets a request as it came, and its answer goes out as it is", async () => {
  const response = await fetch(`${url}/path?q=%20`, { method: "POST", body: "body" });
  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(response.headers.get("x-greeting")).toBe("hello");
  expect(await response.text()).toBe(`POST /path?q=%20 ${new URL(url).host} body`);
});

test("A connection is upgraded through to the thread", async () => {
  const request = ask(`${url}/socket`, { headers: { connection: "Upgrade", upgrade: "websocket" } }).end();
  const [, socket] = await once(request, "upgrade");
  socket.write("there and back");
  const [data] = await once(socket, "data");
  expect(String(data)).toBe("there and back");
  socket.destroy();
});

test("A thread that ends by itself is started anew, and meanwhile somebody is asked to wait", async () => {
  const lost = await fetch(`${url}/end`);
  expect([lost.status, await lost.text()]).toEqual([503, "gone"]);
  expect((await fetch(url)).status).toBe(503);
  await expect.poll(async () => (await fetch(url)).status, { timeout: 20_000 }).toBe(201);
});

test("A thread that can't start says why", async () => {
  const start = HttpThread.start({
    module: new URL("./testing/nowhere.worker.ts", import.meta.url),
    options: {},
    log,
    whileGone: (response) => response.end(),
  });
  await expect(start).rejects.toThrow("nowhere.worker.ts");
});

test("Closing waits for no answer that never ends", async () => {
  const response = await fetch(`${url}/never`);
  expect(response.status).toBe(200);
  await thread.close();
  await expect(response.text()).rejects.toThrow();
});
