import { afterAll, beforeAll, expect, test } from "vitest";
import { settleHanded } from "#drizzle/queries/handed-settling.ts";
import { listLetterReplays } from "#drizzle/queries/letter-history.ts";
import { ITEM_OUTCOME, ITEM_STATE } from "#drizzle/queries/open-items.ts";
import { hasEnded, itemsAfter } from "#drizzle/queries/replay-parts.ts";
import { listReplayItems } from "#drizzle/queries/replay-reading.ts";
import { endedItems } from "./testing/ended-items.ts";
import {
  database,
  openHanding,
  parkLetters,
  replay,
  START_US,
  start,
  successesOf,
  WORKER,
} from "./testing/handing.ts";

/** Of four parts, the last one with fewer. */
const ITEMS = 1_000;
/** So many of them end together, again and again. */
const TOGETHER = [1, 120, 15, 16, 3, 250, 40];

beforeAll(async () => {
  await openHanding();
  await parkLetters(ITEMS);
});
afterAll(() => database.drop());

test("items that ended together, and one by one, are found as such", async () => {
  const { sql } = database;
  const handed = successesOf(await start(replay, 900));
  // Not in order, and every tenth one stays in flight.
  const ending = handed
    .map((item, place) => ({ item, place: (place * 7_919) % handed.length }))
    .toSorted((one, other) => one.place - other.place)
    .flatMap(({ item, place }) => (place % 10 === 0 ? [] : [{ ...item, durationUs: place }]));
  for (let first = 0, turn = 0; first < ending.length; turn += 1) {
    const some = ending.slice(first, first + (TOGETHER[turn % TOGETHER.length] ?? 1));
    const written = await sql.begin((tx) =>
      settleHanded(tx, { subscriptionId: 1, worker: WORKER, successes: some, waits: "briefly" }),
    );
    expect(written.size).toBe(some.length);
    first += some.length;
  }
  const [stored] = await sql`
    select (select count(*)::int from ended_items) as alone, (select sum(cardinality(seqs))::int from ended_rounds) as together`;
  expect(stored?.alone).toBeGreaterThan(0);
  expect(stored?.together).toBeGreaterThan(stored?.alone);

  const wanted = ending.toSorted((one, other) => one.seq - other.seq);
  const all = await sql`
    select seq, position, generation, (extract(epoch from ended_at) * 1e6)::bigint - ${START_US}::bigint as after_us
    from (${endedItems(sql)}) e order by seq`;
  expect([...all]).toEqual(
    wanted.map(({ seq, position, generation, durationUs }) => ({
      seq,
      position,
      generation,
      after_us: String(durationUs),
    })),
  );
  const known = await sql`
    select i.seq from ${itemsAfter(sql, replay, sql`0`)} i where ${hasEnded(sql, sql`i.replay_id`, sql`i.seq`)} order by seq`;
  expect(known.map(({ seq }) => seq)).toEqual(wanted.map(({ seq }) => seq));

  for (const limit of [7, 100]) {
    const seqs: number[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const filter = { outcome: ITEM_OUTCOME.succeeded };
      const page = await listReplayItems(sql, replay, { filter, after, limit });
      seqs.push(...page.map(({ seq }) => seq));
      after = page.at(-1)?.seq;
    }
    expect(seqs).toEqual(wanted.map(({ seq }) => seq));
  }
  const flying = await listReplayItems(sql, replay, {
    filter: { state: ITEM_STATE.inFlight },
    after: 0,
    limit: ITEMS,
  });
  expect(flying).toHaveLength(handed.length - ending.length);
  for (const { position, seq } of [...wanted.slice(0, 3), ...wanted.slice(-3)]) {
    const [found] = await listLetterReplays(sql, { position, subscription_id: 1 });
    expect(found).toMatchObject({
      replay_id: replay,
      state: ITEM_STATE.ended,
      outcome: ITEM_OUTCOME.succeeded,
    });
    const [item] = await listReplayItems(sql, replay, { filter: null, after: seq - 1, limit: 1 });
    expect(item).toMatchObject({ seq, outcome: ITEM_OUTCOME.succeeded, ended_at: found?.ended_at });
  }
});
