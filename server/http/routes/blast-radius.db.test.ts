import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestEvent } from "#drizzle/testing/events.ts";
import { until } from "#server/bus/testing/open-bus.ts";
import type { BlastRadiusDto } from "#server/contract/dead-letters.ts";
import { orderProcess } from "#server/domain/processes/testing/order-process.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { orderSummaries } from "#server/projections/order-summaries.ts";
import { runProjection } from "#server/projections/run-projection.ts";
import { openLetters, type TestLetters } from "../testing/open-letters.ts";

let system: TestLetters;
beforeAll(async () => {
  system = await openLetters();
  await system.startBus();
  system.handlers.register("billing", {
    transaction: "none",
    handle: async ({ correlationId }) => {
      if (correlationId?.startsWith("bad")) throw new NonRetryableError("Card was declined.");
    },
  });
  system.handlers.register("mail", { transaction: "none", handle: async () => {} });
  const placed = { filters: [{ exact: { type: "order.placed" } }] };
  await system.subscribe("billing", { ...placed, ordering: "key" });
  await system.subscribe("mail", placed);
});
afterAll(() => system.close());

/** What happens in a flow: each event is caused by the one that it names. */
function flow(
  correlationId: string,
  steps: [type: string, source: string, cause: string | null][],
): TestEvent[] {
  return steps.map(([type, source, cause]) => ({
    id: `${correlationId}-${type}`,
    type,
    source,
    correlationId,
    causationId: cause === null ? null : `${correlationId}-${cause}`,
    partitionKey: "customer-1",
  }));
}
const START = ["order.placed", "/shop", null] as [string, string, string | null];
const MAILED = ["order.confirmed", "/mail", "order.placed"] as typeof START;

const radiusOf = async (id: string): Promise<BlastRadiusDto> => {
  const [row] = await system.sql<{ position: string }[]>`select position from events where id = ${id}`;
  const { status, body } = await system.ask(
    "GET",
    `/api/v1/dead-letters/${row?.position}/billing/blast-radius`,
  );
  expect(status).toBe(200);
  return body;
};
/** Waits until a consumer has handled an event, or failed at it for good. */
const settles = (consumer: string, id: string) =>
  until(async () => {
    const rows = await system.sql`
      select from deliveries d join subscriptions s on s.id = d.subscription_id join events e on e.position = d.position
      where s.consumer = ${consumer} and e.id = ${id} and d.status in (2, 4)`;
    return rows.length === 1;
  });

describe("The blast radius of a dead letter", () => {
  test("names the steps that never ran, who else handled the event, and what waits in its key", async () => {
    for (let n = 0; n < 4; n += 1) {
      await system.append(
        flow(`good-${n}`, [
          START,
          MAILED,
          ["order.paid", "/billing", "order.placed"],
          ...(n === 0 ? [] : [["parcel.sent", "/depot", "order.paid"] as typeof START]),
          ["customer.called", "/desk", null],
        ]),
      );
    }
    for (let n = 0; n < 4; n += 1) await settles("billing", `good-${n}-order.placed`);
    await system.append(flow("bad-1", [START, MAILED]));
    await settles("billing", "bad-1-order.placed");
    await system.append([...flow("waits-1", [START]), ...flow("waits-2", [START])]);
    await until(async () => (await radiusOf("bad-1-order.placed")).blockedKey?.waiting.count === 2);
    await settles("mail", "bad-1-order.placed");

    expect(await radiusOf("bad-1-order.placed")).toMatchObject({
      missingSteps: [
        { type: "order.paid", source: "/billing", share: 1 },
        { type: "parcel.sent", source: "/depot", share: 0.75 },
      ],
      flowsCompared: 4,
      flowEvents: { count: 2, exact: true },
      waitingProcesses: [],
      blockedKey: { key: "customer-1", waiting: { count: 2, exact: true } },
      otherConsumers: [{ consumer: "mail", status: "succeeded" }],
    });
  });

  test("names read models that have not seen all of the flow", async () => {
    expect(orderSummaries.types).toContain("order.placed");
    await system.append([{ ...flow("bad-2", [START])[0], partitionKey: "customer-2" }]);
    await settles("billing", "bad-2-order.placed");
    const before = await radiusOf("bad-2-order.placed");
    expect(before.readModels).toContainEqual({
      name: orderSummaries.name,
      hasSeenAll: false,
      unseenEvents: 1,
    });
    while (await runProjection(system.ctx, orderSummaries));
    const after = await radiusOf("bad-2-order.placed");
    expect(after.readModels).toContainEqual({ name: orderSummaries.name, hasSeenAll: true, unseenEvents: 0 });
  });

  test("names the processes of the flow that have not ended", async () => {
    await system.sql`
      insert into processes (name, business_key, correlation_id, status, state, start_position, started_at, updated_at)
      values ('fulfilment', 'order-3', 'bad-3', 'running', ${JSON.stringify({
        status: "running",
        steps: { pay: { status: "waiting", attempt: 1, startedAt: 1_763_800_000_000, endedAt: null } },
      })}::text::jsonb, 1, now(), now())`;
    system.ctx.processes.declare({ ...orderProcess(), name: "fulfilment" });
    await system.append([{ ...flow("bad-3", [START])[0], partitionKey: "customer-3" }]);
    await settles("billing", "bad-3-order.placed");
    expect((await radiusOf("bad-3-order.placed")).waitingProcesses).toMatchObject([
      {
        name: "fulfilment",
        businessKey: "order-3",
        status: "running",
        step: "pay",
        since: new Date(1_763_800_000_000).toISOString(),
      },
    ]);
  });

  test("names the sagas of the flow that have not ended, those of no other flow", async () => {
    await system.sql`insert into saga_types (type, name) values ('orders', 'Orders')`;
    const saga = (correlation: string, key: string, state: number, endedAt: string | null) => system.sql`
      insert into sagas (id, type_id, correlation_kind, correlation, business_key, basis, state, since, started_at,
        ended_at, step, awaits, completed, steps, failed, compensated, to_compensate, events, services,
        first_position, last_position, looked_at)
      select gen_random_uuid(), id, 0, ${correlation}, ${key}, 2, ${state}, '2026-01-01T10:00:00Z',
        '2026-01-01T09:00:00Z', ${endedAt}::timestamptz, 'order.placed', 'replay', 1, 3, 1, 0, 0, 2, 2, 1, 2, now()
      from saga_types where type = 'orders'`;
    await saga("bad-4", "order-4", 0, null);
    await saga("bad-4", "order-5", 6, "2026-01-01T11:00:00Z");
    await saga("BAD-4", "order-6", 0, null);
    await system.append([{ ...flow("bad-4", [START])[0], partitionKey: "customer-5" }]);
    await settles("billing", "bad-4-order.placed");
    const { waitingSagas } = await radiusOf("bad-4-order.placed");
    expect(waitingSagas).toMatchObject([
      {
        key: "order-4",
        name: "Orders",
        state: "stuck",
        reference: { by: "correlation-id", value: "bad-4", subject: null },
        awaits: { what: "replay", step: { name: "order.placed" } },
        since: "2026-01-01T10:00:00.000Z",
      },
    ]);
    expect(waitingSagas).toHaveLength(1);
  });

  test("is small where the event is of no flow, and answers where there is no letter", async () => {
    await system.append([
      { id: "alone", type: "order.placed", source: "/shop", partitionKey: "customer-4", correlationId: null },
    ]);
    await settles("billing", "alone");
    const [row] = await system.sql<{ position: string }[]>`select position from events where id = 'alone'`;
    const answer = await system.ask("GET", `/api/v1/dead-letters/${row?.position}/billing/blast-radius`);
    expect(answer).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining("no dead letter") },
    });
  });
});
