import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { kill, startProcess, undo, undoAll } from "../bus/testing/faults.ts";
import { openTestBus, until } from "../bus/testing/open-bus.ts";
import { replayInputSchema } from "../contract/replays.ts";
import { LetterKeeper, settleKeeper } from "../dead-letters/keep-letters.ts";
import { createReplay } from "./create-replay.ts";
import { getReplay } from "./get-replay.ts";
import { endedItems } from "./testing/ended-items.ts";
import { fillDeadLetters, isPoison, KEYS } from "./testing/replay-faults.ts";

const KILLS = 10;
const COUNTS = { keyed: 2_000, single: 5_000, plain: 3_000 };
const ALL = COUNTS.keyed + COUNTS.single + COUNTS.plain;
const LIMIT_MS = 400_000;

afterEach(undoAll);

test(
  "a replay of 10,000 whose workers are killed at ten points ends every item once, without doubling an effect",
  async () => {
    const { ctx, sql, database, countAttempts, close } = await openTestBus();
    undo.push(close);
    await ensureEventPartitions(sql);
    await fillDeadLetters(sql, COUNTS);
    await settleKeeper(new LetterKeeper(ctx));
    const start = () => startProcess("replays", database.options);
    const workers = Array.from({ length: 2 }, start);
    await Promise.all(workers);
    const input = replayInputSchema.parse({
      selection: { kind: "filter", filter: {} },
      options: { stop: null, concurrency: 1_000 },
      reason: "It is mended.",
    });
    const { id, totals } = await createReplay(ctx, input);
    expect(totals.itemCount).toBe(ALL);
    const ended = async () => (await getReplay(ctx, id)).totals.ended;
    for (let kills = 0; kills < KILLS; kills += 1) {
      const point = Math.floor(((kills + Math.random()) / (KILLS + 1)) * ALL);
      await until(async () => (await ended()) >= point, LIMIT_MS);
      await sleep(Math.random() * 50);
      // The next one starts while the other works.
      const [victim] = workers.splice(Math.floor(Math.random() * workers.length), 1);
      workers.push(start());
      if (victim) await kill(await victim);
    }
    await Promise.all(workers);
    await until(async () => (await getReplay(ctx, id)).status === "finished", LIMIT_MS);

    const poison = Array.from({ length: COUNTS.single }, (_, n) => n).filter(isPoison).length;
    expect((await getReplay(ctx, id)).totals).toMatchObject({
      succeeded: ALL - poison,
      "failed-same": poison,
      ended: ALL,
      inFlight: 0,
      left: 0,
    });
    const outcomes = await sql`
      select outcome, count(*)::int as items from (${endedItems(sql)}) i where replay_id = ${id}
      group by outcome order by outcome`;
    expect([...outcomes]).toEqual([
      { outcome: 0, items: ALL - poison },
      { outcome: 1, items: poison },
    ]);
    expect(await sql`select count(*)::int as items from open_items`).toEqual([{ items: 0 }]);
    // What an item says is what its delivery did, in the generation that the replay gave it.
    const [wrong] = await sql`
      select count(*)::int as items from (${endedItems(sql)}) i
      left join deliveries d on d.position = i.position and d.subscription_id = i.subscription_id
        and d.generation = i.generation
      where d.generation is distinct from 1 or d.status <> case i.outcome when 0 then 2 else 4 end`;
    expect(wrong).toEqual({ items: 0 });
    // What has its effect outside of the delivery's transaction may have it again, and has it once at least.
    const [effects] = await sql`
      select (count(*) filter (where consumer <> 'plain'))::int as effects,
        count(distinct (consumer, id))::int as events from effects`;
    expect(effects).toEqual({ effects: ALL - poison - COUNTS.plain, events: ALL - poison });
    // Also where the worker was killed between an effect and what is written of many together.
    await countAttempts();
    const counted = await sql`
      select consumer, sum(succeeded)::int as succeeded from processing_minutes join subscriptions on id = subscription_id
      where consumer <> 'plain' group by consumer order by consumer collate "C"`;
    expect([...counted]).toEqual([
      { consumer: "keyed", succeeded: COUNTS.keyed },
      { consumer: "single", succeeded: COUNTS.single - poison },
    ]);
    const overtaken = await sql`
      select id from (
        select id::int, lag(id::int) over (partition by id::int % ${KEYS} order by at) as before
        from effects where consumer = 'keyed'
      ) ordered where before > id`;
    expect([...overtaken]).toEqual([]);
  },
  LIMIT_MS,
);

test("effects that stand when a worker is killed before the rest of them is written are counted once, and have succeeded", async () => {
  const { ctx, sql, database, countAttempts, close } = await openTestBus();
  undo.push(close);
  await ensureEventPartitions(sql);
  await fillDeadLetters(sql, { keyed: 0, single: 100, plain: 0 });
  await settleKeeper(new LetterKeeper(ctx));
  const worker = await startProcess("replays", database.options);
  const input = replayInputSchema.parse({
    selection: { kind: "filter", filter: {} },
    options: { stop: null },
    reason: "It is mended.",
  });
  const listHandled = () => sql`
    select from deliveries d where status = 2 and generation = 1 and not exists (
      select from open_items o where o.position = d.position) and not exists (
      select from (${endedItems(sql)}) e where e.position = d.position)`;
  const id = await sql.begin(async (holding) => {
    // With the ends of deliveries, their attempts are written down.
    await holding`lock table processing_tallies in share mode`;
    const replay = await createReplay(ctx, input);
    await until(async () => (await listHandled()).length > 0);
    await kill(worker);
    return replay.id;
  });
  expect((await listHandled()).length).toBeGreaterThan(0);
  await startProcess("replays", database.options);
  await until(async () => (await getReplay(ctx, id)).status === "finished");
  await countAttempts();
  expect((await getReplay(ctx, id)).totals).toMatchObject({ succeeded: 98, "failed-same": 2, inFlight: 0 });
  expect(await sql`select count(*)::int as all, count(distinct id)::int as each from effects`).toEqual([
    { all: 98, each: 98 },
  ]);
  expect(await sql`select sum(succeeded)::int as succeeded from processing_minutes`).toEqual([
    { succeeded: 98 },
  ]);
});
