import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { appendTestEvents, openTestAppend, type TestEvent } from "#drizzle/testing/events.ts";
import type { LiveFrame } from "#server/contract/live.ts";
import { LiveClient, until } from "./testing/live-client.ts";
import { openTestGateway, type TestGateway } from "./testing/open-gateway.ts";

let live: TestGateway;
let clients: LiveClient[] = [];

beforeAll(async () => {
  live = await openTestGateway();
});
afterEach(() => {
  for (const client of clients) client.close();
  clients = [];
});
afterAll(() => live.close());

function openClient() {
  const client = new LiveClient(live.url);
  clients.push(client);
  return client;
}

const append = (events: TestEvent[]) => appendTestEvents(live.sql, events);
const times = (count: number): TestEvent[] => Array.from({ length: count }, () => ({}));

function expectContiguous(frames: LiveFrame[], from: string) {
  let at = from;
  for (const frame of frames) {
    expect(frame.from).toBe(at);
    expect(Number(frame.to)).toBeGreaterThan(Number(frame.from));
    expect(frame.shown).toBe(frame.rows.length);
    expect(frame.matched).toBe(frame.shown + frame.skipped);
    for (const row of frame.rows) {
      expect(Number(row.position)).toBeGreaterThan(Number(frame.from));
      expect(Number(row.position)).toBeLessThanOrEqual(Number(frame.to));
    }
    at = frame.to;
  }
}

/**
 * Appends from several connections at once, some slow, some given up, for as many rounds as are wanted. Gives what was
 * committed, in order.
 */
async function writeConcurrently(isWanted: (round: number) => boolean): Promise<string[]> {
  const committed: string[] = [];
  async function write(seed: number) {
    for (let round = 0; isWanted(round); round += 1) {
      const slow = await openTestAppend(live.sql, times(2));
      committed.push(...(await append(times(1 + ((seed + round) % 3)))));
      if ((seed + round) % 5 === 0) await slow.abort();
      else {
        committed.push(...slow.positions);
        await slow.commit();
      }
    }
  }
  await Promise.all([0, 1, 2].map(write));
  return committed.toSorted((a, b) => Number(a) - Number(b));
}

describe("A live subscription", () => {
  test("starts now and sends what is committed from then on", async () => {
    await append(times(3));
    await until(() => live.tail.position !== "0");
    const client = openClient();
    const answer = await client.subscribe();
    expect(answer).toMatchObject({ ok: true, key: "all" });
    const [position] = await append([
      { type: "order.placed", source: "/shop", subject: "order-1", kind: "domain", correlationId: "flow-1" },
    ]);
    await until(() => client.matched() > 0);
    expect(client.frames.at(-1)?.rows.at(-1)).toMatchObject({
      position,
      type: "order.placed",
      source: "/shop",
      subject: "order-1",
      kind: "domain",
      correlationId: "flow-1",
    });
    expect(client.frames.at(-1)?.asOf.position).toBe(position);
  });

  test("sends frames that join, at most ten a second, with every event once", async () => {
    const client = openClient();
    const answer = await client.subscribe({ maxRows: 500 });
    const committed = await writeConcurrently((round) => round < 30);
    await until(() => client.matched() >= committed.length);

    expect(client.positions()).toEqual(committed);
    expectContiguous(client.frames, answer.ok ? answer.position : "");
    const [first = 0] = client.frameTimes;
    const last = client.frameTimes.at(-1) ?? 0;
    expect(client.frames.length).toBeLessThanOrEqual(Math.floor((last - first) / 90) + 1);
  });

  test("goes on after a lost connection without a gap or a duplicate, while events keep coming", async () => {
    const first = openClient();
    const answer = await first.subscribe({ maxRows: 500 });
    const start = answer.ok ? answer.position : "";
    let isInterrupting = true;
    const writing = writeConcurrently(() => isInterrupting);
    await until(() => first.matched() > 20);

    const seen: LiveFrame[] = [];
    let previous = first;
    for (let interruption = 0; interruption < 5; interruption += 1) {
      previous.socket.io.engine.close();
      seen.push(...previous.frames);
      previous.socket.disconnect();
      const next = openClient();
      await next.subscribe({ after: seen.at(-1)?.to ?? start, maxRows: 500 });
      await until(() => next.frames.length > 0);
      previous = next;
    }
    isInterrupting = false;
    const committed = await writing;
    const all = () => [...seen, ...previous.frames];
    await until(() => all().reduce((sum, frame) => sum + frame.matched, 0) >= committed.length);

    expectContiguous(all(), start);
    expect(all().flatMap((frame) => frame.rows.map((row) => row.position))).toEqual(committed);
  });

  test("catches up in chunks with exact counts, and then follows", async () => {
    const [before = ""] = await append(times(1));
    await until(() => live.tail.position === before);
    for (let chunk = 0; chunk < 3; chunk += 1) await append(times(4_000));
    const client = openClient();
    await client.subscribe({ after: before, maxRows: 50 });
    await until(() => client.matched() >= 12_000);
    const later = await append(times(1));
    await until(() => client.matched() >= 12_001);

    expect(client.matched()).toBe(12_001);
    expect(client.positions().at(-1)).toBe(later[0]);
    expectContiguous(client.frames, before);
    expect(client.frames.every((frame) => frame.rows.length <= 50)).toBe(true);
    expect(client.resets).toEqual([]);
  });

  test("sends a client that is busy one frame, keeps only the newest rows meanwhile, and counts exactly", async () => {
    const client = openClient();
    client.isAcknowledging = false;
    const answer = await client.subscribe({ maxRows: 20 });
    await append(times(1));
    await until(() => client.frames.length === 1);
    let last = "";
    for (let batch = 0; batch < 10; batch += 1) last = (await append(times(500))).at(-1) ?? "";
    await until(() => live.tail.position === last);
    expect(client.frames).toHaveLength(1);

    client.acknowledge();
    await until(() => client.frames.length === 2);
    expectContiguous(client.frames, answer.ok ? answer.position : "");
    expect(client.frames[1]).toMatchObject({ to: last, matched: 5_000, shown: 20, skipped: 4_980 });
    expect(client.frames[1]?.rows.at(-1)?.position).toBe(last);
  });

  test("sends only what the filter takes, by name, subject, kind, flow and text in the payload", async () => {
    const client = openClient();
    const filters = {
      type: { type: ["order.*", "invoice.sent"] },
      source: { source: ["/shop/*"] },
      subject: { subject: ["o-*"] },
      kind: { kind: ["command" as const] },
      flow: { correlationid: "flow-7" },
      text: { q: 'Straße "A"' },
      both: { type: ["order.*"], q: "berlin" },
    };
    for (const [key, filter] of Object.entries(filters)) await client.subscribe({ key, filter });
    const json = (text: string) => ({ encoding: "json" as const, text });
    const [a, b, c, d] = await append([
      { type: "order.placed", source: "/shop/eu", subject: "o-1", data: json('{"city":"BERLIN"}') },
      { type: "invoice.sent", source: "/billing", kind: "command", correlationId: "flow-7" },
      { type: "invoice.paid", source: "/shop/us", data: json(String.raw`{"street":"stra\u00dfe \"a\" 1"}`) },
      { type: "stock.moved", subject: "o-2", data: json('{"city":"Berlin"}') },
    ]);
    await until(() => client.frames.reduce((sum, frame) => sum + frame.matched, 0) === 10);
    const seen = (key: string) =>
      client.frames
        .filter((frame) => frame.key === key)
        .flatMap((frame) => frame.rows.map((row) => row.position));
    expect(Object.fromEntries(Object.keys(filters).map((key) => [key, seen(key)]))).toEqual({
      type: [a, b],
      source: [a, c],
      subject: [a, d],
      kind: [b],
      flow: [b],
      text: [c],
      both: [a],
    });
  });

  test("moves its position past what does not match, sparingly", async () => {
    const client = openClient();
    await client.subscribe({ filter: { type: ["nothing.like-this"] } });
    let last = "";
    const start = performance.now();
    while (performance.now() - start < 1_000) last = (await append(times(5))).at(-1) ?? "";
    await until(() => client.frames.at(-1)?.to === last);
    expect(client.matched()).toBe(0);
    expect(client.frames.length).toBeLessThanOrEqual(2);
  });

  test("resets a client whose gap is too wide to search, and goes on from there", async () => {
    const [before = ""] = await append(times(1));
    for (let batch = 0; batch < 5; batch += 1) await append(times(4_001));
    const [end = ""] = await append(times(1));
    await until(() => live.tail.position === end);
    const client = openClient();
    await client.subscribe({ after: before, filter: { q: "needle" } });
    await until(() => client.resets.length === 1);
    expect(client.resets).toEqual([{ key: "all", position: end, reason: "gap-too-wide" }]);

    const [hit = ""] = await append([{ data: { encoding: "text", text: "a needle here" } }]);
    await until(() => client.matched() === 1);
    expectContiguous(client.frames, end);
    expect(client.positions()).toEqual([hit]);
  });

  test("resets a client that holds a position from another database", async () => {
    const client = openClient();
    await client.subscribe({ after: "900000000000000000" });
    await until(() => client.resets.length === 1);
    expect(client.resets[0]).toMatchObject({ position: live.tail.position, reason: "unknown-position" });
    const [next] = await append(times(1));
    await until(() => client.matched() === 1);
    expect(client.positions()).toEqual([next]);
  });

  test("leaves out what the client read ahead of the tail", async () => {
    const client = openClient();
    const held = await append(times(3));
    await client.subscribe({ after: held[1] ?? "" });
    await until(() => client.matched() === 1);
    const next = await append(times(1));
    await until(() => client.matched() === 2);
    expect(client.positions()).toEqual([held[2], ...next]);
  });

  test("is replaced by one with the same key, and ends when it is no longer wanted", async () => {
    const client = openClient();
    await client.subscribe({ filter: { type: ["a"] } });
    await client.subscribe({ filter: { type: ["b"] } });
    await append([{ type: "a" }, { type: "b" }]);
    await until(() => client.matched() > 0);
    expect(client.frames.flatMap((frame) => frame.rows.map((row) => row.type))).toEqual(["b"]);

    client.socket.emit("unsubscribe", "all");
    const watch = openClient();
    await watch.subscribe();
    const frames = client.frames.length;
    await append([{ type: "b" }]);
    await until(() => watch.matched() === 1);
    expect(client.frames).toHaveLength(frames);
  });
});
