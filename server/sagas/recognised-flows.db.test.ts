import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deleteSagaMapsBefore, deleteSagasBefore } from "#drizzle/queries/saga-retention.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { parkStored } from "#drizzle/testing/letters.ts";
import { type RunFlow, runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { ordersSaga } from "#server/domain/sagas/testing/sample-systems.ts";
import type { RecordedEvent } from "#server/domain/sagas/trace.ts";
import { SagaRecogniser } from "./recognise-sagas.ts";
import { linkServices } from "./testing/link-services.ts";
import { openSagas, type TestSagas } from "./testing/open-sagas.ts";
import { expectExact, forgetSagas, listRows, rowOf } from "./testing/saga-rows.ts";

let sagas: TestSagas;

beforeAll(async () => {
  sagas = await openSagas([ordersSaga.start.service, ...Object.keys(ordersSaga.services)]);
});
afterAll(() => sagas.database.drop());
beforeEach(() => forgetSagas(sagas.ctx.sql));

const WITHOUT = { deliveries: [], attempts: [] };
const all = (run: RunFlow) => run.recorder.recorded;

describe("What stands in the list", () => {
  test("are no single events, unless one is the beginning of what is known as a saga", async () => {
    const { sql } = sagas.database;
    const started = runSystem(ordersSaga, { away: ["payment"] });
    await sagas.store.store(all(started), { flow: "unknown" });
    await appendTestEvents(
      sql,
      [1, 2, 3].map((n) => ({ source: "/meter", correlationId: `reading-${n}` })),
    );
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toEqual([]);
    for (let n = 0; n <= 20; n += 1) {
      await sagas.store.store(all(runSystem(ordersSaga)), { flow: `whole-${n}` });
      if (n === 0) await sagas.recognise();
    }
    await sagas.recognise();
    await sagas.store.store(all(started), { flow: "begun" });
    await sagas.recognise();
    const listed = await listRows(sagas.ctx.sql);
    expect(listed).toHaveLength(22);
    // It waits, or is stuck already: the others took no time.
    expect(listed[0]).toMatchObject({ correlation: "begun", events: 1 });
  });

  test("are counted in no map while nobody took them on", async () => {
    for (let n = 0; n <= 20; n += 1) {
      await sagas.store.store(all(runSystem(ordersSaga)), { flow: `taken-${n}` });
      if (n === 0) await sagas.recognise();
    }
    await sagas.recognise();
    await sagas.store.store(
      { ...WITHOUT, events: all(runSystem(ordersSaga)).events.slice(0, 1) },
      { flow: "left" },
    );
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "left")).toMatchObject({
      state: "completed",
      events: 1,
      counted: null,
    });
    await expectExact(sagas.ctx.sql);
  });

  test("are flows from outside that say that they failed, also where nobody names what led to what", async () => {
    const traces = ["shared", "alone"].map(() => crypto.randomUUID().replaceAll("-", ""));
    const [shared = "", alone = ""] = traces;
    const event = (trace: string, source: string, type: string) => ({
      source,
      type,
      subject: "order-123",
      traceparent: `00-${trace}-${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}-01`,
    });
    await appendTestEvents(sagas.ctx.sql, [
      event(shared, "/web", "cart.checked-out"),
      event(shared, "/bank", "card.charged"),
      event(shared, "/store", "stock.reserve-failed"),
      event(alone, "/probe", "probe.begun"),
      event(alone, "/probe", "probe.failed"),
    ]);
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toMatchObject([
      { correlation: shared, business_key: "order-123", state: "failed", events: 3 },
    ]);
  });

  test("are no beginnings of which few lead to more", async () => {
    const read = () =>
      Array.from({ length: 20 }, () => ({
        source: "/shop",
        type: "meter.read",
        correlationId: crypto.randomUUID(),
      }));
    const [first] = read().map((event) => ({ ...event, id: "m1" }));
    const alarm = { ...first, id: "m2", source: "/payment", type: "alarm.raised", causationId: "m1" };
    const noted = { ...alarm, id: "m3", source: "/orders", type: "alarm.noted", causationId: "m2" };
    await appendTestEvents(sagas.ctx.sql, [first ?? {}, alarm, noted]);
    await sagas.recognise();
    for (let round = 0; round < 2; round += 1) {
      await appendTestEvents(sagas.ctx.sql, read());
      await sagas.recognise();
    }
    expect(await listRows(sagas.ctx.sql)).toMatchObject([{ events: 3 }]);
  });

  test("are flows in which a dead letter came up, also single events", async () => {
    const { sql } = sagas.database;
    const { recorder } = runSystem(
      { start: { service: "meter", type: "meter.read" }, services: { alarm: { "meter.read": [] } } },
      { dead: ["alarm"] },
    );
    await sagas.store.store(recorder.recorded, { flow: "alarmed" });
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toEqual([]);
    const position = sagas.store.positionOf("alarmed", recorder.events[0]?.position ?? "");
    await sql`
      insert into dead_letters (position, subscription_id, generation, number, type_id, source_id, event_id,
        message, attempts, first_died_at, died_at)
      select position, subscription_id, 0, 1, e.type_id, source_id, id, 'Failed', 3, now(), now()
      from deliveries join events e using (position) where position = ${position}`;
    await parkStored(sql);
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "alarmed")).toMatchObject({ state: "stuck", held: true });
    await appendTestEvents(sql, [{ source: "/meter", type: "meter.read", correlationId: "another" }]);
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toHaveLength(1);
  });

  test("are read anew when it is found out that what emits and what takes are one service", async () => {
    const { sql } = sagas.database;
    await sql`
      with unseen as (delete from service_sightings where consumer = 'inventory' returning source_id)
      delete from source_reactions where source_id in (select source_id from unseen)`;
    const recogniser = new SagaRecogniser(sagas.ctx);
    const recognise = async () => {
      while (await recogniser.recogniseOnce());
    };
    await sagas.store.store(all(runSystem(ordersSaga)), { flow: "early" });
    await recognise();
    const before = await sql`select map from saga_maps`;
    await linkServices(sagas.ctx, ["inventory"]);
    sagas.wait(3_000);
    await recognise();
    await recognise();
    const after = await sql`select map from saga_maps`;
    expect(after).toHaveLength(1);
    expect(JSON.stringify(before)).toContain("service:/inventory");
    expect(JSON.stringify(after)).not.toContain("service:/inventory");
    expect(JSON.stringify(after)).toContain("service:inventory");
    await expectExact(sagas.ctx.sql);
  });

  test("are several sagas of one correlation, told apart by what they are about", async () => {
    const { recorder } = runSystem(ordersSaga);
    const change = ({ id }: RecordedEvent): Partial<RecordedEvent> => ({ id: `b-${id}`, subject: "order-b" });
    await sagas.store.store(recorder.recorded, { flow: "batch" });
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toMatchObject([{ subject: null, events: 4 }]);
    const second = {
      ...recorder.recorded,
      events: recorder.events.map((event) => ({ ...event, position: `9${event.position}` })),
      deliveries: [],
      attempts: [],
    };
    await sagas.store.store(second, {
      flow: "batch",
      change: (event) => ({
        ...change(event),
        causationId: event.causationId === null ? null : `b-${event.causationId}`,
      }),
    });
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toMatchObject([
      { subject: "batch", events: 4 },
      { subject: "order-b", events: 4 },
    ]);
    await expectExact(sagas.ctx.sql);
  });
});

describe("A flow without a correlation id", () => {
  test("is found by its trace", async () => {
    const run = runSystem(ordersSaga);
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const change = () => ({ correlationId: null, traceparent });
    await sagas.store.store({ ...all(run), events: all(run).events.slice(0, 1) }, { flow: "traced", change });
    await sagas.recognise();
    await sagas.store.store(all(run), { flow: "traced", change });
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toMatchObject([
      {
        correlation: "0af7651916cd43dd8448eb211c80319c",
        state: "completed",
        events: 4,
        business_key: "traced",
      },
    ]);
  });

  test("is found by the first path that matches its type", async () => {
    const { sql } = sagas.database;
    await sql`insert into correlation_paths (type, path) values ('shop.*', 'data.order.id'), ('*', 'data.nothing')`;
    const data = { encoding: "json", text: `{"order": {"id": 7.0}}` } as const;
    const first = { id: "p1", type: "shop.placed", source: "/shop", subject: "order-7", data };
    await appendTestEvents(sql, [first, { ...first, id: "p2", type: "other.placed" }]);
    await sagas.recognise();
    await appendTestEvents(sql, [
      { ...first, id: "p3", type: "shop.paid", source: "/payment", causationId: "p1" },
    ]);
    await appendTestEvents(sql, [
      { ...first, id: "p4", type: "shop.sent", source: "/mail", causationId: "p3" },
    ]);
    await sagas.recognise();
    expect(await listRows(sagas.ctx.sql)).toMatchObject([
      { correlation: "7", events: 3, business_key: "order-7" },
    ]);
  });
});

test("A path holds for what is recorded after it, though the recogniser has just looked", async () => {
  const { sql } = sagas.ctx;
  const recogniser = new SagaRecogniser(sagas.ctx);
  while (await recogniser.recogniseOnce());
  await sql`insert into correlation_paths (type, path) values ('parcel.*', 'data.id')`;
  const data = { encoding: "json", text: `{"id": "P-1"}` } as const;
  await appendTestEvents(sql, [
    { id: "a1", type: "parcel.packed", source: "/shop", data },
    { id: "a2", type: "parcel.weighed", source: "/scales", causationId: "a1", data },
    { id: "a3", type: "parcel.sent", source: "/post", causationId: "a2", data },
  ]);
  while (await recogniser.recogniseOnce());
  expect(await listRows(sql)).toMatchObject([{ correlation: "P-1", events: 3 }]);
});

test("A large flow that is no saga is not read over and over again", async () => {
  const { sql } = sagas.database;
  const readings = (count: number) =>
    appendTestEvents(
      sql,
      Array.from({ length: count }, () => ({ source: "/meter", correlationId: "device" })),
    );
  await readings(50);
  await sagas.recognise();
  await readings(3);
  await sagas.recognise();
  expect(await listRows(sagas.ctx.sql)).toEqual([]);
});

test("Sagas are forgotten with the last of their events, in parts, and leave the counts right", async () => {
  const { sql } = sagas.ctx;
  for (const flow of ["old-1", "old-2", "old-3"])
    await sagas.store.store(all(runSystem(ordersSaga)), { flow });
  const [row] = await sql<{ position: string }[]>`select safe_position() + 1 as position`;
  await sagas.store.store(all(runSystem(ordersSaga, { away: ["inventory"] })), { flow: "young" });
  await sagas.recognise();
  const moment = new Date(Date.now() + 60_000).toISOString();
  const position = row?.position ?? "0";
  const forget = () => sql.begin((tx) => deleteSagasBefore(tx, { moment, position, limit: 2 }));
  expect([await forget(), await forget(), await forget()]).toEqual([2, 1, 0]);
  expect(await listRows(sql)).toMatchObject([{ correlation: "young" }]);
  const counts = await sql`select state, sagas::int from saga_counts`;
  expect(counts).toEqual([{ state: 3, sagas: 1 }]);
  await sql.begin((tx) => deleteSagaMapsBefore(tx, moment));
  await expectExact(sql);
  expect(await sql`select from saga_types`).toHaveLength(1);
});
