import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { decideOrder, type OrderCommand } from "#server/domain/orders/decide-order.ts";
import { type OrderEvent, order } from "#server/domain/orders/order.ts";
import { archiveStreamEvents } from "#server/streams/archive-events.ts";
import { Repository } from "#server/streams/repository.ts";
import { openTestStreams, type TestStreams } from "#server/streams/testing/open-streams.ts";
import { until } from "../bus/testing/open-bus.ts";
import { rebuildProjection } from "./change-projection.ts";
import { listOrders } from "./list-orders.ts";
import { orderSummaries } from "./order-summaries.ts";
import { runProjection } from "./run-projection.ts";

let store: TestStreams;
beforeAll(async () => {
  store = await openTestStreams();
});
afterAll(() => store.close());

const SCRIPT = fileURLToPath(new URL("testing/project-orders.ts", import.meta.url));

/** Starts a process that projects, and kills it while a transaction of its is open. Gives false when it was done. */
async function killWhileProjecting(): Promise<boolean> {
  const child = spawn(process.execPath, [SCRIPT, store.url], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "exit");
  while (child.exitCode === null) {
    const [row] = await store.sql`
      select from pg_stat_activity where application_name = 'projecting' and xact_start < now() - interval '20 ms'
        and datname = current_database()`;
    if (row && child.kill("SIGKILL")) break;
  }
  await ended;
  return child.signalCode === "SIGKILL";
}

async function runAll() {
  while (await runProjection(store.ctx, orderSummaries));
}

test("orders are listed as their events left them, also when they are rebuilt after the log let these go", async () => {
  const orders = new Repository(store.ctx, order);
  const commands: OrderCommand[] = [
    { kind: "draft", customerId: "c-1", currency: "EUR" },
    { kind: "add-line", sku: "tea", quantity: 2, unitPriceMinor: 450 },
    { kind: "place" },
  ];
  for (const id of ["o-1", "o-2"]) {
    for (const command of commands) await orders.update(id, (state) => decideOrder(state, command));
  }
  await orders.update("o-1", (state) => decideOrder(state, { kind: "cancel", reason: "mistake" }));
  // The same type from elsewhere, of no order.
  await appendTestEvents(store.sql, [{ type: "order.placed" }]);
  await runAll();
  const listed = await listOrders(store.ctx, { limit: 10 });
  expect(listed.orders).toMatchObject([
    { id: "o-1", version: 4, status: "cancelled", lines: 1, totalMinor: 900 },
    { id: "o-2", version: 3, status: "placed", customerId: "c-1", currency: "EUR" },
  ]);
  const first = await listOrders(store.ctx, { limit: 1 });
  expect(
    (await listOrders(store.ctx, { limit: 1, before: first.nextBefore ?? undefined })).orders[0]?.id,
  ).toBe("o-2");

  // Half of a day is archived and gone, half is only archived so far.
  await archiveStreamEvents(store.ctx, { from: "0", before: "9007199254740991" });
  await store.sql`delete from events where position <= (select min(position) + 3 from events)`;
  await rebuildProjection(store.ctx, orderSummaries);
  await runAll();
  expect(await listOrders(store.ctx, { limit: 10 })).toEqual(listed);
  const [{ generation } = { generation: 0 }] = await store.sql`select generation from projections`;
  expect(generation).toBe(2);
  expect(await store.sql`select distinct generation from order_summaries`).toEqual([{ generation: 2 }]);
});

test("a process that is killed in the middle of a stretch repeats nothing and leaves nothing out", async () => {
  const lines = Array.from({ length: 1_300 }, () => ({
    type: "order.line-added",
    data: { sku: "tea", quantity: 1, unitPriceMinor: 1 },
  }));
  const orders = new Repository(store.ctx, order);
  const drafted = { type: "order.drafted", data: { customerId: "c-9", currency: "EUR" } } as const;
  await orders.save("o-9", await orders.load("o-9"), [drafted, ...(lines as OrderEvent[])]);
  let kills = 0;
  while (kills < 2 && (await killWhileProjecting())) kills += 1;
  expect(kills).toBeGreaterThan(0);
  // Postgres ends what the killed ones had begun; until then, who is next would let them go on.
  await until(async () => {
    const sessions = await store.sql`
      select from pg_stat_activity where application_name = 'projecting' and datname = current_database()`;
    return sessions.length === 0;
  });
  await runAll();
  const { orders: listed } = await listOrders(store.ctx, { limit: 1 });
  expect(listed).toMatchObject([{ id: "o-9", version: 1_301, lines: 1, totalMinor: 1_300 }]);
});
