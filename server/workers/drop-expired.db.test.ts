import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { insertDeadLetters } from "#drizzle/queries/dead-letters.ts";
import { addPostings } from "#drizzle/queries/event-postings.ts";
import { copyEventsTo } from "#drizzle/queries/event-writing.ts";
import { appendTestEvents, completeEvent } from "#drizzle/testing/events.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import type { Context } from "#server/platform/context.ts";
import { LetterKeeper, settleKeeper } from "../dead-letters/keep-letters.ts";
import { openTestServer, type TestServer } from "../http/testing/open-server.ts";
import { sealIdentitiesOnce } from "../identities/seal-identities.ts";
import { wantedNames } from "../names/wanted-names.ts";
import { countHoursOnce } from "./count-hours.ts";
import { keepPartitions } from "./keep-partitions.ts";

const DAY_MS = 86_400_000;
const NOON = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2;
/** The tables that are kept by days. */
const DAILY = ["attempts", "deliveries", "events", "schema_violations"];

let server: TestServer;
let ctx: Context;
beforeEach(async () => {
  server = await openTestServer({ settings: { NAGARE_RETENTION_DAYS: "30" } });
  ctx = { ...server.ctx, clock: { ...server.ctx.clock, now: () => new Date(NOON) } };
});
afterEach(() => server.close());

/** Stores events in the first and the last microseconds of the day that many days ago. */
async function fillDay(daysAgo: number, count = 2): Promise<void> {
  const { sql, names } = ctx;
  const day = NOON - DAY_MS / 2 - daysAgo * DAY_MS;
  await sql`select ensure_event_partition(to_timestamp(${day / 1000}))`;
  const events = Array.from({ length: count }, (_, n) =>
    completeEvent({ id: `${daysAgo}-${n}`, source: "/retention" }),
  );
  const fresh = events.map((event) => ({ event, identity: eventIdentity(event.source, event.id) }));
  const positionOf = (index: number) =>
    index % 2 === 0 ? day * 1000 + index : (day + DAY_MS) * 1000 - index;
  await copyEventsTo(sql, fresh, positionOf, await names.ensure(wantedNames(events)));
}

async function storedDays(): Promise<string[]> {
  const rows = await ctx.sql<{ id: string }[]>`select id from events order by position`;
  return [...new Set(rows.map(({ id }) => id.split("-")[0] ?? ""))];
}

function partitionOf(table: string, daysAgo: number): string {
  return `${table}_${new Date(NOON - daysAgo * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

async function tablesOf(daysAgo: number): Promise<string[]> {
  const suffix = partitionOf("", daysAgo);
  const rows = await ctx.sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and right(relname, 9) = ${suffix} order by 1`;
  return rows.map(({ name }) => name.replace(suffix, ""));
}

async function countIdentities(): Promise<number> {
  const [row] =
    await ctx.sql`select coalesce(sum(octet_length(prefixes) / 8), 0)::int as identities from identity_batches`;
  return Number(row?.identities);
}

describe("Retention", () => {
  test("drops the days that ended before the retention time, with their identities and counts", async () => {
    for (const daysAgo of [40, 32, 31, 30, 29, 1]) await fillDay(daysAgo);
    await ctx.sql`select setval('event_positions', ${(NOON + DAY_MS) * 1000})`;
    await countHoursOnce(ctx);
    await addPostings(ctx.sql, String((NOON + DAY_MS) * 1000), 1);
    await keepPartitions(ctx);

    expect(await storedDays()).toEqual(["30", "29", "1"]);
    for (const daysAgo of [40, 32, 31]) expect(await tablesOf(daysAgo)).toEqual([]);
    for (const daysAgo of [30, 0, -1]) expect(await tablesOf(daysAgo)).toEqual(DAILY);
    expect(await countIdentities()).toBe(6);
    const [counts] = await ctx.sql`select min(hour) as first, sum(events)::int as events from hourly_counts`;
    expect(new Date(String(counts?.first)).getTime()).toBe(NOON - DAY_MS / 2 - 30 * DAY_MS);
    expect(counts?.events).toBe(2 * 6);
    // Those that also name an event that is kept stay.
    const [postings] = await ctx.sql`select min(last) as last from event_postings`;
    expect(Number(postings?.last)).toBeGreaterThanOrEqual((NOON - DAY_MS / 2 - 30 * DAY_MS) * 1000);
  });

  test("forgets the identities of many events, and only theirs", async () => {
    await fillDay(35, 30_000);
    await fillDay(3, 500);
    await keepPartitions(ctx);
    expect(await countIdentities()).toBe(500);
    const again = await ctx.ingest.append(
      [
        completeEvent({ id: "35-7", source: "/retention" }),
        completeEvent({ id: "3-7", source: "/retention" }),
      ].map((event) => ({ event, identity: eventIdentity(event.source, event.id) })),
    );
    expect(again.map(({ kind }) => kind)).toEqual(["accepted", "duplicate"]);
  });

  test("forgets the identities that were sealed, once all of their run are of days that went", async () => {
    await fillDay(40, 300);
    await ctx.sql`select setval('event_positions', ${(NOON - 20 * DAY_MS) * 1000})`;
    const seal = () => sealIdentitiesOnce(ctx, new AbortController().signal, { most: 100, keep: 10 });
    expect(await seal()).toBe(true);
    await fillDay(30, 300);
    expect(await seal()).toBe(true);
    await fillDay(3, 5);
    await keepPartitions(ctx);

    const left = await ctx.sql`
      select entries::int, (select count(*)::int from identity_blocks where run <> last) as other_blocks,
        (select count(*)::int from identity_filters where run <> last) as other_filters
      from identity_runs`;
    expect(left).toEqual([{ entries: 300, other_blocks: 0, other_filters: 0 }]);
    expect(await countIdentities()).toBe(10 + 5);
    const again = await ctx.ingest.append(
      ["40-7", "40-299", "30-7", "30-299", "3-2"].map((id) => {
        const event = completeEvent({ id, source: "/retention" });
        return { event, identity: eventIdentity(event.source, event.id) };
      }),
    );
    expect(again.map(({ kind }) => kind)).toEqual([
      "accepted",
      "accepted",
      "duplicate",
      "duplicate",
      "duplicate",
    ]);
  });

  test("leaves the work to the process that does it, but always makes the partitions of today and tomorrow", async () => {
    await fillDay(40);
    for (const daysAgo of [0, -1]) {
      for (const table of await tablesOf(daysAgo))
        await ctx.sql`drop table ${ctx.sql(partitionOf(table, daysAgo))}`;
    }
    const other = await ctx.sql.reserve();
    await other`select pg_advisory_lock(7104004)`;
    await keepPartitions(ctx);
    expect(await storedDays()).toEqual(["40"]);
    for (const daysAgo of [0, -1]) expect(await tablesOf(daysAgo)).toEqual(DAILY);
    await other`select pg_advisory_unlock(7104004)`;
    other.release();
    await keepPartitions(ctx);
    expect(await storedDays()).toEqual([]);
  });

  test("lets appends and reads of other days go on while it waits for a long read of an old one", async () => {
    await fillDay(40);
    const reader = await ctx.sql.reserve();
    await reader`begin isolation level repeatable read`;
    await reader`select count(*) from events`;
    const dropping = keepPartitions(ctx);
    await server.database.sql.begin(async (tx) => {
      await tx`set local statement_timeout = '10s'`;
      await tx`select position from events order by position desc limit 10`;
    });
    await appendTestEvents(ctx.sql, [{ id: "today-1" }]);
    expect(await reader`select id from events`).toHaveLength(2);
    await reader`commit`;
    reader.release();
    await dropping;
    expect(await storedDays()).toEqual(["today"]);
    expect(await tablesOf(40)).toEqual([]);
  });

  test("forgets the letters of the days that go, and cases without a letter that nobody wrote about", async () => {
    for (const daysAgo of [40, 29]) await fillDay(daysAgo, 4);
    await ctx.sql`
      with cursor as (insert into delivery_cursors (position, reached) values (0, 0) returning id)
      insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
      select 'billing', id, '{"kind": "external"}', 'none', 'block', 1, '{}', 1000 from cursor`;
    const [subscription] = await ctx.sql`select id from subscriptions`;
    const rows = await ctx.sql<{ position: string; id: string }[]>`select position, id from events`;
    const messages: Record<string, string> = {
      "40-0": "Old",
      "40-1": "Noted",
      "40-2": "Both",
      "29-0": "Both",
      "29-1": "New",
    };
    const deaths = rows.flatMap(({ position, id }) => {
      const message = messages[id];
      if (message === undefined) return [];
      return [{ position, generation: 0, diedAtUs: Number(position), message, attempts: 1 }];
    });
    await ctx.sql.begin((tx) => insertDeadLetters(tx, Number(subscription?.id), deaths));
    await settleKeeper(new LetterKeeper(ctx));
    await ctx.sql`update failure_cases set owner = 'aiko' where message = 'Noted'`;
    await keepPartitions(ctx);

    const cases = await ctx.sql`
      select message, parked::int, deaths::int,
        (select count(*)::int from dead_letters where case_id = f.id) as letters,
        (select coalesce(sum(deaths), 0)::int from case_counts where case_id = f.id) as counted
      from failure_cases f order by message`;
    expect(cases).toEqual([
      { message: "Both", parked: 1, deaths: 2, letters: 1, counted: 1 },
      { message: "New", parked: 1, deaths: 1, letters: 1, counted: 1 },
      { message: "Noted", parked: 0, deaths: 1, letters: 0, counted: 0 },
    ]);
  });

  test("finishes what a process left half done when it ended", async () => {
    for (const daysAgo of [41, 40]) await fillDay(daysAgo);
    const [detached, leaving] = [partitionOf("events", 41), partitionOf("events", 40)];
    await ctx.sql`alter table events detach partition ${ctx.sql(detached)} concurrently`;
    // A detach that waits for a reader, and whose session is then killed, is left pending.
    const reader = await ctx.sql.reserve();
    await reader`begin isolation level repeatable read`;
    await reader`select count(*) from events`;
    const pending = ctx.sql`alter table events detach partition ${ctx.sql(leaving)} concurrently`.catch(
      () => "killed",
    );
    const waiting = () => ctx.sql`
      select pid from pg_stat_activity where datname = current_database() and query like 'alter table events detach%'
        and wait_event_type = 'Lock'`;
    let [blocked] = await waiting();
    while (!blocked) [blocked] = await waiting();
    await ctx.sql`select pg_cancel_backend(${blocked.pid})`;
    expect(await pending).toBe("killed");
    await reader`commit`;
    reader.release();

    await keepPartitions(ctx);
    for (const daysAgo of [41, 40]) expect(await tablesOf(daysAgo)).toEqual([]);
  });
});
