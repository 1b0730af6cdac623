import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStreams, type TestStreams } from "#server/streams/testing/open-streams.ts";
import { type Api, createApi } from "../api.ts";

let store: TestStreams;
let api: Api;
beforeAll(async () => {
  store = await openTestStreams();
  api = await createApi(store.ctx, (listener) => createServer(listener));
});
afterAll(async () => {
  await api.close();
  await store.close();
});

const URL = "/api/v1/streams/order/o%2F1";
const post = (body: string, url = URL) =>
  api.inject({ method: "POST", url, headers: { "content-type": "application/json" }, body });
const get = async (url: string) => (await api.inject({ method: "GET", url })).json();

test("an append is answered with versions and positions, a repeat with the same, a mismatch with the actual version", async () => {
  const data = '{"total": 9007199254740993.10}';
  const body = `{"expectedVersion":"none","events":[{"id":"e1","type":"order.drafted","data":${data}},{"id":"e2","type":"order.placed"}]}`;
  const first = await post(body);
  expect(first.statusCode).toBe(201);
  expect(first.json()).toMatchObject({
    type: "order",
    id: "o/1",
    version: 2,
    events: [
      { id: "e1", version: 1 },
      { id: "e2", version: 2 },
    ],
    repeated: false,
  });
  expect((await post(body)).json()).toEqual({ ...first.json(), repeated: true });

  const late = await post('{"expectedVersion":1,"events":[{"id":"e3","type":"order.paid","data":{}}]}');
  expect(late.statusCode).toBe(409);
  expect(late.json()).toMatchObject({ code: "version-conflict", actualVersion: 2 });
  const other = await post('{"expectedVersion":2,"events":[{"id":"e1","type":"order.paid","data":{}}]}');
  expect(other.statusCode).toBe(409);
  expect(other.json()).toMatchObject({ code: "conflict" });

  const { events, stream } = await get(URL);
  expect(stream).toMatchObject({ type: "order", id: "o/1", version: 2 });
  expect(events[0]).toMatchObject({ source: "/streams/order", data: { text: data }, aggregateVersion: 1 });
  expect((await get(`${URL}?fromVersion=2&toVersion=2`)).events).toHaveLength(1);
  expect((await get("/api/v1/streams?type=order&q=o")).streams).toMatchObject([{ id: "o/1" }]);
  expect((await get("/api/v1/streams/order/unknown")).status).toBe(404);
});

test.each([
  ["", "no JSON object"],
  ['{"expectedVersion":1,"events":[]}', "nothing to append"],
  ['{"events":[{"id":"a","type":"t"}]}', '"expectedVersion" is missing'],
  ['{"expectedVersion":-1,"events":[{"id":"a","type":"t"}]}', '"expectedVersion" is'],
  ['{"expectedVersion":"any","events":{}}', '"events" is no array'],
  ['{"expectedVersion":"any","events":[1]}', "Event 0 is no JSON object"],
  ['{"expectedVersion":"any","events":[{"id":"a","type":"t"},{"type":"t"}]}', "Event 1 can't be taken"],
  ['{"expectedVersion":"any","events":[{"id":"a","type":"t","aggregateversion":4}]}', "aggregateversion"],
  [
    '{"expectedVersion":"any","events":[{"id":"a","type":"t"},{"id":"a","type":"t"}]}',
    "the same id and source",
  ],
])("a body that can't be used is refused with the reason: %s", async (body, reason) => {
  const answer = await post(body, "/api/v1/streams/order/refused");
  expect(answer.statusCode).toBe(400);
  expect(answer.json().detail).toContain(reason);
});
