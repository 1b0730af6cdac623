import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyEvents, ensureEventPartitions, insertEvents } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { arbitraryEvent, eventWith } from "#server/domain/envelope/testing/arbitrary-event.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { listEnvelopes } from "../events/envelopes.ts";
import { NameCache } from "../names/name-cache.ts";
import { wantedNames } from "../names/wanted-names.ts";
import type { WriteOutcome } from "./append-outcome.ts";
import type { IngestEvent } from "./ingest-event.ts";
import { createBatchWriter } from "./write-batch.ts";

let database: TestDatabase;
let names: NameCache;

beforeAll(async () => {
  database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
  names = new NameCache(database.sql);
});
afterAll(() => database.drop());

function identified(event: EventEnvelope): IngestEvent {
  return { event, identity: eventIdentity(event.source, event.id) };
}

function reading(id: string, text = "{}"): IngestEvent {
  return identified(eventWith({ id, source: "/write-batch" }, { encoding: "json", text }));
}

function readings(prefix: string, count: number): IngestEvent[] {
  return Array.from({ length: count }, (_, n) => reading(`${prefix}-${n}`));
}

async function write(events: IngestEvent[]): Promise<WriteOutcome[]> {
  return createBatchWriter(database.sql, names)(events);
}

function kinds(outcomes: WriteOutcome[]): WriteOutcome["kind"][] {
  return outcomes.map(({ kind }) => kind);
}

async function countStored(source: string, prefix: string): Promise<number> {
  const [row] = await database.sql`
    select count(*)::int as stored from events
    join interned_names on interned_names.id = source_id and name = ${source}
    where starts_with(events.id, ${prefix})`;
  return Number(row?.stored);
}

async function dropPartitions(): Promise<void> {
  const partitions = await database.sql<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits
    where inhparent in ('events'::regclass, 'deliveries'::regclass, 'attempts'::regclass,
      'schema_violations'::regclass)`;
  for (const { name } of partitions) await database.sql`drop table ${database.sql(name)}`;
}

/** With bytes as the driver does not give them: without the methods of a `Buffer`. */
function plain(event: EventEnvelope | undefined): EventEnvelope | undefined {
  if (event?.data.encoding !== "binary") return event;
  return { ...event, data: { encoding: "binary", bytes: Uint8Array.from(event.data.bytes) } };
}

describe("Storing events", () => {
  test.each([
    ["in one statement", insertEvents],
    ["by COPY", copyEvents],
  ])("gives each back as it came in: %s", async (way, store) => {
    let batch = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryEvent, { minLength: 1, maxLength: 12 }), async (events) => {
        batch += 1;
        const unique = events.map((event, at) => ({ ...event, id: `${event.id}${way}${batch}.${at}` }));
        const ids = await names.ensure(wantedNames(unique));
        const first = await store(database.sql, unique.map(identified), ids);
        const positions = unique.map((_, at) => String(first + at));
        const stored = await listEnvelopes(database.sql, names, positions);
        expect(positions.map((position) => plain(stored.get(position)))).toEqual(unique);
      }),
      { numRuns: 60 },
    );
  });

  test("takes consecutive positions, later than all before, by the database's clock", async () => {
    const small = await write(readings("order-a", 5));
    const large = await write(readings("order-b", 300));
    const positions = [...small, ...large].map(({ position }) => Number(position));
    expect(positions.slice(5)).toEqual(Array.from({ length: 300 }, (_, n) => Number(large[0]?.position) + n));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(Math.abs((positions[0] ?? 0) / 1000 - Date.now())).toBeLessThan(60_000);
  });

  test("makes the partition of the day where it is missing", async () => {
    await dropPartitions();
    expect(kinds(await write(readings("small-without-partition", 3)))).toEqual(Array(3).fill("accepted"));
    await dropPartitions();
    expect(kinds(await write(readings("large-without-partition", 200)))).toEqual(Array(200).fill("accepted"));
    expect(await countStored("/write-batch", "large-without-partition")).toBe(200);
  });
});

describe("Events that are known already", () => {
  test("the same again is a duplicate at the stored one's position, other content a conflict that changes nothing", async () => {
    const [stored] = await write([reading("known", '{"n":1}')]);
    const outcomes = await write([
      reading("known", '{ "n": 1 }'),
      reading("fresh"),
      reading("known", '{"n":2}'),
    ]);
    expect(outcomes).toEqual([
      { kind: "duplicate", position: stored?.position },
      { kind: "accepted", position: expect.any(String) },
      { kind: "conflict", position: stored?.position },
    ]);
    const kept = await listEnvelopes(database.sql, names, [stored?.position ?? ""]);
    expect(kept.get(stored?.position ?? "")?.data).toEqual({ encoding: "json", text: '{"n":1}' });
  });

  test("repeats within a batch are judged by the one that is stored", async () => {
    const outcomes = await write([
      reading("twice", "1"),
      reading("twice", "1"),
      reading("twice", "2"),
      reading("other"),
    ]);
    expect(kinds(outcomes)).toEqual(["accepted", "duplicate", "conflict", "accepted"]);
    expect(new Set(outcomes.slice(0, 3).map(({ position }) => position)).size).toBe(1);

    const later = await write([reading("twice", "2"), reading("twice", "1"), reading("twice", "2")]);
    expect(kinds(later)).toEqual(["conflict", "duplicate", "conflict"]);
  });

  test("a large batch with a few known ones stores all the others", async () => {
    await write([reading("large-7"), reading("large-999", '"other"')]);
    const outcomes = await write(readings("large", 1_200));
    expect(outcomes[7]?.kind).toBe("duplicate");
    expect(outcomes[999]?.kind).toBe("conflict");
    expect(outcomes.filter(({ kind }) => kind === "accepted")).toHaveLength(1_198);
    expect(kinds(await write(readings("large", 1_200))).filter((kind) => kind === "duplicate")).toHaveLength(
      1_199,
    );
  });

  test("writers that overlap store each event once, and each writer hears of every event", async () => {
    const pool = readings("overlap", 400);
    const rounds = Array.from({ length: 4 }, (_, writer) =>
      Array.from({ length: 12 }, (_, round) => {
        const size = round % 3 === 0 ? 150 : 20;
        return Array.from(
          { length: size },
          (_, n) => pool[(writer * 101 + round * 37 + n * (1 + writer * 2)) % 400],
        );
      }),
    );
    const outcomes = await Promise.all(
      rounds.map(async (batches) => {
        const all: WriteOutcome[] = [];
        for (const batch of batches) all.push(...(await write(batch.filter((one) => one !== undefined))));
        return all;
      }),
    );
    const asked = new Set(rounds.flat(2).map((one) => one?.identity));
    const accepted = outcomes.flat().filter(({ kind }) => kind === "accepted");
    expect(outcomes.flat()).toHaveLength(rounds.flat(2).length);
    expect(accepted).toHaveLength(asked.size);
    expect(outcomes.flat().some(({ kind }) => kind === "conflict")).toBe(false);
    expect(await countStored("/write-batch", "overlap")).toBe(asked.size);
  });
});
