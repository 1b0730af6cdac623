import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { systemClock } from "#server/platform/clock.ts";
import { NameCache } from "../names/name-cache.ts";
import { countTopologyOnce } from "./count-topology.ts";
import { foldHourOnce } from "./fold-hour.ts";
import { getTopology } from "./get-topology.ts";
import { getVerdicts } from "./get-verdicts.ts";
import { observeFlowsOnce } from "./observe-flows.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
});
afterAll(() => database.drop());

const TABLES = [
  "event_minutes",
  "cause_minutes",
  "processing_minutes",
  "processing_bins",
  "flow_starts",
  "flow_minutes",
];

test("Minutes of long ago become hours, and nothing of what they say is lost", async () => {
  const { sql } = database;
  const ctx = { sql, names: new NameCache(sql), clock: systemClock };
  for (let n = 0; n < 20; n += 1) {
    await appendTestEvents(sql, [
      { id: `a-${n}`, type: "placed", source: "/acme/shop", correlationId: `f-${n}` },
      {
        id: `b-${n}`,
        type: "shipped",
        source: "/acme/store",
        correlationId: `f-${n}`,
        causationId: `a-${n}`,
      },
    ]);
  }
  while (await countTopologyOnce(ctx));
  await sql`update flow_candidates set look_at = now()`;
  await observeFlowsOnce({ ...ctx, clock: { ...systemClock, now: () => new Date(Date.now() + 600_000) } });
  await sql`insert into processing_minutes (minute, subscription_id, type_id, succeeded) select minute, 1, 1, 1 from flow_minutes`;
  await sql`insert into processing_bins (minute, subscription_id, type_id, measure, bin, count) select minute, 1, 1, 0, 9, 3 from flow_minutes`;
  // The same again and again, over the hours of two days ago.
  for (const table of TABLES) {
    const columns = await sql<{ name: string }[]>`
      select column_name as name from information_schema.columns
      where table_name = ${table} and column_name <> 'minute' order by ordinal_position`;
    const rest = columns.map(({ name }) => name).join(", ");
    await sql.unsafe(`
      insert into ${table} (minute, ${rest})
      select date_trunc('hour', now(), 'UTC') - interval '2 days' + n * interval '7 minutes', ${rest}
      from (select ${rest} from ${table} where minute = (select min(minute) from ${table})) one, generate_series(0, 19) n`);
  }
  const window = {
    from: new Date(Date.now() - 3 * 86_400_000).toISOString(),
    to: new Date(Date.now() - 86_400_000).toISOString(),
  };
  const said = async () => {
    const { nodes, edges } = await getTopology(ctx, window);
    const { flowTypes, flows, whole } = await getVerdicts(ctx, window);
    const [sums] =
      await sql`select sum(succeeded)::int as succeeded, (select sum(count)::int from processing_bins) as binned
      from processing_minutes`;
    return { nodes, edges, flows, whole, flowTypes: flowTypes.map(({ examples: _, ...rest }) => rest), sums };
  };
  const before = await said();
  expect(before.flows.examined).toBeGreaterThan(0);
  expect(before.edges.length).toBeGreaterThan(0);

  while (await foldHourOnce(ctx));
  expect(await said()).toEqual(before);
  for (const table of TABLES) {
    const [row] = await sql<{ odd: number; hours: number }[]>`
      select count(*) filter (where minute <> date_trunc('hour', minute, 'UTC'))::int as odd, count(distinct minute)::int as hours
      from ${sql(table)} where minute < now() - interval '1 day'`;
    expect([table, row]).toEqual([table, { odd: 0, hours: 3 }]);
  }
  expect(await foldHourOnce(ctx)).toBe(false);
});
