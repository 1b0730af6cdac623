import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { type Aggregate, rebuild, type VersionedEvent } from "../domain/aggregate.ts";
import { decideOrder, type OrderCommand } from "../domain/orders/decide-order.ts";
import { type Order, type OrderEvents, order } from "../domain/orders/order.ts";
import { getStream } from "./get-stream.ts";
import { getStreamState } from "./get-stream-state.ts";
import { observeStreamsOnce } from "./observe-streams.ts";
import { Repository } from "./repository.ts";
import { openTestStreams, type TestStreams } from "./testing/open-streams.ts";

let store: TestStreams;
let orders: Repository<Order, OrderEvents>;
beforeAll(async () => {
  store = await openTestStreams();
  orders = new Repository(store.ctx, order, { snapshotEvery: 5 });
});
afterAll(() => store.close());

const draft: OrderCommand = { kind: "draft", customerId: "c-1", currency: "JPY" };
const line = (sku: string): OrderCommand => ({ kind: "add-line", sku, quantity: 1, unitPriceMinor: 100 });
const run = (id: string, command: OrderCommand, commandId?: string) =>
  orders.update(id, (state) => decideOrder(state, command), commandId === undefined ? {} : { commandId });

async function replay(id: string) {
  const { events } = await getStream(store.ctx, "order", id, { limit: 1000 });
  return rebuild(
    order,
    events.map(
      ({ type, data, version }) =>
        ({ type, data: JSON.parse(data.text), version }) as VersionedEvent<OrderEvents>,
    ),
  );
}

describe("an order", () => {
  test("is the same with snapshots as by a replay of all its events", async () => {
    await run("o1", draft);
    for (let at = 0; at < 23; at += 1) await run("o1", line(`sku-${at}`));
    const outcome = await run("o1", { kind: "place" });
    const [snapshot] = await store.sql`select version from snapshots`;
    expect(snapshot?.version).toBe(25);
    const loaded = await orders.load("o1");
    expect(loaded).toEqual(await replay("o1"));
    expect(outcome).toEqual({ kind: "accepted", ...loaded });
    expect(loaded.version).toBe(25);
  });

  test("really starts from its snapshot, and not from one of another way to build states", async () => {
    await run("o2", draft);
    for (let at = 0; at < 5; at += 1) await run("o2", line(`sku-${at}`));
    await store.sql`update snapshots set state = jsonb_set(state, '{customerId}', '"marked"') where version = 5`;
    expect((await orders.load("o2")).state).toMatchObject({ customerId: "marked", lines: { length: 5 } });
    const rebuilt: Aggregate<Order, OrderEvents> = { ...order, stateVersion: order.stateVersion + 1 };
    const later = new Repository(store.ctx, rebuilt);
    expect((await later.load("o2")).state).toMatchObject({ customerId: "c-1", lines: { length: 5 } });
  });

  test("without events is at version 0", async () => {
    expect(await orders.load("o-none")).toEqual({ state: { status: "none" }, version: 0 });
  });

  test("refuses a command and stores nothing", async () => {
    expect(await run("o3", { kind: "confirm" })).toMatchObject({ kind: "refused" });
    expect((await orders.load("o3")).version).toBe(0);
  });

  test("takes the commands of many at once, one after the other", async () => {
    await run("o4", draft);
    await Promise.all(Array.from({ length: 8 }, (_, at) => run("o4", line(`sku-${at}`))));
    const { state, version } = await orders.load("o4");
    expect(version).toBe(9);
    expect(state).toMatchObject({ lines: { length: 8 } });
    expect({ state, version }).toEqual(await replay("o4"));
  });

  test("is shown as it was at each version", async () => {
    for (const command of [draft, line("tea"), { kind: "place" } as const]) await run("o6", command);
    const then = await getStreamState(store.ctx, "order", "o6", 2);
    if (then.kind !== "built") throw new Error(`The state is ${then.kind}.`);
    expect(JSON.parse(then.state)).toMatchObject({ status: "draft", lines: [{ sku: "tea" }] });
    expect(JSON.parse(then.before ?? "")).toMatchObject({ status: "draft", lines: [] });
    expect(await getStreamState(store.ctx, "order", "o6", 3)).toMatchObject({ before: then.state });
  });

  test("saved twice under one command id is stored once", async () => {
    const loaded = await orders.load("o5");
    const events = [{ type: "order.drafted", data: { customerId: "c", currency: "EUR" } }] as const;
    const first = await orders.save("o5", loaded, events, { commandId: "draft-o5" });
    const again = await orders.save("o5", loaded, events, { commandId: "draft-o5" });
    expect(first).toMatchObject({ kind: "saved", version: 1, isRepeat: false });
    expect(again).toEqual({ ...first, isRepeat: true });
    expect(await orders.save("o5", loaded, events)).toEqual({ kind: "version-conflict", actualVersion: 1 });
    const [other] = [{ type: "order.drafted", data: { customerId: "x", currency: "EUR" } }] as const;
    await expect(orders.save("o5", loaded, [other], { commandId: "draft-o5" })).rejects.toThrow(
      "has been used",
    );
  });
});

test("no state is made up of a stream in which versions are missing or stand twice", async () => {
  const data = { encoding: "json", text: '{"customerId":"c","currency":"EUR"}' } as const;
  const event = { type: "order.drafted", aggregateType: "order", data };
  await appendTestEvents(store.sql, [
    { ...event, aggregateId: "gap", aggregateVersion: 1 },
    { ...event, aggregateId: "gap", aggregateVersion: 3 },
    { ...event, aggregateId: "twice", aggregateVersion: 1 },
    { ...event, aggregateId: "twice", aggregateVersion: 1 },
  ]);
  while (await observeStreamsOnce(store.ctx));
  expect(await getStreamState(store.ctx, "order", "gap", 3)).toMatchObject({ kind: "unbuildable" });
  expect(await getStreamState(store.ctx, "order", "gap", 1)).toMatchObject({ kind: "built", version: 1 });
  await expect(orders.load("gap")).rejects.toThrow("After version 1");
  await expect(orders.load("twice")).rejects.toThrow("Several events");
});
