import { afterAll, beforeAll, expect, test } from "vitest";
import { listRecordedAttempts, listRecordedDeliveries } from "#drizzle/queries/flow-records.ts";
import { parkStored } from "#drizzle/testing/letters.ts";
import { countIndexWalks } from "#drizzle/testing/rows-read.ts";
import { openTestBus, type TestBus } from "#server/bus/testing/open-bus.ts";
import { findFlows } from "./find-flows.ts";
import { getTrace } from "./get-trace.ts";
import { getTraceStates } from "./get-trace-states.ts";

const ROWS = 20_000;
const FLOW = 8;
/** Every table that a trace is read from, and that grows with what is recorded. */
const TABLES = [
  "events",
  "deliveries",
  "attempts",
  "dead_letters",
  "unresolved_letters",
  "replay_parts",
  "ended_items",
  "processes",
  "process_transitions",
  "projection_progress",
  "streams",
  "stream_events",
  "sagas",
  "flow_members",
];

let system: TestBus;

beforeAll(async () => {
  system = await openTestBus();
  await fill();
});
afterAll(() => system.close());

async function fill(): Promise<void> {
  const { sql } = system;
  for (let first = 0; first < ROWS; first += 4_000) {
    await system.append(
      Array.from({ length: 4_000 }, (_, at) => {
        const n = first + at;
        const aggregateId = `o-${Math.floor(n / FLOW)}`;
        const place = { aggregateType: "order", aggregateId, aggregateVersion: (n % FLOW) + 1 };
        return {
          id: `e-${n}`,
          correlationId: `flow-${Math.floor(n / FLOW)}`,
          subject: aggregateId,
          ...place,
        };
      }),
    );
  }
  await sql`
    with cursor as (insert into delivery_cursors (position, reached) values (0, 0) returning id)
    insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
    select 'held', id, '{"kind": "external"}', 'none', 'block', 1, '{}', 1000 from cursor`;
  const subscription = sql`(select id from subscriptions)`;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
    select position, ${subscription}, type_id, 0, 4, 1 from events`;
  await sql`
    insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome)
    select position, ${subscription}, 0, 1, now(), 1, 1 from events`;
  await sql`
    insert into dead_letters (position, subscription_id, generation, type_id, source_id, event_id, message, attempts,
      first_died_at, died_at)
    select position, ${subscription}, 0, type_id, source_id, id, 'No.', 1, now(), now() from events`;
  await parkStored(sql);
  await sql`
    insert into replays (reason, actor, selection, cut_off, delivery, status, run)
    values ('It is mended.', 'test', '{}', 0, '{}', 'running', '{}')`;
  await sql`
    insert into replay_parts (replay_id, first_seq, first_position, first_subscription_id, last_position, positions,
      subscription_ids, case_ids, next_positions, is_behind)
    select (select id from replays), min(seq), min(position), ${subscription}, max(position),
      array_agg(position order by seq), array_agg(${subscription} order by seq), array_agg(1), array_agg(null::bigint),
      array_agg(false)
    from (select row_number() over (order by position) as seq, position from events) items group by (seq - 1) / ${FLOW}::int`;
  await sql`
    insert into ended_items (position, ended_at, replay_id, seq, subscription_id, outcome)
    select position, now(), (select id from replays), row_number() over (order by position), ${subscription}, 0
    from events`;
  await sql`
    insert into processes (name, business_key, correlation_id, status, state, start_position, started_at, updated_at)
    select 'order', n, 'flow-' || n, 'running', '{}', n, now(), now() from generate_series(0, ${ROWS}::int - 1) n`;
  await sql`
    insert into process_transitions (process_id, sequence, at, kind) select id, 0, now(), 'process.started' from processes`;
  await sql`
    insert into projection_progress (projection, generation, version, position, applied_at)
    select 'order-summaries', 1, 1, position, to_timestamp(position / 1e6) from events`;
  await sql`
    with made as (
      insert into streams (type_id, aggregate_id)
      select distinct aggregate_type_id, aggregate_id from events returning id, type_id, aggregate_id
    )
    insert into stream_events (stream_id, version, position)
    select made.id, aggregate_version, position from events join made using (aggregate_id)`;
  await sql`update checkpoints set position = (select max(position) from events) where name = 'observed-streams'`;
  await sql`insert into saga_types (type, name) values ('order', 'order')`;
  await sql`
    insert into sagas (id, type_id, correlation_kind, correlation, basis, state, since, started_at, completed, steps,
      failed, compensated, to_compensate, events, services, first_position, last_position, looked_at)
    select gen_random_uuid(), (select id from saga_types), 0, 'flow-' || n, 0, 0, now(), now(), 0, 0, 0, 0, 0, 0, 0, n,
      n, now()
    from generate_series(1, ${ROWS}::int) n`;
  await sql`
    insert into flow_members (correlation_kind, correlation, position) select 1, 'trace-' || position, position from events`;
  await sql`vacuum analyze`;
}

/** How often each of the tables, or a partition of it, was read from end to end so far. */
async function countFullScans(): Promise<Record<string, number>> {
  const rows = await system.sql.begin(async (tx) => {
    await tx`select pg_stat_clear_snapshot()`;
    return tx<{ name: string; scans: number }[]>`
      select t.name, coalesce(sum(seq_scan), 0)::int as scans
      from unnest(${TABLES}::text[]) t (name)
      left join pg_stat_user_tables on n_live_tup > 1000 and relname ~ ('^' || t.name || '(_\\d{8})?$')
      group by 1`;
  });
  return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
}

test("a trace and its states are read, and flows found, through indexes alone", async () => {
  const { ctx, sql } = system;
  const full = await sql<{ name: string }[]>`
    select distinct regexp_replace(relname, '_\\d{8}$', '') as name from pg_stat_user_tables where n_live_tup > 1000`;
  expect(full.map(({ name }) => name)).toEqual(expect.arrayContaining(TABLES));
  const connection = await sql.reserve();
  try {
    await connection`select pg_stat_force_next_flush()`;
    const before = await countFullScans();
    const query = { by: "correlation-id", value: "flow-1234" } as const;
    const own = { ...ctx, sql: connection };
    const trace = await getTrace(own, query);
    expect([trace.letters.length, trace.run?.process]).toEqual([FLOW, "order"]);
    const { aggregates, readModels } = await getTraceStates(own, query);
    expect([aggregates[0]?.version, readModels[0]?.waiting]).toEqual([FLOW, 0]);
    for (const name of ["flow-1234", "o-1234", "none"]) await findFlows(own, name);
    await connection`select pg_stat_force_next_flush()`;
    await connection`select 1`;
    expect(await countFullScans()).toEqual(before);
    await connection`select count(*) from events where data_text = 'x'`;
    await connection`select pg_stat_force_next_flush()`;
    await connection`select 1`;
    const after = await countFullScans();
    expect(after.events).toBeGreaterThan(before.events ?? 0);
  } finally {
    connection.release();
  }
});

test.each([
  ["deliveries", listRecordedDeliveries],
  ["attempts", listRecordedAttempts],
] as const)(
  "the %s of a flow are found in one walk through an index, not in one for each event",
  async (table, list) => {
    const walks = await countIndexWalks(system, `^${table}_\\d{8}$`, async (connection) => {
      expect(await list(connection, [{ kind: 0, value: "flow-1234" }], 100)).toHaveLength(FLOW);
    });
    // Its events are of one day.
    expect(walks).toBeGreaterThan(0);
    expect(walks).toBeLessThan(FLOW / 2);
  },
);
