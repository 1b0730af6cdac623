import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nextDueMs } from "#drizzle/queries/due-deliveries.ts";
import { listSubscriptions } from "#drizzle/queries/subscriptions.ts";
import type { BusContext } from "./bus-context.ts";
import { Doorbell } from "./doorbell.ts";
import { toSubscription } from "./subscription.ts";
import type { SubscriptionRunner } from "./subscription-runner.ts";
import { bus, numbered, only, openEffects, register, settles } from "./testing/effects.ts";
import { until } from "./testing/open-bus.ts";

const CONSUMERS = ["idle-a", "idle-b", "idle-c", "idle-d", "idle-e"];

beforeAll(async () => {
  await openEffects();
  await bus.startBus();
  for (const consumer of CONSUMERS) {
    register(consumer);
    await bus.subscribe(consumer, only(consumer));
    await bus.append(numbered(consumer, 1));
    await settles(consumer, 1);
  }
});
afterAll(() => bus.close());

test("a consumer without work asks the database a few times a second", async () => {
  const [row] = await listSubscriptions(bus.sql);
  await until(async () => (await nextDueMs(bus.sql, row?.id ?? 0)) === null);
  const before = await countTransactions();
  await sleep(3_000);
  expect((await countTransactions()) - before).toBeLessThan(600);
});

test("an event wakes only the consumers that it is for", async () => {
  const woken: string[] = [];
  // The doorbell needs no more of a runner than this.
  const runners = (await listSubscriptions(bus.sql)).map(
    (row) =>
      ({
        subscription: toSubscription(row),
        nudge: () => void woken.push(row.consumer),
      }) as unknown as SubscriptionRunner,
  );
  const { sql, names } = bus.ctx;
  // Nor of the bus.
  const context = { sql, names, channelsOf: () => [], peersOf: () => [] } as unknown as BusContext;
  const doorbell = new Doorbell(context, () => runners);
  doorbell.ring();
  await until(() => woken.length > 0);
  expect(woken.toSorted()).toEqual(CONSUMERS);

  woken.length = 0;
  await bus.append(numbered("idle-c", 3).map((one) => ({ ...one, id: `again-${one.id}` })));
  await settles("idle-c", 4);
  doorbell.ring();
  await until(() => woken.length > 0);
  expect(woken).toEqual(["idle-c"]);
});

async function countTransactions(): Promise<number> {
  const [row] = await bus.sql<{ commits: number }[]>`
    select xact_commit::int as commits from pg_stat_database where datname = current_database()`;
  return row?.commits ?? 0;
}
