import type { Database } from "#drizzle/db.ts";
import { insertIdleConsumer } from "#drizzle/testing/consumers.ts";
import { NameCache } from "#server/names/name-cache.ts";

/** A system: in each group, services in a row, each of which takes what the one before emits, and emits types of its own. */
export const SYSTEM = { groups: 10, services: 6, typesOfEach: 2, consumersOfType: 2 };
const HOUR_US = 3_600_000_000;
const STATEMENT = 50_000;

type Names = { sources: number[]; types: number[] };

/** Interns the names of the system, and subscribes its consumers. Nothing is handed to them: they report. */
export async function setUpSystem({ sql }: Database): Promise<Names & { consumers: [number, number][] }> {
  const services = Array.from({ length: SYSTEM.groups * SYSTEM.services }, (_, n) => ({
    group: Math.floor(n / SYSTEM.services),
    place: n % SYSTEM.services,
  }));
  const ids = await new NameCache(sql).ensure([
    ...services.map(({ group, place }) => ({ field: "source" as const, name: sourceOf(group, place) })),
    ...services.flatMap(({ group, place }) =>
      typesOf(group, place).map((name) => ({ field: "type" as const, name })),
    ),
  ]);
  const sources = services.map(({ group, place }) => ids("source", sourceOf(group, place)) ?? 0);
  const types = services.flatMap(({ group, place }) =>
    typesOf(group, place).map((name) => ids("type", name) ?? 0),
  );
  const consumers: [number, number][] = [];
  for (const [index, { group, place }] of services.entries()) {
    for (let nth = 0; nth < SYSTEM.consumersOfType; nth += 1) {
      // What takes a type stands after what emits it.
      const taker = (place + 1 + nth) % SYSTEM.services;
      const subscription = await sql.begin(async (tx) =>
        insertIdleConsumer(tx, `group-${group}.service-${taker}-${place}-${nth}`, [
          { exact: { source: sourceOf(group, place) } },
        ]),
      );
      for (let at = 0; at < SYSTEM.typesOfEach; at += 1) {
        consumers.push([subscription, types[index * SYSTEM.typesOfEach + at] ?? 0]);
      }
    }
  }
  return { sources, types, consumers };
}

/** Stores events over the last hour, in flows that go once through the services of a group. */
export async function storeEvents(
  { sql }: Database,
  { sources, types }: Names,
  { events, endUs, signal }: { events: number; endUs: number; signal: AbortSignal },
): Promise<void> {
  await sql`select ensure_event_partition(to_timestamp(${(endUs - HOUR_US) / 1e6}::float8))`;
  const stepUs = HOUR_US / events;
  for (let first = 0; first < events; first += STATEMENT) {
    signal.throwIfAborted();
    await sql`
      insert into events (position, type_id, source_id, kind, shape, data_encoding, id, correlation_id, causation_id)
      select (${endUs - HOUR_US}::float8 + n * ${stepUs}::float8)::bigint,
        (${types}::int[])[service * ${SYSTEM.typesOfEach} + flow / ${SYSTEM.groups} % ${SYSTEM.typesOfEach} + 1],
        (${sources}::int[])[service + 1], 0, 10, 0, 'e-' || n, 'flow-' || flow,
        case when n % ${SYSTEM.services} > 0 then 'e-' || n - 1 end
      from (
        select n, n / ${SYSTEM.services} as flow,
          (n / ${SYSTEM.services}) % ${SYSTEM.groups} * ${SYSTEM.services} + n % ${SYSTEM.services} as service
        from generate_series(${first}::int, ${Math.min(events, first + STATEMENT) - 1}::int) n
      ) placed`;
  }
  await sql`select setval('event_positions', ${endUs})`;
}

/** The minutes that the bus writes when each consumer handles each event of its types, `events` of them in all. */
export async function fillProcessing(
  { sql }: Database,
  consumers: readonly [number, number][],
  { events, endUs }: { events: number; endUs: number },
): Promise<void> {
  const pairs = JSON.stringify(consumers.map(([subscription, type]) => ({ subscription, type })));
  const ofPair = Math.round((events / consumers.length / 60) * SYSTEM.consumersOfType);
  const minutes = sql`generate_series(date_trunc('minute', to_timestamp(${endUs / 1e6}::float8)) - interval '59 minutes',
    date_trunc('minute', to_timestamp(${endUs / 1e6}::float8)), interval '1 minute') minute`;
  await sql`
    insert into processing_minutes (minute, subscription_id, type_id, succeeded, failed, retried, duration_us, critical_us)
    select minute, subscription, type, ${ofPair}, 3, 3, ${ofPair * 20_000}, ${ofPair * 90_000}
    from jsonb_to_recordset(${pairs}::jsonb) as pair (subscription integer, type integer), ${minutes}`;
  await sql`
    insert into processing_bins (minute, subscription_id, type_id, measure, bin, count)
    select minute, subscription, type, measure, 90 + bin, ${Math.ceil(ofPair / 15)}
    from jsonb_to_recordset(${pairs}::jsonb) as pair (subscription integer, type integer), ${minutes},
      generate_series(0, 1) measure, generate_series(1, 15) bin`;
}

function sourceOf(group: number, place: number): string {
  return `/bench/group-${group}/service-${place}`;
}

function typesOf(group: number, place: number): string[] {
  return Array.from(
    { length: SYSTEM.typesOfEach },
    (_, n) => `group-${group}.service-${place}.happened-${n}`,
  );
}
