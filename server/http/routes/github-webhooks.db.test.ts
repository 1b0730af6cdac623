import { createRequire } from "node:module";
import type { WebhookDefinition } from "@octokit/webhooks-examples";
import { type CloudEvent, HTTP } from "cloudevents";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventDetailDto } from "#server/contract/events.ts";
import {
  send,
  sendBatch,
  toCloudEvent,
  type WebhookPayload,
} from "../../../docs/examples/github-webhooks.ts";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

// A package that holds one JSON document.
const webhooks: WebhookDefinition[] = createRequire(import.meta.url)("@octokit/webhooks-examples");

let api: TestServer;
beforeAll(async () => {
  api = await openTestServer();
});
afterAll(() => api.close());

function examples(mode: string): CloudEvent<WebhookPayload>[] {
  return webhooks.flatMap(({ name, examples }) =>
    examples.map((payload, at) => {
      const headers = new Headers({ "x-github-event": name, "x-github-delivery": `${mode}-${name}-${at}` });
      return toCloudEvent(headers, payload);
    }),
  );
}

async function expectStored(event: CloudEvent<WebhookPayload>): Promise<void> {
  const query = new URLSearchParams({ source: event.source, id: event.id });
  const response = await fetch(`${api.url}/api/v1/events/by-id?${query}`);
  expect(response.status, await response.clone().text()).toBe(200);
  const detail: EventDetailDto = await response.json();
  expect(detail.data.encoding).toBe("json");
  expect(detail.data.text === JSON.stringify(event.data)).toBe(true);
  const headers = { "content-type": "application/cloudevents+json" };
  const back = HTTP.toEvent({ headers, body: detail.envelope });
  expect({ ...back, time: undefined }).toEqual({ ...event, time: undefined });
  expect(detail.time).toBe(event.time);
}

describe("Every example payload of GitHub's webhooks, sent with the CloudEvents SDK, reads back equal", () => {
  test("in binary mode", async () => {
    const events = examples("binary");
    await Promise.all(events.map((event) => send(api.url, event)));
    for (const event of events) await expectStored(event);
  });

  test("in structured mode", async () => {
    const events = examples("structured");
    await Promise.all(
      events.map(async (event) => {
        const { headers, body } = HTTP.structured(event);
        const init = { method: "POST", headers: headers as Record<string, string>, body: String(body) };
        const response = await fetch(`${api.url}/api/v1/events`, init);
        expect(response.status).toBe(202);
      }),
    );
    for (const event of events) await expectStored(event);
  });

  test("in batch mode, and twice", async () => {
    const events = examples("batch");
    await sendBatch(api.url, events);
    await sendBatch(api.url, events);
    for (const event of events) await expectStored(event);
    const [row] = await api.database.sql`select count(*)::int as stored from events where id like 'batch-%'`;
    expect(row?.stored).toBe(events.length);
  });
});
