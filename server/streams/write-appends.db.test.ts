import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getStream } from "./get-stream.ts";
import { listStreams } from "./list-streams.ts";
import { accountAppend, openTestStreams, type TestStreams } from "./testing/open-streams.ts";
import { createAppendWriter } from "./write-appends.ts";

let store: TestStreams;
beforeAll(async () => {
  store = await openTestStreams();
});
afterAll(() => store.close());

const append = (...args: Parameters<typeof accountAppend>) => store.streams.append(accountAppend(...args));
const read = (id: string) => getStream(store.ctx, "account", id, { limit: 1000 });
const countEvents = async () => (await store.sql`select count(*)::int as count from events`)[0]?.count;

describe("the expected version", () => {
  test("a stream begins at version 1, and goes on where it stands", async () => {
    expect(await append("a1", 0, ["a1-1", "a1-2"])).toMatchObject({ kind: "appended", firstVersion: 1 });
    expect(await append("a1", 2, ["a1-3"])).toMatchObject({ kind: "appended", firstVersion: 3 });
    expect(await append("a1", null, ["a1-4"])).toMatchObject({ kind: "appended", firstVersion: 4 });
    const { events, stream, problems, next } = await read("a1");
    expect(events.map(({ id, version }) => [id, version])).toEqual([
      ["a1-1", 1],
      ["a1-2", 2],
      ["a1-3", 3],
      ["a1-4", 4],
    ]);
    expect(events.every(({ version, aggregateVersion }) => version === aggregateVersion)).toBe(true);
    expect(stream).toMatchObject({ version: 4, firstVersion: 1, events: 4, missing: 0, duplicates: 0 });
    expect({ problems, next }).toEqual({ problems: [], next: null });
  });

  test("where the stream stands elsewhere, the answer says where, and nothing is stored", async () => {
    await append("a2", 0, ["a2-1"]);
    const before = await countEvents();
    expect(await append("a2", 0, ["a2-x"])).toEqual({ kind: "version-conflict", actualVersion: 1 });
    expect(await append("a2", 7, ["a2-x"])).toEqual({ kind: "version-conflict", actualVersion: 1 });
    expect(await append("a2-new", 3, ["a2-x"])).toEqual({ kind: "version-conflict", actualVersion: 0 });
    expect(await countEvents()).toBe(before);
    await expect(read("a2-new")).rejects.toThrow("no event of it is known");
    // The ids were not used up either.
    expect(await append("a2", 1, ["a2-x"])).toMatchObject({ kind: "appended", firstVersion: 2 });
  });
});

describe("an append sent again", () => {
  test("is answered as the first one was, also when the stream went on since", async () => {
    const first = await append("b1", 0, ["b1-1", "b1-2"]);
    await append("b1", 2, ["b1-3"]);
    const again = await append("b1", 0, ["b1-1", "b1-2"]);
    expect(first).toMatchObject({ kind: "appended", isRepeat: false });
    expect(again).toEqual({ ...first, isRepeat: true });
    expect((await read("b1")).stream.version).toBe(3);
  });

  test("at the same time is stored once", async () => {
    const answers = await Promise.all(
      [store.streams, store.streams, store.another(), store.another()].map((streams) =>
        streams.append(accountAppend("b2", null, ["b2-1", "b2-2"])),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, isRepeat: null }))).size).toBe(1);
    expect(answers.filter((answer) => answer.kind === "appended" && !answer.isRepeat)).toHaveLength(1);
    expect((await read("b2")).stream.events).toBe(2);
  });

  test("with other content, in part, in another order or to another stream is refused", async () => {
    await append("b3", 0, ["b3-1", "b3-2"]);
    const data = { encoding: "json", text: "{}" } as const;
    const refused = [
      await append("b3", 2, ["b3-1", "b3-2"], { data }),
      await append("b3", 2, ["b3-2", "b3-3"]),
      await append("b3", 2, ["b3-2", "b3-1"]),
      await append("b3-other", 0, ["b3-1", "b3-2"]),
    ];
    expect(refused.map(({ kind }) => kind)).toEqual(Array(4).fill("identity-conflict"));
    expect((await read("b3")).stream.version).toBe(2);
    await expect(read("b3-other")).rejects.toThrow();
  });
});

describe("many appends in one transaction", () => {
  test("are decided in order, each by itself: losers spoil nothing", async () => {
    const write = createAppendWriter(store.sql, store.ctx.names);
    await append("c1", 0, ["c1-1"]);
    const outcomes = await write([
      accountAppend("c1", 1, ["c1-2"]),
      accountAppend("c2", 0, ["c2-1"]),
      accountAppend("c1", 1, ["c1-lost"]),
      accountAppend("c1", 2, ["c1-3", "c1-4"]),
      accountAppend("c3", 5, ["c3-lost"]),
      accountAppend("c1", null, ["c1-5"]),
      accountAppend("c1", 0, ["c1-1"]),
      accountAppend("c2", 0, ["c2-1"]),
      accountAppend("c4", 0, ["c1-1"]),
    ]);
    expect(
      outcomes.map((one) => (one.kind === "appended" ? [one.firstVersion, one.isRepeat] : one.kind)),
    ).toEqual([
      [2, false],
      [1, false],
      "version-conflict",
      [3, false],
      "version-conflict",
      [5, false],
      [1, true],
      [1, true],
      "identity-conflict",
    ]);
    expect(outcomes[2]).toEqual({ kind: "version-conflict", actualVersion: 2 });
    const { events } = await read("c1");
    expect(events.map(({ id }) => id)).toEqual(["c1-1", "c1-2", "c1-3", "c1-4", "c1-5"]);
    const positions = events.map(({ position }) => Number(position));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  });

  test("that can't be stored is refused before it joins others", async () => {
    const twice = ["d1-1", "d1-1"];
    const answers = await Promise.allSettled([
      append("d1", 0, twice),
      append("d2", 0, []),
      append("é".repeat(1500), 0, ["d3-1"]),
      append("d4", 0, ["d4-1"]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "fulfilled"]);
  });
});

test("two appenders race for one version: exactly one wins, always", async () => {
  const racers = [store.streams, store.another(), store.another(), store.another()];
  for (let version = 0; version < 150; version += 1) {
    const answers = await Promise.all(
      racers.map((streams, racer) =>
        streams.append(accountAppend("race", version, [`race-${version}-${racer}`])),
      ),
    );
    const won = answers.filter(({ kind }) => kind === "appended");
    expect(won).toHaveLength(1);
    expect(
      answers.filter((one) => one.kind === "version-conflict" && one.actualVersion === version + 1),
    ).toHaveLength(racers.length - 1);
  }
  const { stream, problems, events } = await read("race");
  expect(stream).toMatchObject({ version: 150, events: 150, duplicates: 0, missing: 0 });
  expect(problems).toEqual([]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(150);
});

test("appenders that take several streams each in any order never stand in each other's way", async () => {
  const writers = Array.from({ length: 4 }, () => store.another());
  const outcomes = await Promise.all(
    Array.from({ length: 600 }, (_, index) => {
      const stream = `mixed-${(index * 7) % 13}`;
      const streams = writers[index % writers.length] ?? store.streams;
      return streams.append(accountAppend(stream, null, [`mixed-${index}`]));
    }),
  );
  expect(outcomes.every(({ kind }) => kind === "appended")).toBe(true);
  const sizes = await Promise.all(Array.from({ length: 13 }, (_, at) => read(`mixed-${at}`)));
  expect(sizes.reduce((sum, { stream }) => sum + stream.events, 0)).toBe(600);
  expect(sizes.every(({ stream, events }) => stream.version === events.length)).toBe(true);
});

describe("reading", () => {
  test("a range of versions comes in pages", async () => {
    await append(
      "e1",
      0,
      Array.from({ length: 10 }, (_, at) => `e1-${at + 1}`),
    );
    const range = { fromVersion: 3, toVersion: 8, limit: 4 };
    const first = await getStream(store.ctx, "account", "e1", range);
    expect(first.events.map(({ version }) => version)).toEqual([3, 4, 5, 6]);
    const second = await getStream(store.ctx, "account", "e1", { ...range, ...first.next });
    expect(second.events.map(({ version }) => version)).toEqual([7, 8]);
    expect(second.next).toBeNull();
    expect([...first.problems, ...second.problems]).toEqual([]);
  });

  test("payloads come back to the character", async () => {
    const text = '{ "amount" : 12345678901234567890.00100, "text":"\\u0041" }';
    await append("e2", 0, ["e2-1"], {
      data: { encoding: "json", text },
      time: "2025-01-02T03:04:05.6789+09:00",
    });
    const [event] = (await read("e2")).events;
    expect(event?.data).toEqual({ encoding: "json", text });
    expect(event?.time).toBe("2025-01-02T03:04:05.6789+09:00");
    expect(event?.envelope).toContain(text);
  });

  test("streams are listed by what changed last, found by a part of their id, in pages", async () => {
    for (const id of ["list-1", "list-2", "list-3"]) await append(id, 0, [`${id}-1`]);
    await append("list-1", 1, ["list-1-2"]);
    const all = await listStreams(store.ctx, { type: "account", limit: 3 });
    expect(all.streams.map(({ id }) => id)).toEqual(["list-1", "list-3", "list-2"]);
    const found = await listStreams(store.ctx, { q: "LIST-", limit: 2 });
    expect(found.streams.map(({ id }) => id)).toEqual(["list-1", "list-3"]);
    const more = await listStreams(store.ctx, {
      q: "LIST-",
      limit: 2,
      before: found.nextBefore ?? undefined,
    });
    expect(more).toMatchObject({
      streams: [{ id: "list-2" }],
      nextBefore: null,
      searched: { complete: true },
    });
    expect((await listStreams(store.ctx, { type: "nothing", limit: 5 })).streams).toEqual([]);
  });
});
