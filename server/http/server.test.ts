import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AnswersAhead } from "./answers-ahead.ts";
import { createHttpServer } from "./server.ts";

const asked: string[] = [];
const ahead = new AnswersAhead(async (path) => {
  asked.push(path);
  if (path.includes("broken")) throw new Error("It is broken.");
  return { status: 404, headers: { "content-type": "text/plain" }, body: Buffer.from("ahead") };
});
const server = createHttpServer((_, response) => void response.end("figures"), {
  pages: () => (_, response) => void response.end("page"),
  ahead: () => ahead,
  allowedHosts: [],
});
let port = 0;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => server.close());

async function ask(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const sent = request({ port, path, headers, agent: false });
  sent.end();
  const [answer] = await once(sent, "response");
  let body = "";
  for await (const chunk of answer) body += chunk;
  return { status: answer.statusCode, body };
}

describe("/metrics", () => {
  test("is a page for people, and the figures for programs", async () => {
    expect((await ask("/metrics", { accept: "text/html,*/*;q=0.8" })).body).toBe("page");
    expect((await ask("/metrics?_rsc=1", { accept: "*/*", rsc: "1" })).body).toBe("page");
    expect((await ask("/metrics", {})).body).toBe("figures");
    expect((await ask("/metrics", { accept: "application/openmetrics-text, */*;q=0.1" })).body).toBe(
      "figures",
    );
    expect((await ask("/metrics/more", { accept: "*/*" })).body).toBe("page");
  });

  test("is nobody's from elsewhere", async () => {
    expect((await ask("/metrics", { host: "rebound.example" })).status).toBe(403);
    expect((await ask("/metrics", { origin: "http://elsewhere.example" })).status).toBe(403);
  });
});

describe("what a page asks for first", () => {
  const html = { accept: "text/html,*/*;q=0.8" };
  const trace = "/api/v1/traces?by=correlation-id&value=order+1";

  test("is begun when somebody opens the page, and given once", async () => {
    await ask("/flows/order%201", html);
    expect(asked.splice(0)).toEqual([trace]);
    expect(await ask(trace, {})).toEqual({ status: 404, body: "ahead" });
    expect(await ask(trace, {})).toEqual({ status: 200, body: "figures" });
  });

  test("is asked for as ever where it could not be begun, by code, and by programs", async () => {
    await ask("/flows/broken", html);
    expect((await ask("/api/v1/traces?by=correlation-id&value=broken", {})).body).toBe("figures");
    asked.splice(0);
    await ask("/flows/one", { ...html, rsc: "1" });
    await ask("/flows/one", { accept: "*/*" });
    await ask("/sagas", html);
    expect(asked).toEqual([]);
  });
});
