import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { copyEventsTo } from "#drizzle/queries/event-writing.ts";
import { countHours } from "#drizzle/queries/hourly-counts.ts";
import { completeEvent, openTestAppend, type TestEvent } from "#drizzle/testing/events.ts";
import { listFacets } from "../events/list-facets.ts";
import { openTestServer, type TestServer } from "../http/testing/open-server.ts";
import { wantedNames } from "../names/wanted-names.ts";
import { countHoursOnce } from "./count-hours.ts";

const HOUR_MS = 3_600_000;

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

/** Counts anew what should stand in `hourly_counts`. */
async function recount() {
  return server.ctx.sql`
    select to_timestamp(position / 3600000000 * 3600)::text as hour, field, name, count(*)::int as events
    from events
    join lateral (values (type_id), (source_id), (channel_id),
      ((select id from interned_names where field = 'kind'
        and name = (array['domain', 'integration', 'command'])[events.kind + 1]))) as named (name_id) on true
    join interned_names on interned_names.id = name_id
    group by 1, 2, 3 order by 1, 2, 3`;
}

async function counted() {
  return server.ctx.sql`
    select hour::text, field, name, events::int from hourly_counts
    join interned_names on id = name_id order by 1, 2, 3`;
}

const EVENTS: TestEvent[] = [
  { type: "order.placed", source: "/shop", kind: "domain", channel: "orders" },
  { type: "order.paid", source: "/bank", kind: "integration" },
  { type: "order.paid", source: "/shop", kind: "command", channel: "orders" },
  { type: "stock.moved", source: "/shop" },
];

describe("Counting hours", () => {
  test("counts events of several hours into each of them", async () => {
    const { sql, names } = server.ctx;
    const events = EVENTS.map(completeEvent);
    const ids = await names.ensure(wantedNames(events));
    const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    for (const ago of [0, 1, 2, 3]) {
      await sql`select ensure_event_partition(to_timestamp(${(hour - ago * HOUR_MS) / 1000}))`;
    }
    for (const ago of [0, 1, 2]) {
      const fresh = events.map((event) => ({ identity: crypto.randomUUID(), event }));
      // The first and the last moment of an hour.
      const edges = [hour - ago * HOUR_MS, hour - ago * HOUR_MS + 1].map((ms) => ms * 1000);
      const first = (edges[0] ?? 0) - (ago > 0 ? 2 : 0);
      await copyEventsTo(sql, fresh, (index) => first + index, ids);
    }
    await sql`select setval('event_positions', ${hour * 1000 + 100})`;
    while (await countHoursOnce(server.ctx));
    expect(await counted()).toEqual(await recount());
    expect(new Set((await counted()).map((row) => row.hour)).size).toBeGreaterThan(2);
  });

  test("neither loses nor doubles an event while appends and other counters run", async () => {
    let isDone = false;
    const counters = [1, 2, 3].map(async () => {
      while (!isDone) await countHoursOnce(server.ctx);
    });
    await Promise.all(
      [1, 2, 3].map(async (writer) => {
        for (let round = 0; round < 40; round += 1) {
          const batch = Array.from(
            { length: 1 + ((writer + round) % 5) },
            (_, n) => EVENTS[(n + round) % EVENTS.length] ?? {},
          );
          const open = await openTestAppend(server.ctx.sql, batch);
          if ((writer + round) % 4 === 0) await open.abort();
          else await open.commit();
        }
      }),
    );
    isDone = true;
    await Promise.all(counters);
    await countHoursOnce(server.ctx);
    const [row] = await server.ctx.sql`select count(*)::int as stored from events`;
    expect(Number(row?.stored)).toBeGreaterThan(200);
    expect(await counted()).toEqual(await recount());
  });

  test("a count that is rolled back is counted again", async () => {
    const { sql } = server.ctx;
    await (await openTestAppend(sql, EVENTS)).commit();
    const before = await counted();
    const upTo = await getSafePosition(sql);
    const failing = sql.begin(async (tx) => {
      expect(await countHours(tx, upTo, 1_000)).toBe(EVENTS.length);
      throw new Error("The process ends here.");
    });
    await expect(failing).rejects.toThrow("The process ends here.");
    expect(await counted()).toEqual(before);
    await countHoursOnce(server.ctx);
    expect(await counted()).toEqual(await recount());
  });

  test("facets give the counts of a window in whole hours, the most frequent first", async () => {
    const now = Date.now();
    const facets = await listFacets(server.ctx, {
      field: "type",
      from: new Date(now - 24 * HOUR_MS).toISOString(),
      to: new Date(now + HOUR_MS).toISOString(),
      contains: "ORDER.",
      limit: 10,
    });
    const expected = await server.ctx.sql`
      select name as value, count(*)::int as count from events join interned_names on interned_names.id = type_id
      where name like 'order.%' group by 1 order by 2 desc`;
    expect(facets.values).toEqual([...expected]);
    expect(facets.capped).toBe(false);
    const capped = await listFacets(server.ctx, {
      field: "type",
      from: undefined,
      to: undefined,
      contains: undefined,
      limit: 2,
    });
    expect(capped.values).toHaveLength(2);
    expect(capped.capped).toBe(true);
  });
});
