import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPostings } from "#drizzle/queries/event-postings.ts";
import { type EventPage, listEvents as listRows } from "#drizzle/queries/event-reading.ts";
import { openTestAppend } from "#drizzle/testing/events.ts";
import type { EventFilter } from "#server/contract/events.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { EVENT_KINDS, type EventEnvelope } from "#server/domain/event.ts";
import { type PositionRange, resolveConditions } from "../../events/event-conditions.ts";
import { compileMatcher, spellings } from "../../events/event-matcher.ts";
import { listEvents } from "../../events/list-events.ts";
import { nameIds } from "../../tail/tail.ts";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

const EVENTS = 1_500;
const TYPES = [
  "order.placed",
  "order.paid",
  "order_placed",
  "stock.moved",
  "stock%",
  "Order.Placed",
  "a*b",
  "流れ.始まる",
];
const SOURCES = ["/shop", "/shop/eu", "/shop/us", "/ware\\house", "urn:x:1"];
const SUBJECTS = [null, "o-1", "o-2", "o-10", "O-1", "100%", "a_b", "axb", "é"];
const FLOWS = [null, "flow-1", "flow-2", "flow-3"];
const PAYLOADS = [
  '{"note":"Straße nach Zürich"}',
  '{"note":"\\u6d41\\u308c \\"quoted\\" a\\/b"}',
  '{"note":"流れ ÉCLAIR","n":12345678901234567890}',
  '{"path":"C:\\\\temp","rate":"50%"}',
  "[]",
];

type Stored = { position: string; event: EventEnvelope };

let server: TestServer;
let stored: Stored[] = [];

beforeAll(async () => {
  server = await openTestServer();
  const random = seeded(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // the lists hold something
  const events = Array.from({ length: EVENTS }, (_, n): EventEnvelope => {
    const text = pick(PAYLOADS);
    const isPlain = n % 13 === 0;
    return {
      ...emptyEnvelope("internal"),
      id: `e-${n}`,
      source: pick(SOURCES),
      type: pick(TYPES),
      subject: pick(SUBJECTS),
      kind: pick([null, ...EVENT_KINDS]),
      correlationId: pick(FLOWS),
      data: isPlain ? { encoding: "binary", bytes: Buffer.from("Zürich") } : { encoding: "json", text },
    };
  });
  for (let from = 0; from < EVENTS; from += 70) {
    stored.push(...(await append(events.slice(from, from + 70))));
    // The last ones are found without postings.
    if (from < EVENTS * 0.8) await addPostings(server.ctx.sql, stored.at(-1)?.position ?? "0", 1);
  }
  stored = stored.toReversed();
});
afterAll(() => server.close());

async function append(events: EventEnvelope[]): Promise<Stored[]> {
  const outcomes = await server.ctx.ingest.append(
    events.map((event) => ({ event, identity: eventIdentity(event.source, event.id) })),
  );
  return events.map((event, at) => {
    const outcome = outcomes[at];
    return { event, position: outcome?.kind === "accepted" ? outcome.position : "" };
  });
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** What the filter means, said in another way than the server says it. */
function matches({ position, event }: Stored, filter: EventFilter): boolean {
  const isLike = (text: string, globs: string[]) =>
    globs.some((glob) => {
      const parts = glob.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return new RegExp(`^${parts.join(".*")}$`, "su").test(text);
    });
  if (filter.type && !isLike(event.type, filter.type)) return false;
  if (filter.source && !isLike(event.source, filter.source)) return false;
  if (filter.subject && (event.subject === null || !isLike(event.subject, filter.subject))) return false;
  if (filter.kind && (event.kind === null || !filter.kind.includes(event.kind))) return false;
  if (filter.correlationid !== undefined && event.correlationId !== filter.correlationid) return false;
  if (filter.from !== undefined && microsOf(filter.from) > Number(position)) return false;
  if (filter.to !== undefined && microsOf(filter.to) <= Number(position)) return false;
  if (filter.q === undefined) return true;
  if (event.data.encoding !== "json") return false;
  const text = event.data.text.toLowerCase();
  return spellings(filter.q).some((spelling) => text.includes(spelling));
}

function microsOf(time: string): number {
  return Date.parse(`${time.slice(0, 19)}Z`) * 1000 + Number(time.slice(20, 26));
}

function timeAt(position: string): string {
  const micros = Number(position);
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19)}.${String(micros % 1_000_000).padStart(6, "0")}Z`;
}

const oneOf = <T>(list: readonly T[]) => fc.constantFrom(...list);
const some = <T>(one: fc.Arbitrary<T>) =>
  fc.option(fc.array(one, { minLength: 1, maxLength: 3 }), { nil: undefined });
const moment = fc.nat(EVENTS - 1).map((at) => () => timeAt(stored[at]?.position ?? "0"));
const texts = [
  "note",
  "STRASSE",
  "straße",
  "zürich",
  "ÉCLAIR",
  "éclair",
  "流れ",
  '"quoted"',
  "a/b",
  "C:\\temp",
  "50%",
  "_",
  "12345678901234567890",
  "absent",
];
const filters = fc
  .record({
    type: some(
      fc.oneof(oneOf(TYPES), oneOf(["order*", "*placed", "*", "o*e*d", "*%", "a*b", "none", "流れ*"])),
    ),
    source: some(fc.oneof(oneOf(SOURCES), oneOf(["/shop*", "*\\*", "/none"]))),
    subject: some(
      fc.oneof(oneOf(SUBJECTS.filter((one) => one !== null)), oneOf(["o-*", "*", "a_*", "%*", "none"])),
    ),
    kind: some(oneOf(EVENT_KINDS)),
    correlationid: fc.option(oneOf(["flow-1", "flow-2", "flow-none"]), { nil: undefined }),
    from: fc.option(moment, { nil: undefined }),
    to: fc.option(moment, { nil: undefined }),
    q: fc.option(oneOf(texts), { nil: undefined }),
  })
  .map(({ from, to, ...rest }): EventFilter => ({ ...rest, from: from?.(), to: to?.() }));

/** Pages on as a client does, with the server's own rule for where the next page begins. */
async function walk(
  filter: EventFilter,
  { limit, budget }: { limit: number; budget: number },
): Promise<EventPage[]> {
  const pages: EventPage[] = [];
  const range: PositionRange = {};
  for (;;) {
    const conditions = await resolveConditions(server.ctx.sql, filter, range);
    const page = await listRows(server.ctx.sql, conditions, { limit, budget, withData: false });
    pages.push(page);
    const next = page.rows.length === limit ? (page.rows.at(-1)?.position ?? null) : page.searchedFrom;
    if (next === null) return pages;
    range.before = next;
  }
}

describe("Listing events", () => {
  test("finds what the filter means and nothing else, in order, whatever the page size and the budget", async () => {
    let stoppedEarly = 0;
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.integer({ min: 1, max: 60 }),
        oneOf([100, 300, 50_000]),
        async (filter, limit, budget) => {
          const pages = await walk(filter, { limit, budget });
          const found = pages.flatMap(({ rows }) => rows.map((row) => row.position));
          expect(found).toEqual(stored.filter((one) => matches(one, filter)).map(({ position }) => position));
          stoppedEarly += pages.filter(
            ({ rows, searchedFrom }) => rows.length < limit && searchedFrom !== null,
          ).length;
          for (const { rows, searchedFrom } of pages) {
            if (searchedFrom !== null)
              expect(rows.every((row) => Number(row.position) >= Number(searchedFrom))).toBe(true);
          }
        },
      ),
      { numRuns: 250 },
    );
    expect(stoppedEarly).toBeGreaterThan(10);
  });

  test("means the same as the live view does by the same filter", async () => {
    const all = await resolveConditions(server.ctx.sql, {});
    const { rows } = await listRows(server.ctx.sql, all, { limit: EVENTS, budget: EVENTS, withData: true });
    const nameOf = await server.ctx.names.resolve(rows.flatMap(nameIds));
    fc.assert(
      fc.property(filters, (filter) => {
        const isMatch = compileMatcher(filter);
        const live = rows.filter((row) => isMatch(row, nameOf)).map((row) => row.position);
        const withoutEnd = { ...filter, to: undefined };
        expect(live).toEqual(
          stored.filter((one) => matches(one, withoutEnd)).map(({ position }) => position),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("says how far it searched, in the answer's own terms", async () => {
    const answer = await listEvents(server.ctx, { filter: { q: "absent" }, limit: 10, withData: false });
    expect(answer).toMatchObject({
      events: [],
      nextBefore: null,
      searched: { from: null, to: null, complete: true },
    });
    const page = await listEvents(server.ctx, { filter: {}, limit: 10, withData: true });
    expect(page.nextBefore).toBe(stored[9]?.position);
    expect(page.events.map(({ position }) => position)).toEqual(
      stored.slice(0, 10).map(({ position }) => position),
    );
    expect(page.events.every(({ data }) => data !== undefined)).toBe(true);
    expect(Number(page.asOf.position)).toBeGreaterThanOrEqual(Number(stored[0]?.position));
  });

  test("gives, page by page, every event up to the first answer's moment once, while others are appended", async () => {
    const { ctx } = server;
    let isDone = false;
    let round = 0;
    const writing = (async () => {
      while (!isDone) {
        round += 1;
        const slow = await openTestAppend(ctx.sql, [{ type: "paged" }, { type: "paged" }]);
        await append([
          { ...emptyEnvelope("internal"), id: `during-${round}`, source: "/shop", type: "paged" },
        ]);
        if (round % 3 === 0) await slow.abort();
        else await slow.commit();
      }
    })();
    try {
      for (let repeat = 0; repeat < 4; repeat += 1) {
        const filter: EventFilter = { type: ["order.paid", "paged"] };
        const found: string[] = [];
        let before: string | undefined;
        let upTo: string | null = null;
        do {
          const page = await listEvents(ctx, { filter, before, limit: 17, withData: false });
          upTo ??= page.asOf.position;
          found.push(...page.events.map(({ position }) => position));
          before = page.nextBefore ?? undefined;
        } while (before !== undefined);
        const expected = await ctx.sql<{ position: string }[]>`
          select position from events join interned_names on interned_names.id = type_id and name = any(${filter.type ?? []})
          where position <= ${upTo} order by position desc`;
        expect(found).toEqual([...new Set(found)].toSorted((a, b) => Number(b) - Number(a)));
        expect(found.filter((position) => Number(position) <= Number(upTo))).toEqual(
          expected.map(({ position }) => position),
        );
      }
    } finally {
      isDone = true;
      await writing;
    }
  });
});
