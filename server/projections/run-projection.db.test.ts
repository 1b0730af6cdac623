import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { appendTestEvents, openTestAppend, type TestEvent } from "#drizzle/testing/events.ts";
import { openTestStreams, type TestStreams } from "#server/streams/testing/open-streams.ts";
import { pauseProjection, rebuildProjection, resumeProjection } from "./change-projection.ts";
import { describeProjection } from "./list-projections.ts";
import { defineProjection, type Projection } from "./projection.ts";
import { runProjection } from "./run-projection.ts";

let store: TestStreams;
let count = 0;
let name: string;
/** Called before the effect of each event; a test may throw here, or worse. */
let interfere: (id: string) => Promise<void>;
beforeAll(async () => {
  store = await openTestStreams();
});
beforeEach(async () => {
  count += 1;
  name = `tally-${count}`;
  interfere = async () => {};
  await store.sql`
    create table ${store.sql(table())}
      (generation integer, subject text, events integer, ids text[], primary key (generation, subject))`;
});
afterAll(() => store.close());

const table = () => `tallies_${count}`;

/** Counts the events of a subject, each test those of its own. */
function tally(version = 1): Projection {
  const type = `${name}.happened`;
  return defineProjection({
    name,
    version,
    types: [`${name}.*`],
    aggregateType: "order",
    tables: [table()],
    apply: async (tx, { event }, generation) => {
      const effect = version === 1 ? 1 : 10;
      await tx`
        insert into ${tx(table())} as old values (${generation}, ${type}, ${effect}, ${[event.id]}::text[])
        on conflict (generation, subject) do update
          set events = old.events + excluded.events, ids = old.ids || excluded.ids`;
      await interfere(event.id);
    },
  });
}

const happened = (...ids: string[]): TestEvent[] => ids.map((id) => ({ id, type: `${name}.happened` }));
const send = (...ids: string[]) => appendTestEvents(store.sql, happened(...ids));
const ids = (length: number, prefix = "e") => Array.from({ length }, (_, at) => `${prefix}${at}`);

async function tallied(generation = 1) {
  const [row] = await store.sql`
    select events, ids from ${store.sql(table())} where generation = ${generation} and subject = ${`${name}.happened`}`;
  return { events: row?.events ?? 0, ids: row?.ids ?? [] };
}

async function runAll(projection: Projection) {
  while (await runProjection(store.ctx, projection));
}

const retryNow = () => store.sql`update projection_generations set retry_at = now() where name = ${name}`;
const describeIt = (projection: Projection) => describeProjection(store.ctx, projection);

describe("a read model", () => {
  test("takes every event of its types once, in order, over many stretches and in several processes", async () => {
    const projection = tally();
    const sent = ids(1_200);
    await appendTestEvents(store.sql, [...happened(...sent), { type: "else.happened" }]);
    await Promise.all([runAll(projection), runAll(projection), runAll(projection)]);
    expect(await tallied()).toEqual({ events: 1_200, ids: sent });
    expect(await describeIt(projection)).toMatchObject({ applied: 1_200, lag: { events: 0, seconds: 0 } });
  });

  test("does not pass an append that is still open", async () => {
    const projection = tally();
    const open = await openTestAppend(store.sql, happened("slow"));
    await send("fast");
    await runAll(projection);
    expect((await tallied()).ids).toEqual([]);
    await open.commit();
    await runAll(projection);
    expect((await tallied()).ids).toEqual(["slow", "fast"]);
  });
});

describe("an event that can't be taken", () => {
  test("stops the projection there, with the reason, until a try succeeds", async () => {
    const projection = tally();
    const positions = await send("good", "bad", "later");
    interfere = async (id) => {
      if (id === "bad") throw new Error("The total would be negative.");
    };
    await runAll(projection);
    expect((await tallied()).ids).toEqual(["good"]);
    const failed = await describeIt(projection);
    expect(failed).toMatchObject({
      position: positions[0],
      error: { message: "The total would be negative.", position: positions[1], failures: 1 },
      lag: { events: 2, capped: false },
    });
    // Not before its time.
    await runAll(projection);
    expect((await describeIt(projection)).error?.failures).toBe(1);
    await retryNow();
    await runAll(projection);
    expect((await describeIt(projection)).error?.failures).toBe(2);
    interfere = async () => {};
    await retryNow();
    await runAll(projection);
    expect((await tallied()).ids).toEqual(["good", "bad", "later"]);
    expect((await describeIt(projection)).error).toBeNull();
  });
});

test("a paused projection stands still, says how far behind it is, and goes on when it is resumed", async () => {
  const projection = tally();
  await send("e0");
  await runAll(projection);
  expect((await pauseProjection(store.ctx, projection)).pausedAt).not.toBeNull();
  const [first] = await send("e1", "e2", "e3");
  await runAll(projection);
  expect(await tallied()).toMatchObject({ events: 1 });
  const soon = {
    ...store.ctx,
    clock: { ...store.ctx.clock, now: () => new Date(Number(first) / 1000 + 90_000) },
  };
  const paused = await describeProjection(soon, projection);
  expect(paused.lag).toEqual({ events: 3, capped: false, seconds: 90 });
  expect((await resumeProjection(store.ctx, projection)).pausedAt).toBeNull();
  await runAll(projection);
  expect(await tallied()).toMatchObject({ events: 4 });
  const actions = await store.sql`select action from audit_log where subject = ${name} order by id`;
  expect(actions.map(({ action }) => action)).toEqual(["projection.paused", "projection.resumed"]);
});

describe("a rebuild", () => {
  test("builds anew while the old one is served and goes on, then takes its place", async () => {
    const projection = tally();
    await send(...ids(1_100));
    await runAll(projection);
    const started = await rebuildProjection(store.ctx, projection);
    expect(started.rebuild).toMatchObject({ applied: 0, expected: 1_100 });
    await send("new");
    await runProjection(store.ctx, projection);
    const halfway = await describeIt(projection);
    expect(halfway).toMatchObject({ applied: 1_101, rebuild: { applied: 500, expected: 1_101 } });
    expect(await tallied(1)).toMatchObject({ events: 1_101 });
    expect(await tallied(2)).toMatchObject({ events: 500 });
    // Another wish to rebuild changes nothing.
    expect((await rebuildProjection(store.ctx, projection)).rebuild?.applied).toBe(500);
    await runAll(projection);
    expect(await tallied(2)).toEqual({ events: 1_101, ids: [...ids(1_100), "new"] });
    expect(await describeIt(projection)).toMatchObject({ applied: 1_101, rebuild: null, error: null });
    const generations = await store.sql`select generation from projection_generations where name = ${name}`;
    expect(generations).toEqual([{ generation: 2 }]);
  });

  test("begins by itself when the read model is built differently, and leaves the old one as it is until then", async () => {
    await send("e0", "e1");
    await runAll(tally());
    await send("e2");
    const next = tally(2);
    await runProjection(store.ctx, next);
    expect(await tallied(1)).toMatchObject({ events: 2 });
    await runAll(next);
    expect(await tallied(2)).toMatchObject({ events: 30 });
    // Older code that still runs elsewhere touches nothing.
    await send("e3");
    await runAll(tally(1));
    expect(await tallied(2)).toMatchObject({ events: 30 });
    await runAll(next);
    expect(await tallied(2)).toMatchObject({ events: 40 });
  });

  test("that fails leaves the old one serving, and says why", async () => {
    const projection = tally();
    await send("e0", "e1");
    await runAll(projection);
    await rebuildProjection(store.ctx, projection);
    interfere = async (id) => {
      if (id === "e1") throw new Error("No.");
    };
    await runAll(projection);
    expect(await describeIt(projection)).toMatchObject({
      error: null,
      rebuild: { applied: 1, error: { message: "No." } },
    });
    interfere = async () => {};
    await retryNow();
    await runAll(projection);
    expect(await describeIt(projection)).toMatchObject({ rebuild: null, applied: 2 });
  });
});
