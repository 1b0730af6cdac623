import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { copyTestEvents, type TestEvent } from "#drizzle/testing/events.ts";
import { countRowsRead } from "#drizzle/testing/rows-read.ts";
import { EVENT_KINDS } from "#server/domain/event.ts";
import { pairNames } from "./common-positions.ts";
import { addPostings } from "./event-postings.ts";
import { type EventConditions, listEvents } from "./event-reading.ts";

const EVENTS = 12_000;
const HOUR_US = 3_600_000_000;
/** A row of postings holds positions of half an hour and of one round: both end within the log. */
const STEP_US = (3 * HOUR_US) / EVENTS;
/** After how many events the postings are brought up to date; the last ones stay without. */
const POSTED_AFTER = [1_000, 7_000, 11_000];
const END = "9007199254740991";

type Logged = { position: string; type_id: number; source_id: number; kind: number | null };

let database: TestDatabase;
let log: Logged[];
let types: Map<string, number>;
let sources: Map<string, number>;

/** Few types and many sources, frequent and rare; `/alone` sends all of type `alone`, and `/apart` none of `type.0`. */
function nthEvent(n: number): TestEvent {
  const skewed = (range: number, salt: number) => Math.floor(range * (((n * salt) % 997) / 997) ** 3);
  const kind = EVENT_KINDS[n % 3] ?? null;
  if (n % 8 === 5) return { type: "alone", source: "/alone", kind };
  if (n % 1_999 === 7) return { type: "type.1", source: "/apart", kind };
  return { type: `type.${skewed(24, 631)}`, source: `/source/${skewed(60, 787)}`, kind };
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  const start = (Math.floor(Date.now() / 1000) - 5 * 3_600) * 1_000_000;
  for (const hours of [-6, 0]) await sql`select ensure_event_partition(now() + ${hours} * interval '1 hour')`;
  let stored = 0;
  for (const end of [...POSTED_AFTER, EVENTS]) {
    const first = stored;
    const events = Array.from({ length: end - first }, (_, at) => nthEvent(first + at));
    await copyTestEvents(sql, events, (index) => start + (first + index) * STEP_US);
    if (end < EVENTS) await addPostings(sql, END, 1);
    stored = end;
  }
  await sql`vacuum analyze event_postings`;
  log = await sql<Logged[]>`select position, type_id, source_id, kind from events order by position`;
  types = await idsOf("type");
  sources = await idsOf("source");
});
afterAll(() => database.drop());

async function idsOf(field: string): Promise<Map<string, number>> {
  const rows = await database.sql<{ name: string; id: number }[]>`
    select name, id from interned_names where field = ${field}`;
  return new Map(rows.map(({ name, id }) => [name, id]));
}

type Asked = { types: number[]; sources: number[]; kinds: number[] | null; from: string; before: string };

function conditionsOf({ types, sources, kinds, from, before }: Asked): EventConditions {
  const nothingElse = { subjects: null, subjectLikes: null, correlationId: null, payloadLikes: null };
  return { from, before, types: { ids: types }, sources: { ids: sources }, kinds, ...nothingElse };
}

/** Asks on as a client does, and gives what each page had and how far down it was searched. */
async function walk(asked: Asked, options: { limit: number; budget: number }) {
  const pages: { positions: string[]; downTo: string | null }[] = [];
  let { before } = asked;
  for (;;) {
    const conditions = conditionsOf({ ...asked, before });
    const { rows, searchedFrom } = await listEvents(database.sql, conditions, {
      ...options,
      withData: false,
    });
    const positions = rows.map(({ position }) => position);
    const downTo = rows.length === options.limit ? (positions.at(-1) ?? null) : searchedFrom;
    pages.push({ positions, downTo });
    if (downTo === null) return pages;
    expect(Number(downTo)).toBeLessThan(Number(before));
    before = downTo;
  }
}

test("what is found of both a type and a source, page by page, is what a look at every event finds", async () => {
  const some = (names: () => Map<string, number>) =>
    fc
      .uniqueArray(fc.nat(100), { minLength: 1, maxLength: 20 })
      .map((places) => () => [
        ...new Set(places.map((place) => [...names().values()][place % names().size] ?? 0)),
      ]);
  const place = fc.integer({ min: 0, max: EVENTS });
  const pages = { found: 0, stoppedEarly: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.record({ types: some(() => types), sources: some(() => sources), low: place, high: place }),
      fc.option(fc.constant<number[]>([1]), { nil: null }),
      fc.record({ limit: fc.constantFrom(3, 50, 500), budget: fc.constantFrom(100, 1_000, 50_000) }),
      async (drawn, kinds, options) => {
        const [low, high] = [Math.min(drawn.low, drawn.high), Math.max(drawn.low, drawn.high)];
        const [from, before] = [log[low]?.position ?? END, log[high]?.position ?? END];
        const asked = { types: drawn.types(), sources: drawn.sources(), kinds, from, before };
        const expected = log
          .slice(low, high)
          .filter((event) => asked.types.includes(event.type_id) && asked.sources.includes(event.source_id))
          .filter(({ kind }) => kinds === null || kinds.includes(kind ?? -1))
          .map(({ position }) => position)
          .toReversed();
        const walked = await walk(asked, options);
        expect(walked.flatMap(({ positions }) => positions)).toEqual(expected);
        for (const { positions, downTo } of walked) {
          for (const position of positions) expect(Number(position)).toBeGreaterThanOrEqual(Number(downTo));
          if (downTo !== null && positions.length < options.limit) pages.stoppedEarly += 1;
        }
        pages.found += expected.length;
      },
    ),
    { numRuns: 120 },
  );
  expect(pages.found).toBeGreaterThan(1_000);
  expect(pages.stoppedEarly).toBeGreaterThan(10);
});

test("where a type comes from one source alone, the search goes on where one step has given as many as it may", async () => {
  const asked = askedOf(["alone"], ["/alone"], [1]);
  const expected = log
    .filter(({ type_id, kind }) => type_id === asked.types[0] && kind === 1)
    .map(({ position }) => position)
    .toReversed();
  expect(expected.length).toBeGreaterThan(400);
  const pages = await walk(asked, { limit: 500, budget: 50_000 });
  expect(pages.flatMap(({ positions }) => positions)).toEqual(expected);
});

/** The names' ids, for a question that is asked of all of the log. */
function askedOf(type: string[], source: string[], kinds: number[] | null = null): Asked {
  const ids = (of: Map<string, number>, names: string[]) => names.map((name) => of.get(name) ?? 0);
  return { types: ids(types, type), sources: ids(sources, source), kinds, from: "0", before: END };
}

const page = { limit: 50, budget: 50_000, withData: false };

test("of a type and a source that seldom meet, only the events that have both are read", async () => {
  const asked = askedOf(["type.0"], ["/source/1"]);
  const both = log.filter(
    (event) => asked.types.includes(event.type_id) && asked.sources.includes(event.source_id),
  );
  expect(both.length).toBeGreaterThan(10);
  const without = EVENTS - (POSTED_AFTER.at(-1) ?? 0);
  const read = await countRowsRead(database, "^events_2", async (sql) => {
    const { rows } = await listEvents(sql, conditionsOf(asked), { ...page, limit: 500 });
    expect(rows).toHaveLength(both.length);
  });
  expect(read).toBeLessThanOrEqual(without + both.length);
});

test("where events of a rare name are far apart, only those rows of a frequent one are read in which they may stand", async () => {
  const { sql } = database;
  const [rare, frequent, meeting] = [sources.get("/apart"), types.get("type.0"), types.get("type.1")];
  const [all] = await sql<{ rows: number }[]>`
    select count(*)::int as rows from event_postings where name_id = ${frequent ?? 0}`;
  expect(all?.rows).toBeGreaterThan(40);
  const look = async (connection: TestDatabase["sql"], others: number[], wanted: number) => {
    const [found] = await connection<{ positions: string[]; reached: string | null; work: string }[]>`
      select positions::text[], reached, work from common_positions(
        ${[rare ?? 0]}::int[], ${others}::int[], 0, ${END}, ${wanted}, 100)`;
    return found;
  };
  const apart = log.filter(({ source_id }) => source_id === rare).map(({ position }) => position);
  expect(await look(sql, [meeting ?? 0], 30)).toMatchObject({ positions: apart.toReversed() });
  const read = (wanted: number, work: string) =>
    countRowsRead(database, "^event_postings$", async (connection) => {
      const found = await look(connection, [frequent ?? 0], wanted);
      expect(found).toEqual({ positions: [], reached: null, work });
    });
  // Those of the rare name twice, for each of its events one of the other's, and some to see that there are many.
  expect(await read(30, "90")).toBeLessThanOrEqual(3 * apart.length + 16);
  expect(await read(1_000, String(1_000 + (all?.rows ?? 0)))).toBeGreaterThan(40);
});

test("those of a pair lead whose newest events in the range are further apart", async () => {
  const set = (column: "type_id" | "source_id", names: string[]) => {
    const of = column === "type_id" ? types : sources;
    return { column, ids: names.map((name) => of.get(name) ?? 0) };
  };
  const lead = async (type: string[], source: string[], range = { from: "0", before: END }) => {
    const pair = await pairNames(database.sql, [set("type_id", type), set("source_id", source)], range);
    return pair.rarer.column;
  };
  expect(await lead(["type.0"], ["/source/1"])).toBe("source_id");
  expect(await lead(["type.20"], ["/source/0"])).toBe("type_id");
  // Both have more postings than are looked at, or none at all in the range.
  expect(await lead(["type.0"], ["/alone"])).toBe("source_id");
  expect(await lead(["type.20"], ["/source/0"], { from: "0", before: "1" })).toBe("source_id");
});
