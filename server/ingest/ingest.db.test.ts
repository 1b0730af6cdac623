import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { eventWith } from "#server/domain/envelope/testing/arbitrary-event.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { NameCache } from "../names/name-cache.ts";
import type { WriteOutcome } from "./append-outcome.ts";
import { Ingest } from "./ingest.ts";
import type { IngestEvent } from "./ingest-event.ts";
import { createBatchWriter } from "./write-batch.ts";
import { DEFAULT_WRITE_BUFFER_LIMITS, type WriteBatch } from "./write-buffer.ts";

let database: TestDatabase;
let write: WriteBatch<IngestEvent, WriteOutcome>;

beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
  write = createBatchWriter(database.sql, new NameCache(database.sql));
});
afterAll(() => database.drop());

function events(prefix: string, count = 1): IngestEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const event = eventWith(
      { id: `${prefix}-${n}`, source: "/ingest" },
      { encoding: "json", text: '"12345678"' },
    );
    return { event, identity: eventIdentity(event.source, event.id) };
  });
}

/** An ingest whose transactions begin only when the gate is open. */
function openGated(limits: Partial<typeof DEFAULT_WRITE_BUFFER_LIMITS> = {}) {
  const gate = Promise.withResolvers<void>();
  const clock = createFixedClock("2026-01-01T00:00:00Z");
  let begun = 0;
  let commits = 0;
  const ingest = new Ingest(
    async (batch) => {
      begun += 1;
      await gate.promise;
      return write(batch);
    },
    { clock, onCommit: () => (commits += 1), limits: { ...DEFAULT_WRITE_BUFFER_LIMITS, ...limits } },
  );
  return { ingest, clock, open: gate.resolve, begun: () => begun, commits: () => commits };
}

async function countStored(prefix: string): Promise<{ stored: number; transactions: number }> {
  const [row] = await database.sql`
    select count(*)::int as stored, count(distinct xmin::text)::int as transactions
    from events where starts_with(id, ${prefix})`;
  return { stored: Number(row?.stored), transactions: Number(row?.transactions) };
}

describe("Ingest", () => {
  test("is pressed from when more waits than a transaction holds until a second after", async () => {
    const { ingest, clock, open } = openGated({ batchItems: 4, writers: 1 });
    const posts = [ingest.append(events("pressed-a", 4))];
    expect(ingest.isPressed).toBe(false);
    posts.push(ingest.append(events("pressed-b", 1)));
    expect(ingest.isPressed).toBe(true);
    clock.advance(999);
    expect(ingest.isPressed).toBe(true);
    clock.advance(1);
    expect(ingest.isPressed).toBe(false);
    open();
    await Promise.all(posts);
  });

  test("posts that arrive together share a transaction, and each hears of its own events", async () => {
    const { ingest, open } = openGated({ writers: 1 });
    const posts = Array.from({ length: 40 }, (_, post) =>
      ingest.append(events(`shared-${post}`, 1 + (post % 3))),
    );
    open();
    const outcomes = await Promise.all(posts);
    expect(outcomes.map((post) => post.length)).toEqual(
      Array.from({ length: 40 }, (_, post) => 1 + (post % 3)),
    );
    expect(new Set(outcomes.flat().map((one) => (one.kind === "accepted" ? one.position : ""))).size).toBe(
      79,
    );
    const { stored, transactions } = await countStored("shared-");
    expect(stored).toBe(79);
    expect(transactions).toBeLessThanOrEqual(2);
  });

  test("a few events wait for the transaction under way, and many begin one beside it", async () => {
    const { ingest, open, begun } = openGated({ joinItems: 10, joinMs: 60_000 });
    const posts = [ingest.append(events("joining-a"))];
    await vi.waitFor(() => expect(begun()).toBe(1), { timeout: 60_000 });
    posts.push(ingest.append(events("joining-b", 4)), ingest.append(events("joining-c", 5)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(begun()).toBe(1);
    posts.push(ingest.append(events("joining-d", 1)));
    await vi.waitFor(() => expect(begun()).toBe(2), { timeout: 60_000 });
    open();
    await Promise.all(posts);
    expect((await countStored("joining-")).transactions).toBe(2);
  });

  test("a few events don't wait long for a transaction that takes its time", async () => {
    const { ingest, open, begun } = openGated({ joinItems: 10, joinMs: 1 });
    const posts = [ingest.append(events("hurried-a"))];
    await vi.waitFor(() => expect(begun()).toBe(1), { timeout: 60_000 });
    posts.push(ingest.append(events("hurried-b")));
    await vi.waitFor(() => expect(begun()).toBe(2), { timeout: 60_000 });
    open();
    await Promise.all(posts);
    expect((await countStored("hurried-")).stored).toBe(2);
  });

  test("a full buffer refuses at once, takes nothing of the post, and takes the next when there is room", async () => {
    const { ingest, open } = openGated({ maxItems: 10 });
    const taken = ingest.append(events("full-a", 9));
    await expect(ingest.append(events("full-b", 2))).rejects.toMatchObject({
      code: "overloaded",
      retryAfterSeconds: 1,
    });
    const last = ingest.append(events("full-c", 1));
    await expect(ingest.append(events("full-d", 1))).rejects.toMatchObject({ code: "overloaded" });
    open();
    await Promise.all([taken, last]);
    await ingest.append(events("full-b", 2));
    expect((await countStored("full-")).stored).toBe(12);
    expect((await countStored("full-d")).stored).toBe(0);
  });

  test("payload bytes fill the buffer too, but a post of any size gets through an empty one", async () => {
    const { ingest, open } = openGated({ maxBytes: 1_000 });
    const large = ingest.append(events("bytes-a", 20));
    await expect(ingest.append(events("bytes-b", 1))).rejects.toMatchObject({ code: "overloaded" });
    open();
    expect(await large).toHaveLength(20);
  });

  test("a stop lets what was taken commit, and takes nothing more", async () => {
    const { ingest, open } = openGated({ writers: 1, batchItems: 5 });
    const taken = Array.from({ length: 12 }, (_, post) => ingest.append(events(`closing-${post}`, 2)));
    const closed = ingest.close().then(() => "closed");
    await expect(ingest.append(events("closing-late"))).rejects.toMatchObject({
      code: "unavailable",
      retryAfterSeconds: 1,
    });
    expect(await Promise.race([closed, Promise.resolve("waits")])).toBe("waits");
    open();
    await closed;
    expect((await countStored("closing-")).stored).toBe(24);
    await Promise.all(taken);
  });

  test("a transaction that fails rejects its own posts and none beside it", async () => {
    let writes = 0;
    const ingest = new Ingest(
      async (batch) => {
        writes += 1;
        if (writes === 1) throw new Error("The connection was lost.");
        return write(batch);
      },
      { clock: createFixedClock("2026-01-01T00:00:00Z"), onCommit: () => {} },
    );
    await expect(ingest.append(events("failing-a"))).rejects.toThrow("The connection was lost.");
    expect(await ingest.append(events("failing-b"))).toHaveLength(1);
    expect((await countStored("failing-")).stored).toBe(1);
  });

  test("says how long the oldest event waits, how many come a second, and when something was committed", async () => {
    const { ingest, clock, open, commits } = openGated();
    expect(ingest.lagMs).toBe(0);
    const taken = ingest.append(events("lag", 30));
    clock.advance(250);
    expect(ingest.lagMs).toBe(250);
    expect(commits()).toBe(0);
    open();
    await taken;
    expect(ingest.lagMs).toBe(0);
    expect(commits()).toBe(1);
    await ingest.append(events("lag", 30));
    expect(commits()).toBe(1);
    clock.advance(1_000);
    expect(ingest.perSecond).toBe(3);
  });
});
