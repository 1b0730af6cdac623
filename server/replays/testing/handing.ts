import { handedItems } from "#drizzle/queries/handed-stretches.ts";
import { planByKey } from "#drizzle/queries/replay-advancing.ts";
import { startItems } from "#drizzle/queries/replay-starting.ts";
import { insertReplay, insertReplayItems, linkItems } from "#drizzle/queries/replay-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { parkStored } from "#drizzle/testing/letters.ts";
import { endedItems } from "./ended-items.ts";

export const LETTERS = 6;
export const START_US = 1_700_000_000_000_000;
export const WORKER = "11111111-1111-4111-8111-111111111111";
export const OTHER = "22222222-2222-4222-8222-222222222222";

/** The database of the present test file, with a consumer and its failure case; `openHanding` makes it. */
export let database: TestDatabase;
/** Of all letters, of the present test. */
export let replay = 0;

export async function openHanding(): Promise<void> {
  database = await createTestDatabase();
  const { sql } = database;
  await sql`select ensure_event_partition(to_timestamp(${START_US / 1e6}::float8))`;
  await sql`insert into delivery_cursors (position, reached) values (0, 0)`;
  await sql`
    insert into subscriptions (consumer, cursor_id, target, ordering, on_dead, concurrency, retry, timeout_ms)
    values ('mailer', 1, '{"kind": "handler", "name": "h"}', 'none', 'continue', 1, '{}', 1000)`;
  await sql`
    insert into failure_cases (fingerprint, subscription_id, type_id, error, message, first_at, last_at)
    values ('case', 1, 1, '{}', 'Failed', now(), now())`;
}

/** Lets there be dead letters, and a replay of them. */
export async function parkLetters(letters = LETTERS): Promise<void> {
  const { sql } = database;
  await sql`truncate replays, replay_parts, ended_items, ended_rounds, open_items, handed_stretches, ended_counts, deliveries, dead_letters, unresolved_letters,
    case_moves, uncounted_attempts`;
  await sql`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
    select ${START_US}::bigint + n, 1, 1, 0, 4, 1 from generate_series(1, ${letters}::int) n`;
  await sql`
    insert into dead_letters (position, subscription_id, generation, number, case_id, type_id, source_id,
      event_id, message, attempts, first_died_at, died_at)
    select position, 1, 0, position, 1, 1, 1, position::text, 'Failed', 1, now(), now() from deliveries`;
  await parkStored(sql);
  replay = await freeze();
}

export function freeze(): Promise<number> {
  return database.sql.begin(async (tx) => {
    const id = await insertReplay(tx, {
      reason: "It is mended.",
      view: null,
      actor: "test",
      ruleId: null,
      selection: {},
      cutOff: "0",
      newer: 0,
      delivery: { retries: "none" },
      status: "running",
      run: {},
    });
    await insertReplayItems(tx, id, { where: tx`l.number > 0`, isListed: true, to: "consumer" }, []);
    await linkItems(tx, id);
    return id;
  });
}

/** Hands over as many as that. */
export function start(id = replay, limit = LETTERS, leaseMs = 30_000) {
  return database.sql.begin(async (tx) => {
    await planByKey(tx);
    return startItems(tx, id, {
      limit,
      attemptLimit: 1,
      handledAfterUs: null,
      isEdited: false,
      claim: { worker: WORKER, leaseMs, rooms: [{ subscriptionId: 1, room: limit, isHandedOver: true }] },
    });
  });
}

export type Started = Awaited<ReturnType<typeof start>>;

export function successesOf({ claimed }: Started) {
  return claimed.flatMap(({ handed, position, generation }) =>
    handed ? [{ ...handed, position, generation, startedAtUs: START_US, durationUs: 5 }] : [],
  );
}

/** How many deliveries, letters, open and ended items there are of each status. */
export async function standing() {
  const [row] = await database.sql`
    select (select jsonb_object_agg(status, n) from (
        select status, count(*) as n from deliveries group by status) d) as deliveries,
      (select jsonb_object_agg(status, n) from (
        select status, count(*) as n from dead_letters_with_status group by status) l) as letters,
      (select count(*)::int from ${handedItems(database.sql, database.sql`handed_stretches`)} h where not exists (
        select from (${endedItems(database.sql)}) e where e.replay_id = h.replay_id and e.seq = h.seq) and not exists (
        select from open_items o where o.replay_id = h.replay_id and o.seq = h.seq)) as handed,
      (select count(*)::int from open_items) as open,
      (select count(*)::int from (${endedItems(database.sql)}) e where outcome = 0 and generation = 1) as succeeded`;
  return row;
}
