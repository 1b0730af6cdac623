import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pauseSubscription, resumeSubscription } from "./pause-subscription.ts";
import { putChannel } from "./put-channel.ts";
import { rewindSubscription } from "./rewind-subscription.ts";
import {
  bus,
  effectsOf,
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
