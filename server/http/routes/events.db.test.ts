import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { appendEvents } from "#server/ingest/append-events.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  for (const source of ["/a", "/b & c"]) {
    await appendEvents(api.ctx, [{ index: 0, event: { ...EVENT, source } }]);
  }
});
afterAll(() => api.close());

const EVENT: EventEnvelope = {
  ...emptyEnvelope("internal"),
  id: "7/7",
  type: "test.happened",
};

const sourcesOf = async (query: string) => {
  const { body } = await api.ask("GET", `/api/v1/events?${query}`);
  return body.events.map((event: { source: string }) => event.source);
};

test("a field that is given once or repeatedly means one of its values", async () => {
  expect(await sourcesOf("source=/a")).toEqual(["/a"]);
  expect(await sourcesOf("source=/a&source=/b*")).toEqual(["/b & c", "/a"]);
});

test("an event is looked up by its id, with its source or without", async () => {
  const lookUp = (query: string) => api.ask("GET", `/api/v1/events/by-id?${query}`);
  expect(await lookUp("id=7%2F7&source=%2Fa")).toMatchObject({ status: 200, body: { source: "/a" } });
  expect(await lookUp("id=7%2F7&source=%2Fb%20%26%20c")).toMatchObject({
    status: 200,
    body: { source: "/b & c" },
  });
  expect(await lookUp("id=7%2F7")).toMatchObject({ status: 200, body: { source: "/b & c" } });
  expect(await lookUp("id=7%2F7&source=%2Fc")).toMatchObject({ status: 404, body: { code: "not-found" } });
});
