import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "./testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test.each([
  [{}, "test"],
  [{ "sec-fetch-site": "same-origin" }, "console"],
  [{ "nagare-actor": " Aiko " }, "Aiko"],
  [{ "nagare-actor": "Aiko", "sec-fetch-site": "same-origin" }, "Aiko"],
  [{ "nagare-actor": "" }, "test"],
] as const)("what is asked for with %j is in the name of %s", async (headers, actor) => {
  const name = `channel-${crypto.randomUUID().slice(0, 8)}`;
  const { status } = await api.ask("PUT", `/api/v1/channels/${name}`, { kind: "topic" }, headers);
  expect(status).toBe(201);
  expect(await api.sql`select actor from audit_log where subject = ${name}`).toEqual([{ actor }]);
});
