import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import {
  bus,
  effectsOf,
  endsStretches,
  numbered,
  only,
  openEffects,
  register,
  settles,
  standingOf,
} from "./testing/effects.ts";
import { until } from "./testing/open-bus.ts";

beforeAll(openEffects);
afterAll(() => bus.close());

describe("A delivery", () => {
  test("that fails is tried again, as often as the policy says, and then it is dead", async () => {
    register("mixed", (id, attempt) => {
      const number = Number(id.split("-")[1]);
      if (number % 3 === 1 && attempt <= 2) throw new Error(`Attempt ${attempt} fails.`);
      if (number % 3 === 2) throw new Error("It always fails.");
      if (number === 0) throw new NonRetryableError("No use.");
    });
    await bus.subscribe("mixed", { ...only("mixed"), retry: { retries: 2, baseMs: 1, factor: 1, capMs: 1 } });
    await bus.append(numbered("mixed", 9));
    await settles("mixed", 9);
    // 0 is dead at once; 1, 4, 7 succeed with the third attempt; 2, 5, 8 use up all three.
    expect(await standingOf("mixed")).toMatchObject({ succeeded: 5, dead: 4, attempts: 1 + 2 + 9 + 9 });
    expect((await effectsOf("mixed")).toSorted()).toEqual([
      "mixed-1",
      "mixed-3",
      "mixed-4",
      "mixed-6",
      "mixed-7",
    ]);
    await endsStretches();
    const [sums] = await bus.sql`
      select sum(succeeded)::int as succeeded, sum(failed)::int as failed, sum(retried)::int as retried,
        sum(dead)::int as dead, sum(duplicates)::int as duplicates
      from processing_minutes join subscriptions on id = subscription_id where consumer = 'mixed'`;
    expect(sums).toEqual({ succeeded: 5, failed: 1 + 6 + 9, retried: 6 + 6, dead: 4, duplicates: 0 });
    const [bins] = await bus.sql`
      select (sum(count) filter (where measure = 0))::int as processing,
        (sum(count) filter (where measure = 1))::int as critical
      from processing_bins join subscriptions on id = subscription_id where consumer = 'mixed'`;
    expect(bins).toEqual({ processing: 21, critical: 5 });
  });

  test("whose effect was committed without an answer has succeeded once, in its row, its history and the sums", async () => {
    const { sql } = bus;
    const begin = sql.begin.bind(sql) as (work: (tx: unknown) => Promise<unknown>) => Promise<unknown>; // the form that the bus uses
    let isAnswerLost = false;
    const losing = vi.spyOn(sql, "begin").mockImplementation((async (work: Parameters<typeof begin>[0]) => {
      const result = await begin(work);
      if (!isAnswerLost) return result;
      isAnswerLost = false;
      throw new Error("The connection was lost.");
    }) as typeof sql.begin);
    register("unanswered", (id) => {
      isAnswerLost = id === "unanswered-1";
    });
    await bus.subscribe("unanswered", { ...only("unanswered"), concurrency: 1 });
    await bus.append(numbered("unanswered", 3));
    await settles("unanswered", 3);
    await endsStretches();
    losing.mockRestore();
    expect(await standingOf("unanswered")).toMatchObject({ succeeded: 3, dead: 0, attempts: 3 });
    expect(await effectsOf("unanswered")).toEqual(["unanswered-0", "unanswered-1", "unanswered-2"]);
    const [sums] = await sql`
      select sum(succeeded)::int as succeeded, sum(failed)::int as failed,
        (select count(*)::int from attempts a where a.subscription_id = s.id) as history
      from processing_minutes join subscriptions s on s.id = subscription_id
      where consumer = 'unanswered' group by s.id`;
    expect(sums).toEqual({ succeeded: 3, failed: 0, history: 0 });
  });

  test("waits for its next attempt as long as the policy says", async () => {
    const times: number[] = [];
    register("backing-off", () => {
      times.push(performance.now());
      throw new Error("Not now.");
    });
    const retry = { retries: 3, baseMs: 100, factor: 2, capMs: 10_000, jitter: "none" } as const;
    await bus.subscribe("backing-off", { ...only("backing-off"), retry });
    await bus.append(numbered("backing-off", 1));
    await settles("backing-off", 1);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(gaps).toHaveLength(3);
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(100 * 2 ** index - 5);
  });

  test("that hangs has failed by timeout, and what it writes afterwards never takes effect", async () => {
    const late = Promise.withResolvers<void>();
    register("hanging", async (_id, attempt) => {
      if (attempt === 1) await late.promise;
    });
    await bus.subscribe("hanging", { ...only("hanging"), timeoutMs: 1_000 });
    await bus.append(numbered("hanging", 1));
    await settles("hanging", 1);
    late.resolve();
    await sleep(50);
    expect(await effectsOf("hanging")).toEqual(["hanging-0"]);
    const rows = await bus.sql`
      select outcome from attempts a join subscriptions on id = subscription_id where consumer = 'hanging'
      order by attempt`;
    expect(rows.map(({ outcome }) => outcome)).toEqual([2, 0]);
  });

  test("to an HTTP consumer that answers after the timeout is tried again", async () => {
    const seen: number[] = [];
    const server = createServer((request, response) => {
      seen.push(Number(request.headers["nagare-attempt"]));
      if (seen.length === 1) setTimeout(() => response.writeHead(200).end(), 2_000);
      else response.writeHead(204).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const target = { kind: "http", url: `http://127.0.0.1:${port}/` } as const;
    await bus.subscribe("late-http", { ...only("late-http"), target, timeoutMs: 1_000 });
    await bus.append(numbered("late-http", 1));
    await settles("late-http", 1);
    const [first = 0, second = 0] = seen;
    expect(second).toBeGreaterThan(first);
    expect(await standingOf("late-http")).toMatchObject({ succeeded: 1, attempts: seen.at(-1) });
    server.close();
    server.closeAllConnections();
  });

  test("of a slow consumer delays no other one", async () => {
    const held = Promise.withResolvers<void>();
    register("stuck", () => held.promise);
    register("swift");
    await bus.subscribe("stuck", { ...only("side-by-side"), concurrency: 1 });
    await bus.subscribe("swift", only("side-by-side"));
    await bus.append(numbered("side-by-side", 50));
    await settles("swift", 50);
    expect(await standingOf("stuck")).toMatchObject({ succeeded: 0 });
    held.resolve();
    await settles("stuck", 50);
  });
});

describe("The order of a key", () => {
  test("holds whatever fails, with effects once, for any mix of keys and failures", async () => {
    let run = 0;
    const failures = fc.array(fc.record({ key: fc.nat({ max: 3 }), fails: fc.nat({ max: 2 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(failures, async (events) => {
        const consumer = `ordered-${++run}`;
        const given = events.map(({ key }, index) => ({
          id: `${consumer}-${index}`,
          type: consumer,
          partitionKey: `key-${key}`,
        }));
        register(consumer, (id, attempt) => {
          const fails = events[Number(id.split("-").at(-1))]?.fails ?? 0;
          if (attempt <= fails) throw new Error("Not yet.");
        });
        await bus.subscribe(consumer, { ...only(consumer), ordering: "key" });
        const half = Math.ceil(given.length / 2);
        await bus.append(given.slice(0, half));
        if (half < given.length) await bus.append(given.slice(half));
        await settles(consumer, given.length);
        const effects = await effectsOf(consumer);
        expect(effects.toSorted()).toEqual(given.map(({ id }) => id).toSorted());
        for (const key of ["key-0", "key-1", "key-2", "key-3"]) {
          const ofKey = given.filter(({ partitionKey }) => partitionKey === key).map(({ id }) => id);
          expect(effects.filter((id) => ofKey.includes(id))).toEqual(ofKey);
        }
        bus.handlers.unregister(consumer);
        await bus.sql`update subscriptions set deleted_at = now() where consumer = ${consumer}`;
      }),
      { numRuns: 8 },
    );
  });

  test.each([
    ["block", { succeeded: 3, dead: 1, pending: 2 }, ["0", "3", "4"]],
    ["continue", { succeeded: 5, dead: 1, pending: 0 }, ["0", "2", "3", "4", "5"]],
  ] as const)("after a dead letter: %s", async (onDead, standing, effects) => {
    const consumer = `dead-${onDead}`;
    register(consumer, (id) => {
      if (id.endsWith("-1")) throw new NonRetryableError("It can't be handled.");
    });
    await bus.subscribe(consumer, { ...only(consumer), ordering: "key", onDead });
    const keys = ["a", "a", "a", "b", "b", "a"];
    await bus.append(
      numbered(consumer, 6).map((one, index) => ({ ...one, partitionKey: keys[index] ?? "" })),
    );
    await until(async () => {
      const { succeeded, dead, pending } = await standingOf(consumer);
      return succeeded + dead + pending === 6 && succeeded === standing.succeeded;
    });
    expect(await standingOf(consumer)).toMatchObject(standing);
    const ids = (await effectsOf(consumer)).map((id) => id.split("-").at(-1) ?? "");
    expect(ids.toSorted()).toEqual(effects);
  });

  test("holds for what waited while the consumer was down, with as many keys and as deep as may be", async () => {
    let isDown = true;
    register("down", () => {
      if (isDown) throw new Error("Not now.");
    });
    const retry = { retries: 100, baseMs: 20, factor: 1, capMs: 20, jitter: "none" } as const;
    await bus.subscribe("down", { ...only("down"), ordering: "key", concurrency: 4, retry });
    const given = numbered("down", 900).map((one, index) => ({
      ...one,
      // Every third belongs to one deep key.
      partitionKey: index % 3 === 0 ? "deep" : `key-${index % 100}`,
    }));
    await bus.append(given);
    await until(async () => {
      const { pending, retrying } = await standingOf("down");
      return pending + retrying > 600;
    });
    isDown = false;
    await settles("down", given.length);
    const effects = await effectsOf("down");
    expect(effects.toSorted()).toEqual(given.map(({ id }) => id).toSorted());
    const keyOf = new Map(given.map(({ id, partitionKey }) => [id, partitionKey]));
    for (const [key, ids] of Map.groupBy(effects, (id) => keyOf.get(id))) {
      expect(ids).toEqual(given.filter(({ partitionKey }) => partitionKey === key).map(({ id }) => id));
    }
  });

  test("lets a key go on that was freed by hand, however many others stand still", async () => {
    register("freed", (id) => {
      if (Number(id.split("-")[1]) < 600) throw new NonRetryableError("It can't be handled.");
    });
    await bus.subscribe("freed", { ...only("freed"), ordering: "key" });
    await bus.append(
      numbered("freed", 1_200).map((one, index) => ({ ...one, partitionKey: `key-${index % 600}` })),
    );
    await until(async () => {
      const { dead, pending } = await standingOf("freed");
      return dead === 600 && pending === 600;
    });
    await bus.sql`
      update deliveries set status = 5, ordering_key = null
      where ordering_key = 'key-599' and status = 4
        and subscription_id = (select id from subscriptions where consumer = 'freed')`;
    await until(async () => (await effectsOf("freed")).length > 0);
    expect(await effectsOf("freed")).toEqual(["freed-1199"]);
  });
});
