import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { CORRELATIONS } from "#server/domain/sagas/correlate.ts";
import { readTrace } from "#server/domain/sagas/read-trace.ts";
import { readRun } from "#server/domain/sagas/testing/read-run.ts";
import { type Faults, runSystem } from "#server/domain/sagas/testing/run-system.ts";
import { OUT_OF_STOCK, ordersSaga } from "#server/domain/sagas/testing/sample-systems.ts";
import { NameCache } from "../names/name-cache.ts";
import { loadFlows } from "./load-flows.ts";
import { FlowStore } from "./testing/store-flow.ts";

let database: TestDatabase;
let names: NameCache;
let store: FlowStore;

beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
  names = new NameCache(database.sql);
  store = new FlowStore(database.sql);
});
afterAll(() => database.drop());

const flowOf = (value: string) => ({ by: "correlation-id", value }) as const;
const load = async (value: string, limit?: number) => {
  const [flow] = await loadFlows(database.sql, { names }, [flowOf(value)], limit);
  if (flow === undefined) throw new Error("A flow that is asked for is given.");
  return flow;
};

/** A consumer that this server delivers to and that was handed nothing behind a position. */
async function subscribe(consumer: string, position: string, type: string): Promise<number> {
  const [row] = await database.sql<{ id: number }[]>`
    with cursor as (insert into delivery_cursors (position, reached) values (${position}, ${position}) returning id)
    insert into subscriptions (consumer, cursor_id, filters, target, ordering, on_dead, concurrency, retry, timeout_ms)
    select ${consumer}, id, ${JSON.stringify([{ exact: { type } }])}::text::jsonb, '{"kind": "handler", "name": "x"}', 'none',
      'block', 1, '{"retries": 1, "baseMs": 1, "factor": 1, "capMs": 1, "jitter": "none"}', 1000 from cursor
    returning id`;
  return row?.id ?? 0;
}

test.each<[string, Faults]>([
  ["completed", {}],
  ["compensated", { says: OUT_OF_STOCK }],
  ["stuck", { dead: ["inventory"] }],
  ["tried again", { flaky: { inventory: 2 } }],
])("a stored flow is the trace that was recorded: %s", async (name, faults) => {
  const run = runSystem(ordersSaga, faults);
  await store.store(run.recorder.recorded, { flow: name });
  const { services } = run.recorder;
  const stored = readTrace({ ...(await load(name)), services });
  const { trace } = readRun(run);
  const shape = ({ steps, messages, spans, gaps }: typeof trace) => ({
    steps: steps.map(({ key, state, after, asked, answers }) => ({ key, state, after, asked, answers })),
    messages: messages.map(({ event, to, status, attempts, failures }) => ({
      event,
      to,
      status,
      attempts,
      failures,
    })),
    work: spans.filter(({ kind }) => kind === "work").length,
    gaps: gaps.filter(({ kind }) => kind !== "clock-skew").length,
  });
  expect(shape(stored)).toEqual(shape(trace));
});

test("a flow is read up to a limit, and says so; nobody's flow is empty", async () => {
  await appendTestEvents(
    database.sql,
    [1, 2, 3].map((n) => ({ id: `many-${n}`, correlationId: "many" })),
  );
  expect(await load("many", 2)).toMatchObject({
    isCapped: true,
    events: [{ id: "many-1" }, { id: "many-2" }],
  });
  expect(await load("many", 3)).toMatchObject({ isCapped: false });
  expect(await load("nobody")).toEqual({ events: [], deliveries: [], attempts: [], isCapped: false });
});

test("several flows are read at once, each by its kind of correlation, in the order asked for", async () => {
  const positions = await appendTestEvents(database.sql, [
    { id: "traced" },
    { id: "paid" },
    { id: "traced-2" },
  ]);
  await database.sql`
    insert into flow_members (correlation_kind, correlation, position)
    select kind, 'same', position from unnest(${[1, 2, 1]}::smallint[], ${positions}::bigint[])
      as m (kind, position)`;
  const wanted = [...CORRELATIONS].reverse().map((by) => ({ by, value: "same" }));
  const flows = await loadFlows(database.sql, { names }, wanted);
  expect(flows.map(({ events }) => events.map(({ id }) => id))).toEqual([
    ["paid"],
    ["traced", "traced-2"],
    [],
  ]);
});

describe("What is owed and not begun", () => {
  test("is pending beyond the cursor, processing within a lease, and nothing for who does not take it", async () => {
    const { sql } = database;
    const [position = ""] = await appendTestEvents(sql, [
      { id: "asked", type: "stock.wanted", correlationId: "owed" },
    ]);
    const before = String(Number(position) - 1);
    await subscribe("slow", before, "stock.wanted");
    await subscribe("other", before, "price.wanted");
    await subscribe("through", position, "stock.wanted");
    const leased = await subscribe("leased", position, "stock.wanted");
    await sql`
      insert into delivery_leases (subscription_id, after_position, to_position, generation, worker, expires_at)
      values (${leased}, ${before}, ${position}, 0, gen_random_uuid(), now() + interval '1 minute')`;
    const { deliveries } = await load("owed");
    expect(deliveries.map(({ consumer, status }) => `${consumer} ${status}`).sort()).toEqual([
      "leased processing",
      "slow pending",
    ]);
  });

  test("is owed again after a rewind", async () => {
    const { sql } = database;
    const [position = ""] = await appendTestEvents(sql, [
      { id: "again", type: "again.wanted", correlationId: "again" },
    ]);
    const id = await subscribe("rewound", String(Number(position) - 1), "again.wanted");
    await sql`
      insert into deliveries (position, subscription_id, type_id, generation, status, attempts, started_at, duration_us)
      select position, ${id}, type_id, 0, 2, 1, now(), 5 from events where position = ${position}`;
    expect((await load("again")).deliveries).toMatchObject([{ status: "succeeded", generation: 0 }]);
    await sql`update delivery_cursors set generation = 1 where id = (select cursor_id from subscriptions where id = ${id})`;
    expect((await load("again")).deliveries).toMatchObject([
      { status: "pending", generation: 1, attempts: 0 },
    ]);
  });
});
