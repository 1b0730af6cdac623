import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { appendTestEvents } from "#drizzle/testing/events.ts";
import { addPostings } from "./event-postings.ts";
import { ensureEventPartitions } from "./event-writing.ts";
import { newestNamed, newestOfEach, newestOfNames, oldestNamed } from "./named-events.ts";

const EVENTS = 6_000;
/** After how many events the postings are brought up to date; the last ones stay without. */
const POSTED_AFTER = [1_000, 1_500, 4_500];

let database: TestDatabase;
let log: { position: string; type_id: number; source_id: number; subject: string | null }[];
/** Two of which postings tell under one name. */
let sharing: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await ensureEventPartitions(sql);
  const [alike] = await sql<{ subjects: string[] }[]>`
    select array_agg(subject) as subjects from (select 'order-' || n as subject from generate_series(1, 300000) n) many
    group by subject_posting(subject) having count(*) = 2 limit 1`;
  sharing = alike?.subjects ?? [];
  for (let first = 0; first < EVENTS; first += 500) {
    const events = Array.from({ length: 500 }, (_, at) => {
      const n = first + at;
      const [own, shared] = [`subject-${n % 401}`, sharing[n % 2] ?? null];
      const subject = [null, shared, own, own, own][n % 5] ?? null;
      return { type: n % 701 === 0 ? "rare" : `type.${n % 3}`, source: `/source/${n % 97}`, subject };
    });
    const positions = await appendTestEvents(sql, events);
    if (POSTED_AFTER.includes(first + 500)) await addPostings(sql, positions.at(-1) ?? "0", 1);
  }
  log = await sql`select position, type_id, source_id, subject from events order by position`;
});
afterAll(() => database.drop());

test("every event up to the end of the postings stands in one of its type, one of its source and one of its subject, and no later one", async () => {
  const { sql } = database;
  const posted = await sql`
    select name_id, ((first >> 31) << 31) | low as position from event_postings, unnest(low_bits) low
    order by 1, 2`;
  const events = await sql`
    select name_id, position from events,
      lateral (values (type_id), (source_id), (subject_posting(subject))) named (name_id)
    where position <= event_postings_end() and name_id is not null order by 1, 2`;
  expect(events).toHaveLength(4_500 * 2 + 3_600);
  expect([...posted]).toEqual([...events]);
  const [row] = await sql`
    select bool_and(cardinality(low_bits) <= 64 and first = ((first >> 31) << 31) | low_bits[1]
      and last = ((first >> 31) << 31) | low_bits[cardinality(low_bits)]) as whole from event_postings`;
  expect(row?.whole).toBe(true);
});

test("few events wait until there are more", async () => {
  const [{ before } = { before: null }] = await database.sql`select event_postings_end() as before`;
  expect(await addPostings(database.sql, log.at(-1)?.position ?? "0")).toBe(false);
  const [{ after } = { after: null }] = await database.sql`select event_postings_end() as after`;
  expect(after).toBe(before);
});

test("what is found of a type, source or subject in a range, from either end, is what a look at every event finds", async () => {
  const { sql } = database;
  const place = fc.integer({ min: 0, max: EVENTS - 1 });
  const range = fc.record({ at: place, a: place, b: place, limit: fc.constantFrom(1, 7, 100, 5_000) });
  await fc.assert(
    fc.asyncProperty(
      range,
      fc.constantFrom("type_id" as const, "source_id" as const, "subject" as const),
      async (drawn, column) => {
        const [low, high] = [Math.min(drawn.a, drawn.b), Math.max(drawn.a, drawn.b)];
        const name = log[drawn.at]?.[column] ?? "nothing";
        const [from, before] = [log[low]?.position ?? "0", log[high]?.position ?? "0"];
        const found = log.slice(low, high).filter((event) => event[column] === name);
        const positions = found.map(({ position }) => position);
        const named = column === "subject" ? { subject: String(name) } : { column, name: Number(name) };
        const options = { ...named, from, before };
        const newest =
          await sql`select position from (${newestNamed(sql, options)} limit ${drawn.limit}) chosen`;
        const oldest =
          await sql`select position from (${oldestNamed(sql, options)} limit ${drawn.limit}) chosen`;
        expect(newest.map(({ position }) => position)).toEqual(positions.toReversed().slice(0, drawn.limit));
        expect(oldest.map(({ position }) => position)).toEqual(positions.slice(0, drawn.limit));
      },
    ),
    { numRuns: 60 },
  );
});

test("of two subjects that share a name in postings, each has its own events", async () => {
  const { sql } = database;
  expect(sharing).toHaveLength(2);
  for (const subject of sharing) {
    const rows = await sql`select position from (${newestNamed(sql, { subject })}) found`;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ position }) => position)).toEqual(
      log
        .filter((event) => event.subject === subject)
        .map(({ position }) => position)
        .toReversed(),
    );
  }
});

test("the newest of several names are the newest of them all", async () => {
  const { sql } = database;
  const some = [0, 1, 2, 3].map((at) => log[at]?.source_id ?? 0);
  const [from, before] = [log[900]?.position ?? "0", log[5_900]?.position ?? "0"];
  for (const limit of [1, 50, 5_000]) {
    const rows = await sql`
      select position from (${newestOfNames(sql, { column: "source_id", names: some, from, before, limit })}) found
      order by position desc limit ${limit}`;
    const all = log.slice(900, 5_900).filter(({ source_id }) => some.includes(source_id));
    expect(rows.map(({ position }) => position)).toEqual(
      all
        .map(({ position }) => position)
        .toReversed()
        .slice(0, limit),
    );
  }
});

test("the newest of each of several names are the newest of that name", async () => {
  const { sql } = database;
  const rare = log[0]?.type_id ?? 0;
  const names = [rare, log[1]?.type_id ?? 0, log[2]?.type_id ?? 0, 1_000_000];
  for (const [low, high] of [
    [0, EVENTS - 1],
    [900, 5_900],
    [200, 1_200],
    [5_000, 5_800],
  ] as const) {
    const [from, before] = [log[low]?.position ?? "0", log[high]?.position ?? "0"];
    for (const each of [1, 5, 700, 5_000]) {
      const rows = await sql<{ name_id: number; position: string }[]>`
        select * from (${newestOfEach(sql, { column: "type_id", names, from, before, each })}) found
        order by position desc`;
      for (const name of names) {
        const found = rows.filter(({ name_id }) => name_id === name).map(({ position }) => position);
        const all = log.slice(low, high).filter(({ type_id }) => type_id === name);
        expect(found).toEqual(
          all
            .map(({ position }) => position)
            .toReversed()
            .slice(0, each),
        );
      }
    }
  }
});

test("how far down so many events of a name reach is said by postings, and no further", async () => {
  const { sql } = database;
  const name = log[0]?.source_id ?? 0;
  const [row] = await sql`select floor_named(${name}, 0, 9223372036854775807, 20) as floor,
    floor_named(${name}, 0, 9223372036854775807, 100000) as none`;
  const above = await sql`
    select count(*)::int as events from events
    where source_id = ${name} and position >= ${row?.floor} and position <= event_postings_end()`;
  expect(above[0]?.events).toBeGreaterThan(20);
  expect(row?.none).toBeNull();
});
