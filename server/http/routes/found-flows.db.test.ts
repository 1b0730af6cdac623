import { afterAll, beforeAll, expect, test } from "vitest";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { SagaRecogniser } from "#server/sagas/recognise-sagas.ts";
import { openReplays, type TestReplays } from "../testing/open-replays.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

let system: TestReplays;
beforeAll(async () => {
  system = await openReplays();
});
afterAll(() => system.close());

async function find(q: string): Promise<[by: string, value: string][]> {
  const { status, body } = await system.ask("GET", `/api/v1/flows?${new URLSearchParams({ q })}`);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body.flows.map(({ by, value }: { by: string; value: string }) => [by, value]);
}

test("A flow from outside that is no saga is found by what its events share, and by what they are about", async () => {
  const about = { subject: "order-123" };
  await appendTestEvents(system.sql, [
    { ...about, source: "/web", correlationId: "cart-9" },
    { ...about, source: "/bank", correlationId: "cart-9" },
    { ...about, source: "/post", traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
    { ...about, source: "/post" },
    { subject: "order-1234", source: "/web", correlationId: "cart-10" },
    { subject: "cart-9", source: "/web", correlationId: "cart-11" },
  ]);
  const recogniser = new SagaRecogniser(system.ctx);
  while (await recogniser.recogniseOnce());
  expect(await find("cart-9")).toEqual([
    ["correlation-id", "cart-9"],
    ["correlation-id", "cart-11"],
  ]);
  expect(await find(TRACE.toUpperCase())).toEqual([["trace", TRACE]]);
  expect(await find("order-123")).toEqual([
    ["trace", TRACE],
    ["correlation-id", "cart-9"],
  ]);
  expect(await find("order-12")).toEqual([]);
  expect((await system.ask("GET", "/api/v1/flows?q=")).status).toBe(400);
});
