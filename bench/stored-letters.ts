import type { Database } from "#drizzle/db.ts";
import { foldCaseCounts } from "#drizzle/queries/failure-cases.ts";
import { insertMissingKeys } from "#drizzle/queries/letter-keys.ts";
import { insertIdleConsumer } from "#drizzle/testing/consumers.ts";
import { NameCache } from "#server/names/name-cache.ts";

const DAYS = 7;
const DAY_US = 86_400_000_000;
const STATEMENT = 50_000;
/** Of each consumer and type; the rest of the cases comes from these two. */
const ERRORS = 5;
const TYPES = 20;
const SOURCES = 40;

export type StoredLetters = {
  letters: number;
  cases: number;
  consumers: { id: number; name: string }[];
  types: string[];
  /** Of the first event; each following one is `stepUs` later. */
  startUs: number;
  stepUs: number;
};

/**
 * Writes dead letters of the last week as if the bus and the keeper had: events with payloads, deliveries, attempts,
 * letters in their cases, and the cases with their counters. Letters are spread over the cases as failures are: few
 * cases have most of them.
 */
export async function storeLetters(
  { sql }: Database,
  { letters, cases, signal }: { letters: number; cases: number; signal: AbortSignal },
): Promise<StoredLetters> {
  const types = Array.from({ length: TYPES }, (_, n) => `shop.event.${n}`);
  const sources = Array.from({ length: SOURCES }, (_, n) => `/services/${n}`);
  const ids = await new NameCache(sql).ensure([
    ...types.map((name) => ({ field: "type" as const, name })),
    ...sources.map((name) => ({ field: "source" as const, name })),
  ]);
  const typeIds = types.map((name) => ids("type", name) ?? 0);
  const sourceIds = sources.map((name) => ids("source", name) ?? 0);
  const consumers = await makeConsumers(sql, Math.ceil(cases / TYPES / ERRORS));
  const consumerIds = consumers.map(({ id }) => id);
  const endUs = (Date.now() - 60_000) * 1000;
  const startUs = endUs - DAYS * DAY_US;
  const stepUs = Math.floor((DAYS * DAY_US) / letters);
  for (let day = 0; day <= DAYS; day += 1) {
    await sql`select ensure_event_partition(to_timestamp(${(startUs + day * DAY_US) / 1e6}::float8))`;
  }
  await sql`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, first_at, last_at)
    select 'bench-' || n, (${consumerIds}::int[])[n / ${TYPES * ERRORS} + 1], (${typeIds}::int[])[n / ${ERRORS} % ${TYPES} + 1],
      jsonb_build_object('kind', 'handler', 'name', 'Error', 'message', 'Step ' || chr(97 + n % ${ERRORS}) || ' failed for cus_<id>: the answer was <num>',
        'frames', jsonb_build_array('handle (src/consumer.ts)', 'charge (src/payments.ts)'), 'causes', '[]'::jsonb), '', now(), now()
    from generate_series(0, ${cases - 1}::int) n order by n`;
  for (let first = 0; first < letters; first += STATEMENT) {
    signal.throwIfAborted();
    const last = Math.min(letters, first + STATEMENT) - 1;
    await sql.begin(async (tx) => {
      // A third power of what is even: the first of 5,000 cases has 6 percent of all.
      await tx`
        create temporary table placed on commit drop as
        select n, (${startUs}::bigint + n::bigint * ${stepUs}::bigint) as position,
          floor(${cases}::float8 * power((hashint8(n)::bigint & 65535) / 65536.0, 3))::int as case_index
        from generate_series(${first}::int, ${last}::int) n`;
      await tx`
        create temporary table dying on commit drop as
        select p.*, c.id as case_id, c.subscription_id, c.type_id,
          'Step ' || chr(97 + case_index % ${ERRORS}) || ' failed for cus_' || md5(n::text) || ': the answer was ' || n as message
        from placed p join failure_cases c on c.fingerprint = 'bench-' || case_index`;
      await tx`
        insert into events (position, type_id, source_id, kind, shape, data_encoding, id, correlation_id, partition_key, data_text)
        select position, type_id, (${sourceIds}::int[])[n % ${SOURCES} + 1], 0, 10, 1, 'letter-' || n, 'flow-' || n / 4,
          'customer-' || n % 100000, '{"order":' || n || ',"customer":"customer-' || n % 100000 || '","currency":null,"lines":[{"sku":"AB-' || n % 977
            || '","quantity":' || n % 7 || ',"price":"' || n % 9973 || '.50"}],"address":{"street":"1 River Street","city":"Kyoto"},"note":"' || md5(n::text) || '"}'
        from dying order by position`;
      await tx`
        insert into deliveries (position, subscription_id, type_id, generation, status, attempts, started_at, duration_us, settled_at)
        select position, subscription_id, type_id, 0, 4, 1, to_timestamp(position / 1e6), 1000, to_timestamp(position / 1e6)
        from dying order by position`;
      await tx`
        insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome, error)
        select position, subscription_id, 0, 1, to_timestamp(position / 1e6), 1000, 1,
          jsonb_build_object('kind', 'handler', 'name', 'Error', 'message', message)
        from dying order by position`;
      await tx`
        insert into dead_letters (position, subscription_id, generation, number, case_id, type_id,
          source_id, event_id, partition_key, correlation_id, message, attempts, first_died_at, died_at)
        select position, subscription_id, 0, n + 1, case_id, type_id, (${sourceIds}::int[])[n % ${SOURCES} + 1],
          'letter-' || n, 'customer-' || n % 100000, 'flow-' || n / 4, message, 1, to_timestamp(position / 1e6),
          to_timestamp(position / 1e6)
        from dying order by position`;
      await tx`
        insert into unresolved_letters (position, subscription_id, number, case_id, status, counted_as, key)
        select position, subscription_id, n + 1, case_id, status, status,
          hashtextextended('customer-' || n % 100000, subscription_id)
        from dying cross join lateral (select case when n % 10 < 8 then 0 else 3 end::smallint as status) s
        where n % 10 <> 8 order by position`;
    });
  }
  await insertMissingKeys(sql);
  await countLetters(sql);
  await sql`select setval('event_positions', ${endUs}), setval('dead_letter_numbers', ${letters})`;
  return { letters, cases, consumers, types, startUs, stepUs };
}

async function makeConsumers(sql: Database["sql"], count: number) {
  const consumers: { id: number; name: string }[] = [];
  for (let n = 0; n < count; n += 1) {
    const name = `service-${n}`;
    const id = await sql.begin(async (tx) => insertIdleConsumer(tx, name));
    consumers.push({ id, name });
  }
  return consumers;
}

/** What the keeper would have counted. */
async function countLetters(sql: Database["sql"]): Promise<void> {
  await sql`
    update failure_cases c set deaths = l.deaths, parked = l.parked, resolved = l.resolved, discarded = l.discarded,
      first_at = l.first_at, last_at = l.last_at, message = l.message
    from (
      select case_id, count(*) as deaths, count(*) filter (where status = 0) as parked,
        count(*) filter (where status = 2) as resolved, count(*) filter (where status = 3) as discarded,
        min(died_at) as first_at, max(died_at) as last_at, max(message) as message
      from dead_letters_with_status group by case_id) l
    where c.id = l.case_id`;
  await sql`delete from failure_cases where deaths = 0`;
  await sql`
    insert into case_counts (case_id, since, deaths)
    select case_id, to_timestamp(floor(extract(epoch from died_at) / 300) * 300), count(*) from dead_letters group by 1, 2`;
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const before = new Date(hour - 2 * 3_600_000).toISOString();
  await sql.begin((tx) => foldCaseCounts(tx, { after: new Date(0).toISOString(), before }));
  await sql`vacuum analyze events, deliveries, attempts, dead_letters, unresolved_letters, letter_keys, failure_cases, case_counts, interned_names`;
}
