import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttpServer } from "./server.ts";

const server = createHttpServer((_, response) => void response.end("figures"), {
  pages: () => (_, response) => void response.end("page"),
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
