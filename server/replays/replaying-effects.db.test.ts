import { afterAll, beforeAll, expect, test } from "vitest";
import { writeLostHanded } from "#drizzle/queries/replay-handing.ts";
import {
  bus,
  effectsOf,
  numbered,
  only,
  openEffects,
  register,
  settles,
  worker,
} from "../bus/testing/effects.ts";
import { until } from "../bus/testing/open-bus.ts";
import { replayInputSchema } from "../contract/replays.ts";
import { LetterKeeper, settleKeeper } from "../dead-letters/keep-letters.ts";
import { NonRetryableError } from "../domain/retry-policy.ts";
import { createReplay } from "./create-replay.ts";
import { getReplay } from "./get-replay.ts";
import { runReplays } from "./run-replays.ts";

/** That the first step of a replay starts. */
const EVENTS = 100;
const stop = new AbortController();
let running = Promise.resolve();

beforeAll(async () => {
  await openEffects();
  running = runReplays({ ...bus.ctx, bus: worker }, stop.signal);
  // Each delivery that was claimed, and each attempt that was not counted with others.
  await bus.sql`create table alone (consumer text, what text, position bigint)`;
  await bus.sql`
    create function note_claim() returns trigger language plpgsql as $$ begin
      insert into alone select consumer, 'claimed', new.position from subscriptions where id = new.subscription_id;
      return null;
    end $$`;
  await bus.sql`
    create function note_uncounted() returns trigger language plpgsql as $$ begin
      insert into alone select consumer, 'counted', null from subscriptions where id = new.subscription_id;
      return null;
    end $$`;
  await bus.sql`
    create trigger noting after update on deliveries for each row when (new.status = 1) execute function note_claim()`;
  await bus.sql`
    create trigger noting after insert on uncounted_attempts for each row execute function note_uncounted()`;
});
afterAll(async () => {
  stop.abort();
  await running;
  await bus.close();
});

/** Lets all events of a consumer die, and replays them, each to `act` in the transaction of its effect. */
async function replay(
  consumer: string,
  act: (id: string, replayId: number) => unknown,
  transaction: "each" | "batch" = "each",
) {
  let replayId: Promise<number> | null = null;
  const handle = async (id: string) => {
    if (replayId === null) throw new NonRetryableError("Not yet.");
    await act(id, await replayId);
  };
  register(consumer, handle, transaction);
  await bus.subscribe(consumer, { ...only(consumer), concurrency: EVENTS });
  await bus.append(numbered(consumer, EVENTS));
  await settles(consumer, EVENTS);
  const keeper = new LetterKeeper(bus.ctx);
  await settleKeeper(keeper);
  const input = replayInputSchema.parse({
    selection: { kind: "filter", filter: { consumer: [consumer] } },
    options: { stop: null, retries: "none" },
    reason: "It is mended.",
  });
  replayId = createReplay(bus.ctx, input).then(({ id }) => id);
  const id = await replayId;
  await until(async () => {
    await keeper.keepOnce();
    return (await getReplay(bus.ctx, id)).status === "finished";
  });
  await bus.countAttempts();
  return (await getReplay(bus.ctx, id)).totals;
}

/** What a consumer's deliveries, letters and attempts say, and what was written of single ones. */
async function standingOf(consumer: string) {
  const id = bus.sql`(select id from subscriptions where consumer = ${consumer})`;
  const [row] = await bus.sql`
    select (select jsonb_object_agg(status, n) from (
        select status, count(*) as n from deliveries where subscription_id = ${id} group by status) d) as deliveries,
      (select jsonb_object_agg(status, n) from (
        select status, count(*) as n from dead_letters_with_status where subscription_id = ${id} group by status) l) as letters,
      (select jsonb_build_array(sum(succeeded), sum(failed)) from processing_minutes where subscription_id = ${id}) as counts,
      (select count(*)::int from alone where consumer = ${consumer} and what = 'claimed') as claimed,
      (select count(*)::int from alone where consumer = ${consumer} and what = 'counted') as uncounted,
      (select count(*)::int from open_items) + (select count(*)::int from handed_stretches) as left`;
  return row;
}

const deliveryOf = (id: string) => bus.sql`position in (select position from events where id = ${id})`;

test.each(["each", "batch"] as const)(
  "items go to a handler with a transaction (%s) without being claimed, and each effect stands once",
  async (transaction) => {
    const consumer = `of-${transaction}`;
    const bad = `${consumer}-7`;
    const act = (id: string) => {
      if (id === bad) throw new NonRetryableError("Still not.");
    };
    const totals = await replay(consumer, act, transaction);
    expect(totals).toMatchObject({ succeeded: EVENTS - 1, ended: EVENTS, inFlight: 0 });
    const wanted = numbered(consumer, EVENTS).flatMap(({ id }) => (id === bad ? [] : [id]));
    expect((await effectsOf(consumer)).toSorted()).toEqual(wanted.toSorted());
    expect(await standingOf(consumer)).toEqual({
      deliveries: { 2: EVENTS - 1, 4: 1 },
      letters: { 0: 1, 2: EVENTS - 1 },
      counts: [EVENTS - 1, EVENTS + 1],
      claimed: 1,
      uncounted: 0,
      left: 0,
    });
  },
);

test("a letter that somebody holds keeps no item but its own from ending", async () => {
  let holding = Promise.resolve();
  const totals = await replay("held", async (id, replayId) => {
    if (id !== "held-3") return;
    const { promise: isHeld, resolve: tellHeld } = Promise.withResolvers<void>();
    holding = bus.sql.begin(async (tx) => {
      await tx`select from unresolved_letters where ${deliveryOf(id)} for update`;
      tellHeld();
      await until(async () => (await getReplay(bus.ctx, replayId)).totals.ended === EVENTS - 1);
    });
    await isHeld;
  });
  await holding;
  expect(totals).toMatchObject({ succeeded: EVENTS, ended: EVENTS });
  expect(new Set(await effectsOf("held")).size).toBe(EVENTS);
  expect(await effectsOf("held")).toHaveLength(EVENTS);
  expect(await standingOf("held")).toEqual({
    deliveries: { 2: EVENTS },
    letters: { 2: EVENTS },
    counts: [EVENTS, EVENTS],
    claimed: 0,
    uncounted: 0,
    left: 0,
  });
});

test("the effect of an item that was rewound meanwhile is taken back", async () => {
  const rewound = "rewound-3";
  const totals = await replay("rewound", async (id) => {
    if (id !== rewound) return;
    await bus.sql`update deliveries set generation = 9, status = 2 where ${deliveryOf(id)}`;
  });
  expect(totals).toMatchObject({ succeeded: EVENTS, ended: EVENTS });
  const effects = await effectsOf("rewound");
  expect(effects).not.toContain(rewound);
  expect(new Set(effects).size).toBe(EVENTS - 1);
  expect(effects).toHaveLength(EVENTS - 1);
  expect(await standingOf("rewound")).toMatchObject({
    letters: { 2: EVENTS },
    counts: [EVENTS - 1, EVENTS],
    left: 0,
  });
});

test("the effect of an item whose stretch was taken away stands as that of a claimed one, or not at all", async () => {
  const [last, other] = ["lost-98", "lost-99"];
  let isLost = false;
  const totals = await replay("lost", async (id, replayId) => {
    if (id === last) {
      // It is left for later while the effect of another item is just being committed.
      await until(async () => {
        await bus.sql.begin((tx) => writeLostHanded(tx, replayId, 0));
        return (await bus.sql`select from deliveries where ${deliveryOf(other)} and status = 1`).length > 0;
      });
      isLost = true;
    }
    if (id !== other) return;
    await until(() => isLost);
    // Another worker has it, and has ended it.
    await bus.sql`
      update deliveries set status = 2, attempts = 2, lease_until = null, worker = gen_random_uuid(), settled_at = now()
      where ${deliveryOf(id)} and status = 1`;
  });
  expect(totals).toMatchObject({ succeeded: EVENTS, ended: EVENTS });
  const effects = await effectsOf("lost");
  expect(effects).toHaveLength(EVENTS - 1);
  expect(new Set(effects).size).toBe(EVENTS - 1);
  expect(effects).toContain(last);
  expect(effects).not.toContain(other);
  expect(await standingOf("lost")).toMatchObject({
    letters: { 2: EVENTS },
    counts: [EVENTS - 1, EVENTS],
    left: 0,
  });
});
