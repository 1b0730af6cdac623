import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import {
  claimTopologyPosition,
  countTopology,
  moveTopologyPosition,
} from "#drizzle/queries/topology-counting.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents, openTestAppend, type TestEvent } from "#drizzle/testing/events.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { seededRandom } from "#server/domain/fault-injection.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import { COUNT_LIMITS, countTopologyOnce } from "./count-topology.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
});
afterAll(() => database.drop());

const random = seededRandom("topology");
const anyOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T; // never empty here

const written: TestEvent[] = [];
/** Some without a flow, some whose cause is in their flow, in another one, still to come, or nowhere. */
function someEvents(count: number): TestEvent[] {
  return Array.from({ length: count }, () => {
    const n = written.length;
    const cause = anyOf([
      null,
      null,
      `e-${n - 1}`,
      `e-${n - 7}`,
      `e-${n + 3}`,
      "nowhere",
      anyOf(written)?.id ?? null,
    ]);
    const event: TestEvent = {
      id: `e-${n}`,
      type: `type.${Math.floor(random() * 5)}`,
      source: `/source/${Math.floor(random() * 4)}`,
      kind: anyOf([null, ...EVENT_KINDS]),
      channel: anyOf([null, "orders", "stock"]),
      correlationId: anyOf([null, `flow-${Math.floor(n / 8)}`, `flow-${Math.floor(n / 8)}`]),
      causationId: cause,
    };
    written.push(event);
    return event;
  });
}

async function countAll(chunk = 20_000): Promise<void> {
  while (await countTopologyOnce(database, { ...COUNT_LIMITS, chunk }));
}

/** The same sums, from every event by itself. */
async function recount() {
  const rows = await database.sql<
    {
      position: string;
      id: string;
      correlation: string | null;
      causation: string | null;
      key: string;
      name: string;
    }[]
  >`
    select position, e.id, correlation_id as correlation, causation_id as causation,
      t.name || ' ' || s.name as name,
      (position / 60000000) || '/' || t.name || '/' || s.name || '/' || coalesce(c.name, '') || '/' || coalesce(kind, -1) as key
    from events e join interned_names t on t.id = type_id join interned_names s on s.id = source_id
    left join interned_names c on c.id = channel_id order by position`;
  const events = new Map<string, number[]>();
  const causes = new Map<string, number>();
  rows.forEach((row, at) => {
    const isTraced = row.causation !== null && row.correlation !== null;
    const cause = isTraced
      ? rows
          .slice(0, at)
          .find(({ id, correlation }) => id === row.causation && correlation === row.correlation)
      : undefined;
    const one = [1, +(row.correlation === null), +(row.causation !== null), +isTraced, +(isTraced && !cause)];
    events.set(
      row.key,
      (events.get(row.key) ?? [0, 0, 0, 0, 0]).map((sum, i) => sum + (one[i] ?? 0)),
    );
    if (!cause) return;
    const bin = binOf(Number(row.position) - Number(cause.position));
    const key = `${row.key.split("/")[0]}/${cause.name} > ${row.name}/${bin}`;
    causes.set(key, (causes.get(key) ?? 0) + 1);
  });
  return { events: Object.fromEntries(events), causes: Object.fromEntries(causes) };
}

async function stored() {
  const events = await database.sql<{ key: string; sums: number[] }[]>`
    select (extract(epoch from minute)::bigint / 60) || '/' || t.name || '/' || s.name || '/' || coalesce(c.name, '') || '/' || kind as key,
      array[events, uncorrelated, caused, traced, uncaused]::int[] as sums
    from event_minutes join interned_names t on t.id = type_id join interned_names s on s.id = source_id
    left join interned_names c on c.id = channel_id`;
  const causes = await database.sql<{ key: string; events: number }[]>`
    select (extract(epoch from minute)::bigint / 60) || '/' || ct.name || ' ' || cs.name || ' > ' || t.name || ' ' || s.name || '/' || bin as key,
      events::int from cause_minutes
    join interned_names t on t.id = type_id join interned_names s on s.id = source_id
    join interned_names ct on ct.id = cause_type_id join interned_names cs on cs.id = cause_source_id`;
  return {
    events: Object.fromEntries(events.map(({ key, sums }) => [key, sums])),
    causes: Object.fromEntries(causes.map(({ key, events: count }) => [key, count])),
  };
}

describe("Counting for the topology", () => {
  test("gives what a recount of every event gives, whatever the chunks", async () => {
    await appendTestEvents(database.sql, someEvents(300));
    await countAll(37);
    await appendTestEvents(database.sql, someEvents(200));
    await countAll();
    expect(await stored()).toEqual(await recount());
  });

  test("counts once what several processes want to count, and what a lost one had counted", async () => {
    const { sql } = database;
    await appendTestEvents(sql, someEvents(120));
    const safe = await getSafePosition(sql);
    await sql
      .begin(async (tx) => {
        const after = (await claimTopologyPosition(tx)) ?? "0";
        const { counted, last } = await countTopology(tx, { ...COUNT_LIMITS, after, upTo: safe, limit: 50 });
        expect(counted).toBe(50);
        await moveTopologyPosition(tx, last ?? after);
        throw new Error("lost");
      })
      .catch((error: unknown) => expect(error).toMatchObject({ message: "lost" }));
    await Promise.all([countAll(17), countAll(23), countAll(31)]);
    await countAll();
    expect(await stored()).toEqual(await recount());
  });

  test("waits for an append that is still open, and misses nothing of it", async () => {
    const { sql } = database;
    const slow = await openTestAppend(sql, someEvents(20));
    await appendTestEvents(sql, someEvents(20));
    await countAll();
    const before = await stored();
    await slow.commit();
    await countAll();
    expect(await stored()).not.toEqual(before);
    expect(await stored()).toEqual(await recount());
  });

  test("looks for no more causes than it may, and says for how many it did", async () => {
    const { sql } = database;
    await sql`truncate event_minutes, cause_minutes`;
    await sql`delete from checkpoints`;
    while (
      await countTopologyOnce(database, {
        ...COUNT_LIMITS,
        chunk: 100,
        trace: { ...COUNT_LIMITS.trace, causes: 10 },
      })
    );
    const [row] = await sql<{ events: number; traced: number; rounds: number }[]>`
      select sum(events)::int as events, sum(traced)::int as traced from event_minutes`;
    expect(row?.events).toBe(written.length);
    expect(row?.traced).toBe(Math.ceil(written.length / 100) * 10);
  });
});
