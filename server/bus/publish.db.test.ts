import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Sql } from "#drizzle/db.ts";
import { completeEvent, type NewEvent } from "#server/domain/new-event.ts";
import { getOutbox } from "./get-outbox.ts";
import { publish } from "./publish.ts";
import { relayOutboxOnce } from "./relay-outbox.ts";
import { openTestBus, type TestBus, until } from "./testing/open-bus.ts";

let bus: TestBus;
let sql: Sql;
beforeAll(async () => {
  bus = await openTestBus();
  sql = bus.sql;
  await sql`create table effects (note text)`;
});
beforeEach(() => sql`truncate outbox, effects`);
afterAll(() => bus.close());

const time = "2025-11-22T10:00:00.000Z";
const event = (id: string, given: Partial<NewEvent> = {}) =>
  completeEvent({ type: "published", source: "/shop", ...given }, { id, time });

const storedIds = async () => {
  const rows = await sql<{ id: string }[]>`select id from events order by position`;
  return rows.map(({ id }) => id);
};

describe("A published event", () => {
  test("reaches the log after the commit, its payload to the character, and not at all after a rollback", async () => {
    const data = { encoding: "json", text: '{"big": 12345678901234567890}' } as const;
    await sql.begin((tx) => publish(tx, event("kept", { data, partitionKey: "k" })));
    const failed = sql.begin(async (tx) => {
      await publish(tx, event("rolled-back"));
      throw new Error("The work failed.");
    });
    await expect(failed).rejects.toThrow("The work failed.");
    expect(await getOutbox(bus.ctx)).toMatchObject({ unsent: { count: 1, exact: true } });
    await relayOutboxOnce(bus.ctx);
    expect(await storedIds()).toEqual(["kept"]);
    const [row] = await sql`select data_text, partition_key from events where id = 'kept'`;
    expect(row).toEqual({ data_text: data.text, partition_key: "k" });
    expect(await getOutbox(bus.ctx)).toEqual({
      unsent: { count: 0, exact: true },
      oldestSeconds: null,
      refused: { count: 0, exact: true },
    });
  });

  test("is neither lost nor doubled by a crash between the log and the outbox", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `crash-${String(index).padStart(2, "0")}`);
    await sql.begin(async (tx) => {
      for (const id of ids) await publish(tx, event(id, { partitionKey: "k" }));
    });
    const crashing = {
      ...bus.ctx,
      ingest: Object.assign(Object.create(bus.ctx.ingest), {
        append: async (events: Parameters<typeof bus.ctx.ingest.append>[0]) => {
          await bus.ctx.ingest.append(events.slice(0, 7));
          throw new Error("The process died.");
        },
      }),
    };
    await expect(relayOutboxOnce(crashing)).rejects.toThrow("The process died.");
    expect((await getOutbox(bus.ctx)).unsent.count).toBe(20);
    await relayOutboxOnce(bus.ctx);
    expect((await storedIds()).filter((id) => id.startsWith("crash-"))).toEqual(ids);
    expect((await getOutbox(bus.ctx)).unsent.count).toBe(0);
  });

  test("is moved by one relay at a time, in order", async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `many-${String(index).padStart(4, "0")}`);
    await sql.begin(async (tx) => {
      for (const id of ids) await publish(tx, event(id));
    });
    const drain = async () => {
      while ((await getOutbox(bus.ctx)).unsent.count > 0) await relayOutboxOnce(bus.ctx);
    };
    await Promise.all([drain(), drain(), drain()]);
    expect((await storedIds()).filter((id) => id.startsWith("many-"))).toEqual(ids);
  });

  test("whose identity has other content is set aside and holds nobody up", async () => {
    await bus.append([{ ...event("taken"), subject: "first" }]);
    await sql.begin(async (tx) => {
      await publish(tx, event("taken", { subject: "second" }));
      await publish(tx, event("behind"));
    });
    await relayOutboxOnce(bus.ctx);
    expect(await storedIds()).toContain("behind");
    expect(await getOutbox(bus.ctx)).toMatchObject({ unsent: { count: 0 }, refused: { count: 1 } });
  });
});

test("a handler publishes with its effect, once, into the flow of what it handled", async () => {
  bus.handlers.register("ship", {
    transaction: "batch",
    handle: async (order, { tx, attempt, publish: send }) => {
      await tx`insert into effects values (${order.id})`;
      await send({ type: "order.shipped", source: "/shipping" });
      if (attempt === 1) throw new Error("The first attempt fails after it has published.");
    },
  });
  await bus.subscribe("ship", { filters: [{ exact: { type: "order.placed" } }] });
  await bus.startBus();
  await bus.append([{ id: "order-1", type: "order.placed", correlationId: "flow-1" }]);
  await until(async () => (await sql`select from effects`).length === 1);
  await relayOutboxOnce(bus.ctx);
  const shipped = await sql`
    select correlation_id, causation_id from events join interned_names on interned_names.id = type_id
    where name = 'order.shipped'`;
  expect([...shipped]).toEqual([{ correlation_id: "flow-1", causation_id: "order-1" }]);
});
