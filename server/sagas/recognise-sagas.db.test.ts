import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordedLate, withoutEvents } from "#server/domain/sagas/testing/disorder.ts";
import {
  type Faults,
  MEDIATOR,
  type RunFlow,
  runSystem,
  type System,
} from "#server/domain/sagas/testing/run-system.ts";
import {
  ADDRESS_REFUSED,
  CARD_DECLINED,
  OUT_OF_STOCK,
  ordersMediator,
  ordersSaga,
} from "#server/domain/sagas/testing/sample-systems.ts";
import { openSagas, type TestSagas } from "./testing/open-sagas.ts";
import { expectExact, forgetSagas, listRows, rowOf, standing } from "./testing/saga-rows.ts";

let sagas: TestSagas;

beforeAll(async () => {
  const systems = [ordersSaga, ordersMediator];
  const names = systems.flatMap(({ start, services }) => [start.service, ...Object.keys(services)]);
  sagas = await openSagas([...new Set([...names, MEDIATOR])]);
});
afterAll(() => sagas.database.drop());
beforeEach(() => forgetSagas(sagas.ctx.sql));

const all = (run: RunFlow) => run.recorder.recorded;

const RUNS: readonly [string, System, Faults][] = [
  ["completed", ordersSaga, {}],
  ["failed", ordersSaga, { says: CARD_DECLINED }],
  ["compensated", ordersSaga, { says: OUT_OF_STOCK }],
  ["compensating", ordersSaga, { says: { ...OUT_OF_STOCK, orders: {} }, away: ["orders"] }],
  ["stuck", ordersSaga, { dead: ["inventory"] }],
  ["waiting", ordersSaga, { away: ["inventory"] }],
  ["completed", ordersMediator, {}],
  ["compensated", ordersMediator, { says: ADDRESS_REFUSED }],
  ["waiting", ordersMediator, { silent: ["inventory"], untilMs: 1_000 }],
  ["stuck", ordersMediator, { dead: ["inventory"], untilMs: 1_000 }],
];

describe("Recognition", () => {
  test("measures the steps of each saga that has ended, once", async () => {
    await sagas.ctx.sql`truncate metric_points`;
    await sagas.store.store(all(runSystem(ordersSaga, {})), { flow: "order-measured" });
    await sagas.recognise();
    const measured = () => sagas.ctx.sql<
      { labels: Record<string, string>; samples: number; isTimed: boolean }[]
    >`
      select labels, samples::int, sum > 0 as "isTimed" from metric_points join metric_series s on s.id = series_id
      where metric = 'saga_step_time' and label_names = 'saga,step' order by labels->>'step'`;
    const once = await measured();
    const types = ["inventory.reserved", "order.confirmed", "order.placed", "payment.processed"];
    expect(once.map(({ labels, samples }) => [labels.step, samples])).toEqual(types.map((type) => [type, 1]));
    expect(once.every(({ isTimed }) => isTimed)).toBe(true);
    sagas.wait(3_600_000);
    await sagas.ctx.sql`update sagas set look_at = now()`;
    await sagas.recognise();
    expect(await measured()).toEqual(once);
  });

  test("writes sagas in every state, with counts and maps that agree", async () => {
    for (const [index, [, system, faults]] of RUNS.entries()) {
      await sagas.store.store(all(runSystem(system, faults)), { flow: `order-${index}` });
    }
    const { recorder } = runSystem(ordersSaga, { away: ["inventory"] });
    const paid = recorder.events.find(({ type }) => type === "payment.processed");
    if (paid !== undefined) recorder.attempt(paid, "inventory", { outcome: "running" });
    await sagas.store.store(recorder.recorded, { flow: "order-at-work" });
    await sagas.recognise();
    const states = (await listRows(sagas.ctx.sql)).map(({ correlation, state }) => [correlation, state]);
    expect(Object.fromEntries(states)).toEqual({
      ...Object.fromEntries(RUNS.map(([state], index) => [`order-${index}`, state])),
      "order-at-work": "running",
    });
    expect(await rowOf(sagas.ctx.sql, "order-4")).toMatchObject({
      awaits: "replay",
      failure: "dead-letter",
      held: true,
      counted: null,
    });
    expect(await rowOf(sagas.ctx.sql, "order-0")).toMatchObject({
      business_key: "order-0",
      step: null,
      progress: [4, 4, 0, 0, 0],
    });
    await expectExact(sagas.ctx.sql);
  });

  test("ends in the same row whatever comes late, twice, out of order or in parts", async () => {
    const orders = fc.array(fc.integer(), { minLength: 40, maxLength: 60 });
    let runs = 0;
    for (const [index, [, system, faults]] of RUNS.entries()) {
      await sagas.store.store(all(runSystem(system, faults)), { flow: `same-${index}` });
    }
    await sagas.recognise();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(RUNS.length - 1),
        orders,
        fc.array(fc.nat(60), { maxLength: 5 }),
        fc.array(fc.nat(30), { maxLength: 3 }),
        async (index, order, missing, cuts) => {
          const [, system, faults] = RUNS[index] ?? ["", ordersSaga, {}];
          const flow = `late-${runs++}`;
          const moved = recordedLate(all(runSystem(system, faults)), order);
          const events = moved.events.toSorted((a, b) => Number(a.position) - Number(b.position));
          const early = withoutEvents({ ...moved, events }, missing);
          for (const cut of cuts.toSorted((a, b) => a - b)) {
            await sagas.store.store({ ...early, events: early.events.slice(0, cut) }, { flow });
            await sagas.recognise();
          }
          await sagas.store.store({ ...moved, events }, { flow });
          await sagas.recognise();
          sagas.wait(700_000);
          await sagas.recognise();
          const ordered = await standing(sagas.ctx.sql, `same-${index}`);
          expect(await standing(sagas.ctx.sql, flow)).toEqual(named(ordered, `same-${index}`, flow));
        },
      ),
      { numRuns: 25 },
    );
    await expectExact(sagas.ctx.sql);
  });

  test("goes on where another one was, and where it was set back to, with the same rows", async () => {
    const { sql } = sagas.database;
    for (const [index, [, system, faults]] of RUNS.entries()) {
      const run = runSystem(system, faults);
      await sagas.store.store(withoutEvents(all(run), [3, 5]), { flow: `kill-${index}` });
      await sagas.store.store(all(run), { flow: `kill-${index}` });
    }
    const [before] = await sql<{ position: string }[]>`select position from checkpoints where name = 'sagas'`;
    await sagas.recognise({ events: 7, flows: 3 });
    const rows = await listRows(sagas.ctx.sql);
    const maps = await sql`select hour, map from saga_maps order by type_id`;
    expect(rows).toHaveLength(RUNS.length);
    await sql`update checkpoints set position = ${before?.position ?? "0"} where name = 'sagas'`;
    await sagas.recognise({ events: 40 });
    expect(await listRows(sagas.ctx.sql)).toEqual(rows);
    expect(await sql`select hour, map from saga_maps order by type_id`).toEqual(maps);
    await expectExact(sagas.ctx.sql);
  });

  test("leaves nothing behind of a round that fails", async () => {
    const { sql } = sagas.database;
    await sagas.store.store(all(runSystem(ordersSaga)), { flow: "broken" });
    await sql`alter table saga_maps add constraint no_map check (false) not valid`;
    await expect(sagas.recognise()).rejects.toThrow("no_map");
    expect(await listRows(sagas.ctx.sql)).toEqual([]);
    await sql`alter table saga_maps drop constraint no_map`;
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "broken")).toMatchObject({ state: "completed" });
    await expectExact(sagas.ctx.sql);
  });
});

describe("A saga that goes on after it was looked at", () => {
  test("completes with what is settled without an event", async () => {
    const { recorder } = runSystem(ordersSaga, { away: ["mail"] });
    await sagas.store.store(recorder.recorded, { flow: "quiet" });
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "quiet")).toMatchObject({ state: "waiting", awaits: "delivery" });
    const confirmed = recorder.events.find(({ type }) => type === "order.confirmed");
    if (confirmed !== undefined) recorder.attempt(confirmed, "mail");
    await sagas.store.store(recorder.recorded, { flow: "quiet" });
    sagas.wait(700_000);
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "quiet")).toMatchObject({
      state: "completed",
      step: null,
      awaits: null,
    });
    await expectExact(sagas.ctx.sql);
  });

  test("goes on when its dead letter is delivered, fails when that is given up, and is stuck again", async () => {
    const { sql } = sagas.ctx;
    const { recorder } = runSystem(ordersSaga, { dead: ["mail"] });
    await sagas.store.store(recorder.recorded, { flow: "held" });
    await sagas.recognise();
    const stuck = { state: "stuck", awaits: "replay", held: true };
    expect(await rowOf(sql, "held")).toMatchObject(stuck);
    const confirmed = recorder.events.find(({ type }) => type === "order.confirmed");
    const settle = async (status: number) => {
      const position = sagas.store.positionOf("held", confirmed?.position ?? "");
      await sql`
        update deliveries set status = ${status} where position = ${position}
          and subscription_id = (select id from subscriptions where consumer = 'mail')`;
      await sagas.recognise();
      await expectExact(sql);
    };
    await settle(5);
    expect(await rowOf(sql, "held")).toMatchObject({ state: "failed", failure: "discarded" });
    await settle(4);
    expect(await rowOf(sql, "held")).toMatchObject(stuck);
    await settle(2);
    expect(await rowOf(sql, "held")).toMatchObject({ state: "completed", held: false });
  });

  test("is taken out of the map and counted anew when something follows its end", async () => {
    const { recorder } = runSystem(ordersSaga);
    await sagas.store.store(recorder.recorded, { flow: "again" });
    await sagas.recognise();
    const ended = recorder.events.at(-1);
    if (ended === undefined) throw new Error("Nothing was recorded.");
    const more = recorder.wait(5).emit("mail", { type: "mail.read", cause: ended });
    recorder.owe(more, "orders");
    await sagas.store.store(recorder.recorded, { flow: "again" });
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "again")).toMatchObject({ state: "waiting", counted: null });
    expect(await sagas.database.sql`select from saga_maps`).toHaveLength(0);
    recorder.attempt(more, "orders");
    await sagas.store.store(recorder.recorded, { flow: "again" });
    sagas.wait(700_000);
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "again")).toMatchObject({ state: "completed" });
    await expectExact(sagas.ctx.sql);
  });

  test("is stuck when it takes longer than its type does", async () => {
    await sagas.store.store(all(runSystem(ordersSaga, { away: ["inventory"] })), { flow: "slow" });
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "slow")).toMatchObject({ state: "waiting" });
    for (let n = 0; n < 25; n += 1) {
      await sagas.store.store(all(runSystem(ordersSaga, { seed: n + 1 })), { flow: `usual-${n}` });
    }
    await sagas.recognise();
    sagas.wait(700_000);
    await sagas.recognise();
    expect(await rowOf(sagas.ctx.sql, "slow")).toMatchObject({ state: "stuck", awaits: "delivery" });
    await expectExact(sagas.ctx.sql);
  });
});

function named(value: unknown, from: string, to: string): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(from, to));
}
