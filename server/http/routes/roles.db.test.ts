import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

let api: TestServer;
beforeAll(async () => {
  api = await openTestServer({ settings: { NAGARE_ROLES: "web,worker" } });
});
afterAll(() => api.close());

describe("A process without the role ingest", () => {
  const event = { specversion: "1.0", id: "1", source: "/roles", type: "tested" };
  test.each([
    ["events", "application/cloudevents+json", event],
    ["events", "application/x-ndjson", event],
    ["streams/account/a", "application/json", { expectedVersion: "none", events: [event] }],
    ["attempts", "application/json", { reports: [] }],
  ])("refuses %s as %s, and says who takes them", async (path, type, body) => {
    const answer = await fetch(`${api.url}/api/v1/${path}`, {
      method: "POST",
      headers: { "content-type": type },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "unavailable",
      detail: expect.stringContaining("NAGARE_ROLES leaves out `ingest`"),
    });
    expect(await api.database.sql`select id from events`).toEqual([]);
    api.takeFailures();
  });

  test("answers reads", async () => {
    expect((await fetch(`${api.url}/api/v1/events`)).status).toBe(200);
  });
});
