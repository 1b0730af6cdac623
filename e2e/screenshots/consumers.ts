import { type APIRequestContext, expect } from "@playwright/test";
import { failedDeliveryListSchema } from "#server/contract/deliveries.ts";
import { type HttpConsumer, startHttpConsumer } from "../fixtures/http-consumer.ts";

const QUICK_RETRY = { retries: 2, baseMs: 200, factor: 2, capMs: 1000, jitter: "full" };

/** The consumers of a shop, of which all but one do well: the ledger refuses what it is asked to book. */
export async function startConsumers(request: APIRequestContext): Promise<{ close: () => Promise<void> }> {
  const [services, ledger] = await Promise.all([startHttpConsumer(), startHttpConsumer()]);
  ledger.answer = { status: 503, body: '{"error":"The ledger is closed until 06:00."}' };
  await putChannel(request, "orders", "topic", "order.*");
  await putChannel(request, "payments", "queue", "payment.*");
  await subscribe(request, "analytics", services, {});
  await subscribe(request, "ledger", ledger, { channel: "payments", retry: QUICK_RETRY });
  await subscribe(request, "loyalty-points", services, { channel: "orders", ordering: "key" });
  await subscribe(request, "mailer", services, {
    channel: "orders",
    filters: [{ any: [{ exact: { type: "order.confirmed" } }, { exact: { type: "order.cancelled" } }] }],
  });
  await subscribe(request, "search-index", services, { filters: [{ prefix: { type: "order." } }] });
  await subscribe(request, "warehouse-tokyo", services, { filters: [{ prefix: { type: "inventory." } }] });
  await request.post("/api/v1/subscriptions/analytics/pause");
  return { close: async () => void (await Promise.all([services.close(), ledger.close()])) };
}

/** Waits until the ledger has used up its attempts at everything that it was owed. */
export async function waitForDeadLetters(request: APIRequestContext): Promise<void> {
  const statuses = async () => {
    const response = await request.get("/api/v1/subscriptions/ledger/failures?limit=200");
    const { failures } = failedDeliveryListSchema.parse(await response.json());
    return new Set(failures.map(({ status }) => status));
  };
  await expect.poll(statuses, { timeout: 30_000 }).toEqual(new Set(["dead"]));
}

async function putChannel(request: APIRequestContext, name: string, kind: string, type: string) {
  await put(request, `/api/v1/channels/${name}`, { kind, rules: [{ type }] });
}

async function subscribe(request: APIRequestContext, name: string, { url }: HttpConsumer, settings: object) {
  const target = { kind: "http", url };
  await put(request, `/api/v1/subscriptions/${name}`, { target, ...settings });
}

async function put(request: APIRequestContext, path: string, data: object) {
  const response = await request.put(path, { data });
  if (!response.ok()) throw new Error(`${path} was not taken: ${await response.text()}`);
}
