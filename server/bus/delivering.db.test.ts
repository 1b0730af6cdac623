import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { pauseSubscription, resumeSubscription } from "./pause-subscription.ts";
import { putChannel } from "./put-channel.ts";
import { rewindSubscription } from "./rewind-subscription.ts";
import { openTestBus, type TestBus, until } from "./testing/open-bus.ts";

let bus: TestBus;
beforeAll(async () => {
  bus = await openTestBus();
  await bus.sql`create table effects (
    at bigint generated always as identity, consumer text not null, id text not null, attempt integer not null)`;
  await bus.startBus();
});
afterAll(() => bus.close());

/** Registers a handler that writes its effect, after whatever `act` does. */
function register(
  consumer: string,
  act: (id: string, attempt: number, signal: AbortSignal) => unknown = () => {},
  transaction: "each" | "batch" = "each",
) {
  bus.handlers.register(consumer, {
    transaction,
    handle: async (event, { tx, attempt, signal }) => {
      await tx`insert into effects (consumer, id, attempt) values (${consumer}, ${event.id}, ${attempt})`;
      await act(event.id, attempt, signal);
    },
  });
}

const only = (type: string) => ({ filters: [{ exact: { type } }] });
const numbered = (type: string, count: number, rest = {}) =>
  Array.from({ length: count }, (_, index) => ({ id: `${type}-${index}`, type, ...rest }));

async function effectsOf(consumer: string): Promise<string[]> {
  const rows = await bus.sql<
    { id: string }[]
  >`select id from effects where consumer = ${consumer} order by at`;
  return rows.map(({ id }) => id);
}

async function standingOf(consumer: string) {
  const [row] = await bus.sql<
    {
      pending: number;
      succeeded: number;
      retrying: number;
      dead: number;
      attempts: number;
      generation: number;
    }[]
  >`
    select (count(*) filter (where status = 0))::int as pending, (count(*) filter (where status = 2))::int as succeeded,
      (count(*) filter (where status = 3))::int as retrying, (count(*) filter (where status = 4))::int as dead,
      coalesce(sum(d.attempts), 0)::int as attempts, coalesce(max(d.generation), 0) as generation
    from deliveries d join subscriptions s on s.id = subscription_id where consumer = ${consumer}`;
  if (!row) throw new Error("An aggregate gives a row.");
  return row;
}

const settles = (consumer: string, count: number) =>
  until(async () => {
    const { succeeded, dead } = await standingOf(consumer);
    return succeeded + dead === count;
  });

/** The sums are written with the deliveries, but for effects that a stretch under way has committed already. */
const endsStretches = () => until(async () => (await bus.sql`select from delivery_leases`).length === 0);

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
    await bus.subscribe("hanging", { ...only("hanging"), timeoutMs: 50 });
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
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(String(request.headers["nagare-attempt"]));
      if (seen.length === 1) setTimeout(() => response.writeHead(200).end(), 300);
      else response.writeHead(204).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const target = { kind: "http", url: `http://127.0.0.1:${port}/` } as const;
    await bus.subscribe("late-http", { ...only("late-http"), target, timeoutMs: 100 });
    await bus.append(numbered("late-http", 1));
    await settles("late-http", 1);
    expect(seen).toEqual(["1", "2"]);
    expect(await standingOf("late-http")).toMatchObject({ succeeded: 1, attempts: 2 });
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
});

describe("Channels", () => {
  test("give an event of a queue to one of its consumers, of a topic to every one", async () => {
    await bus.startBus();
    for (const kind of ["queue", "topic"] as const) {
      await putChannel(bus.ctx, kind, { kind, rules: [{ type: kind }], description: "" });
      for (const name of [`${kind}-a`, `${kind}-b`]) {
        register(name);
        await bus.subscribe(name, { channel: kind });
      }
      const ids = numbered(kind, 300);
      for (let from = 0; from < ids.length; from += 60) await bus.append(ids.slice(from, from + 60));
    }
    await settles("topic-a", 300);
    await settles("topic-b", 300);
    await until(async () => {
      const [a, b] = [await standingOf("queue-a"), await standingOf("queue-b")];
      return a.succeeded + b.succeeded === 300;
    });
    const taken = [...(await effectsOf("queue-a")), ...(await effectsOf("queue-b"))];
    expect(new Set(taken).size).toBe(300);
    expect(taken).toHaveLength(300);
  });

  test("hand what one consumer of a queue does not take to another that does", async () => {
    await putChannel(bus.ctx, "split", { kind: "queue", rules: [{ type: "split.*" }], description: "" });
    register("odd");
    register("even");
    await bus.subscribe("odd", { channel: "split", ...only("split.odd") });
    await bus.subscribe("even", { channel: "split", ...only("split.even") });
    await bus.append(
      Array.from({ length: 100 }, (_, index) => ({
        id: `split-${index}`,
        type: index % 2 === 0 ? "split.even" : "split.odd",
      })),
    );
    await settles("odd", 50);
    await settles("even", 50);
    expect((await effectsOf("odd")).every((id) => Number(id.split("-")[1]) % 2 === 1)).toBe(true);
  });

  test("keep the order of a key among the consumers of a queue", async () => {
    await putChannel(bus.ctx, "lanes", { kind: "queue", rules: [{ type: "lane" }], description: "" });
    const done: string[] = [];
    for (const name of ["lane-a", "lane-b"]) {
      register(name, (id, attempt) => {
        if (attempt === 1 && Number(id.split("-")[1]) % 7 === 0) throw new Error("Not yet.");
        done.push(id);
      });
      const retry = { retries: 5, baseMs: 60, factor: 1, capMs: 60, jitter: "none" } as const;
      await bus.subscribe(name, { channel: "lanes", ordering: "key", retry });
    }
    const events = numbered("lane", 60).map((one, index) => ({ ...one, partitionKey: `lane-${index % 3}` }));
    for (let from = 0; from < 60; from += 6) {
      await bus.append(events.slice(from, from + 6));
      await sleep(20);
    }
    await until(async () => {
      const [a, b] = [await standingOf("lane-a"), await standingOf("lane-b")];
      return a.succeeded + b.succeeded === 60;
    });
    for (const lane of [0, 1, 2]) {
      const numbers = done.map((id) => Number(id.split("-")[1])).filter((number) => number % 3 === lane);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });
});

describe("A subscription", () => {
  test("that is paused gets nothing, and everything once it is resumed", async () => {
    register("pausing");
    await bus.subscribe("pausing", only("pausing"));
    await bus.append(numbered("pausing", 5));
    await settles("pausing", 5);
    await pauseSubscription(bus.ctx, "pausing");
    await bus.subscribe("unrelated", only("unrelated")); // every worker reads the subscriptions anew
    await bus.append(numbered("pausing", 10).slice(5));
    register("unrelated");
    await bus.append(numbered("unrelated", 1));
    await settles("unrelated", 1);
    expect(await effectsOf("pausing")).toHaveLength(5);
    await resumeSubscription(bus.ctx, "pausing");
    await settles("pausing", 10);
    expect(await effectsOf("pausing")).toHaveLength(10);
  });

  test("that is rewound gets everything again in a new generation, and keeps its history", async () => {
    register("again", (id, attempt) => {
      if (id === "again-3" && attempt === 1) throw new Error("Not yet.");
    });
    await bus.subscribe("again", only("again"));
    const positions = await bus.append(numbered("again", 6));
    await settles("again", 6);
    const to = positions[1] ?? "";
    const dry = await rewindSubscription(bus.ctx, "again", { to, dryRun: true });
    expect(dry).toMatchObject({ redelivers: { count: 4, exact: true }, done: false });
    await rewindSubscription(bus.ctx, "again", { to, dryRun: false, confirm: dry.confirm });
    await until(async () => (await effectsOf("again")).length === 10);
    await settles("again", 6);
    const rows = await bus.sql<{ generation: number }[]>`
      select d.generation from deliveries d join subscriptions s on s.id = subscription_id
      where consumer = 'again' order by position`;
    expect(rows.map(({ generation }) => generation)).toEqual([0, 0, 1, 1, 1, 1]);
    const history = await bus.sql`
      select a.generation, attempt, outcome from attempts a join subscriptions s on s.id = subscription_id
      where consumer = 'again' and position = ${positions[3] ?? ""} order by 1, 2`;
    expect(history.map((one) => [one.generation, one.attempt, one.outcome])).toEqual([
      [0, 1, 1],
      [0, 2, 0],
      [1, 1, 1],
      [1, 2, 0],
    ]);
  });
});
