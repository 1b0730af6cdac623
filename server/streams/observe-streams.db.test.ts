import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendTestEvents, type TestEvent } from "#drizzle/testing/events.ts";
import { getStream } from "./get-stream.ts";
import { observeStreamsOnce } from "./observe-streams.ts";
import { accountAppend, openTestStreams, type TestStreams } from "./testing/open-streams.ts";

let store: TestStreams;
beforeAll(async () => {
  store = await openTestStreams();
});
afterAll(() => store.close());

const read = (id: string) => getStream(store.ctx, "account", id, { limit: 1000 });
const sent = (aggregateId: string, ...versions: number[]): TestEvent[] =>
  versions.map((aggregateVersion) => ({ aggregateType: "account", aggregateId, aggregateVersion }));
const send = (...events: TestEvent[]) => appendTestEvents(store.sql, events);

async function observeAll() {
  while (await observeStreamsOnce(store.ctx));
}

describe("streams of others", () => {
  test("are known with their versions, in whichever order these came", async () => {
    await send(...sent("o1", 2, 1), ...sent("o2", 1), {}, ...sent("o1", 3));
    await observeAll();
    const { stream, events, problems } = await read("o1");
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(stream).toMatchObject({ version: 3, events: 3, observed: 3, missing: 0, duplicates: 0 });
    expect(problems).toEqual([]);
    expect((await read("o2")).stream.version).toBe(1);
  });

  test("show what is missing and what stands twice, over several readings too", async () => {
    await send(...sent("o3", 3, 3, 6));
    await observeAll();
    await send(...sent("o3", 3, 6, 8));
    await observeAll();
    const { stream, problems } = await read("o3");
    expect(stream).toMatchObject({ version: 8, firstVersion: 3, events: 6, missing: 5, duplicates: 3 });
    expect(problems).toEqual([
      { kind: "gap", from: 1, to: 2 },
      { kind: "duplicate", version: 3 },
      { kind: "gap", from: 4, to: 5 },
      { kind: "duplicate", version: 6 },
      { kind: "gap", from: 7, to: 7 },
    ]);
    const half = await getStream(store.ctx, "account", "o3", { limit: 2 });
    const rest = await getStream(store.ctx, "account", "o3", { ...half.next, limit: 10 });
    expect([...half.events, ...rest.events].map(({ version }) => version)).toEqual([3, 3, 3, 6, 6, 8]);
    expect(rest.problems[0]).toEqual({ kind: "duplicate", version: 3 });
    await send(...sent("o3", 4));
    await observeAll();
    expect((await read("o3")).stream).toMatchObject({ missing: 4, duplicates: 3 });
  });

  test("may count from 0", async () => {
    await send(...sent("o4", 0, 1));
    await observeAll();
    expect(await read("o4")).toMatchObject({ stream: { firstVersion: 0, missing: 0 }, problems: [] });
  });

  test("are registered once, also when several processes observe at the same time, and beside appends", async () => {
    await store.streams.append(accountAppend("o5", 0, ["o5-1", "o5-2"]));
    await send(...sent("o5", 3), ...sent("o6", 1, 2));
    await Promise.all(Array.from({ length: 4 }, observeAll));
    expect((await read("o5")).stream).toMatchObject({ version: 3, events: 3, observed: 1, duplicates: 0 });
    expect((await read("o6")).stream).toMatchObject({ events: 2, observed: 2 });
    expect(await store.streams.append(accountAppend("o5", 3, ["o5-4"]))).toMatchObject({ firstVersion: 4 });
  });

  test("without an id, a type or a version are no streams", async () => {
    const before = await store.sql`select id from streams`;
    await send(
      { aggregateType: "account", aggregateVersion: 1 },
      { aggregateId: "o7", aggregateVersion: 1 },
      { aggregateType: "account", aggregateId: "o7" },
      ...sent("é".repeat(1001), 1),
    );
    await observeAll();
    expect(await store.sql`select id from streams`).toHaveLength(before.length);
  });
});
