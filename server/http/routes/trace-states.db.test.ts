import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deleteProgressBefore, getPresentUs } from "#drizzle/queries/projection-progress.ts";
import { type TraceStatesDto, traceStatesSchema } from "#server/contract/trace-states.ts";
import { decideOrder, type OrderCommand } from "#server/domain/orders/decide-order.ts";
import { order } from "#server/domain/orders/order.ts";
import { rebuildProjection } from "#server/projections/change-projection.ts";
import { orderSummaries } from "#server/projections/order-summaries.ts";
import { runProjection } from "#server/projections/run-projection.ts";
import { observeStreamsOnce } from "#server/streams/observe-streams.ts";
import { Repository } from "#server/streams/repository.ts";
import { openTestApi, type TestApi } from "../testing/open-api.ts";

let system: TestApi;
beforeAll(async () => {
  system = await openTestApi();
  await project();
});
beforeEach(() => project());
afterAll(() => system.close());

const DRAFT: OrderCommand[] = [
  { kind: "draft", customerId: "c-1", currency: "EUR" },
  { kind: "add-line", sku: "tea", quantity: 2, unitPriceMinor: 450 },
  { kind: "place" },
];
const PAY: OrderCommand = { kind: "record-payment", paymentId: "p-1", amountMinor: 900 };

async function project(): Promise<void> {
  while (await runProjection(system.ctx, orderSummaries));
}

/** Changes an order, in a flow of its name, and gives the position of its last event. */
async function change(id: string, ...commands: OrderCommand[]): Promise<string> {
  const orders = new Repository(system.ctx, order);
  for (const command of commands) {
    await orders.update(id, (state) => decideOrder(state, command), { correlationId: id });
  }
  const [row] = await system.sql<{ position: string }[]>`
    select max(position) as position from events where correlation_id = ${id}`;
  return row?.position ?? "";
}

const ask = (query: Record<string, string>) =>
  system.ask("GET", `/api/v1/traces/states?${new URLSearchParams({ by: "correlation-id", ...query })}`);

async function read(value: string, at?: string): Promise<TraceStatesDto> {
  const { status, body } = await ask({ value, ...(at === undefined ? {} : { at }) });
  expect([status, body.detail]).toEqual([200, undefined]);
  return traceStatesSchema.parse(body);
}

const statusIn = (state: object) => ("state" in state ? JSON.parse(String(state.state)).status : null);

test("an order was paid, and the read model still showed it as placed, until it had applied that", async () => {
  const placed = await change("lagging", ...DRAFT);
  await project();
  const paid = await change("lagging", PAY);
  const between = await read("lagging");
  const [aggregate] = between.aggregates;
  expect(aggregate).toMatchObject({ type: "order", id: "lagging", version: 4, position: paid });
  expect(statusIn(aggregate?.state ?? {})).toBe("paid");
  const [view] = between.readModels;
  expect(view).toMatchObject({
    projection: "order-summaries",
    aggregate: { type: "order", id: "lagging" },
    eventPosition: paid,
    waiting: 1,
    appliedUs: null,
    shown: { kind: "shown", version: 3 },
  });
  expect(statusIn(view?.shown ?? {})).toBe("placed");
  expect(Number(view?.appliedPosition)).toBeGreaterThanOrEqual(Number(placed));
  expect(Number(view?.appliedPosition)).toBeLessThan(Number(paid));
  expect(view?.lagMs).toBeGreaterThan(0);

  await project();
  const [caughtUp] = (await read("lagging")).readModels;
  expect(caughtUp).toMatchObject({ waiting: 0, lagMs: 0, shown: { version: 4 } });
  expect(Number(caughtUp?.appliedUs)).toBeGreaterThan(Number(paid));
  const [then] = (await read("lagging", paid)).readModels;
  expect(then).toMatchObject({ waiting: 1, lagMs: 0, shown: view?.shown, appliedUs: caughtUp?.appliedUs });
  const [earlier] = (await read("lagging", placed)).aggregates;
  expect([earlier?.version, statusIn(earlier?.state ?? {})]).toEqual([3, "placed"]);
});

test("what is not known of a moment is said by a code", async () => {
  const { sql } = system;
  const placed = await change("forgotten", ...DRAFT);
  await project();
  await change("forgotten", PAY);
  await project();
  const shown = async (at?: string) => (await read("forgotten", at)).readModels[0];
  const now = await shown();
  await sql`update projection_progress set version = version - 1`;
  expect((await shown())?.shown).toEqual({ kind: "unknown", reason: "other-version" });
  await sql`update projection_progress set version = version + 1`;

  const later = new Date(Date.now() + 60_000).toISOString();
  await deleteProgressBefore(sql, later);
  expect(await sql`select from projection_progress`).toHaveLength(1);
  expect(await shown()).toEqual({ ...now, appliedUs: null });
  expect(await shown(placed)).toMatchObject({
    appliedPosition: null,
    waiting: null,
    lagMs: null,
    shown: { kind: "unknown", reason: "progress-not-kept" },
  });
});

test("a read model that was built anew showed what it showed, before and after", async () => {
  const placed = await change("rebuilt", ...DRAFT);
  await project();
  const before = String(await getPresentUs(system.sql));
  await rebuildProjection(system.ctx, orderSummaries);
  await project();
  for (const at of [before, undefined]) {
    const [view] = (await read("rebuilt", at)).readModels;
    expect(view).toMatchObject({ waiting: 0, eventPosition: placed, shown: { kind: "shown", version: 3 } });
  }
});

test("what others sent counts at once, and what doesn't add up or isn't known is said to be so", async () => {
  const event = { source: "/outside", correlationId: "sent", dataContentType: "application/json" };
  const json = (value: unknown) => ({ encoding: "json", text: JSON.stringify(value) }) as const;
  const opened = { ...event, aggregateType: "order", aggregateId: "o-77", aggregateVersion: 1 };
  await system.append([
    { ...opened, id: "s-1", type: "order.drafted", data: json({ customerId: "c", currency: "EUR" }) },
    {
      ...event,
      id: "s-2",
      type: "parcel.sent",
      aggregateType: "parcel",
      aggregateId: "1",
      aggregateVersion: 1,
    },
  ]);
  const first = await read("sent");
  expect(first.aggregates.map(({ type, version, state }) => [type, version, state.kind])).toEqual([
    ["order", 1, "built"],
    ["parcel", 1, "unknown"],
  ]);
  expect(first.readModels).toMatchObject([{ waiting: 1, shown: { kind: "nothing" } }]);
  await observeStreamsOnce(system.ctx);
  expect((await read("sent")).aggregates).toEqual(first.aggregates);
  await system.append([{ ...opened, id: "s-3", aggregateVersion: 5, type: "order.shipped", data: json({}) }]);
  const [gapped] = (await read("sent")).aggregates;
  expect(gapped).toMatchObject({ version: 5, state: { kind: "unbuildable" } });
});

test("a flow without aggregates has those that read models show under its key, or none", async () => {
  await change("order-55", ...DRAFT);
  await project();
  const subject = { source: "/bank", type: "payment.asked", correlationId: "asking" };
  const [position = ""] = await system.append([{ ...subject, id: "a-1", subject: "order-55" }]);
  expect(await read("asking")).toMatchObject({
    aggregates: [{ id: "order-55", version: 3 }],
    readModels: [{ waiting: 0, shown: { version: 3 } }],
  });
  await system.append([{ ...subject, id: "a-2", correlationId: "bare" }]);
  expect(await read("bare")).toMatchObject({ aggregates: [], readModels: [], isCapped: false });
  expect((await ask({ value: "asking", at: String(Number(position) - 1) })).status).toBe(404);
  expect((await ask({ value: "nobody" })).status).toBe(404);
  expect((await ask({ value: "asking", at: "soon" })).status).toBe(400);
});
