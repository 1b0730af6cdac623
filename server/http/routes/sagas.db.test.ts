import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  SAGA_SORTS,
  type SagaDto,
  type SagaFilter,
  type SagaSort,
  sagaPageSchema,
} from "#server/contract/sagas.ts";
import { SAGA_STATES } from "#server/domain/sagas/saga.ts";
import { TRACE_BASES } from "#server/domain/sagas/trace.ts";
import { countSagas } from "../../sagas/count-sagas.ts";
import { getSaga } from "../../sagas/get-saga.ts";
import { listSagas } from "../../sagas/list-sagas.ts";
import { STATES_BY_HARM } from "../../sagas/saga-numbers.ts";
import { fillSagas } from "../../sagas/testing/fill-sagas.ts";
import { openTestServer, type TestServer } from "../testing/open-server.ts";

const SAGAS = 20_000;
const NOW = new Date();

let server: TestServer;
let all: SagaDto[];

beforeAll(async () => {
  server = await openTestServer();
  server.ctx.clock = { ...server.ctx.clock, now: () => NOW };
  await fillSagas(server.ctx.sql, SAGAS);
  all = await listAll({}, "oldest", 10_000);
});
afterAll(() => server.close());

/** Page by page. */
async function listAll(filter: SagaFilter, sort: SagaSort, few: number, limit = 200): Promise<SagaDto[]> {
  const found: SagaDto[] = [];
  let after: string | undefined;
  do {
    const page = await listSagas(server.ctx, { filter, sort, after, limit }, { few });
    found.push(...page.sagas);
    after = page.nextAfter ?? undefined;
  } while (after !== undefined);
  return found;
}

function matches(saga: SagaDto, { state, type, basis, step, q, from, to }: SagaFilter): boolean {
  const begin = q?.toLowerCase() ?? "";
  const texts = [saga.key ?? "", saga.key?.split("-")[1] ?? "", saga.reference.value];
  return (
    (state?.includes(saga.state) ?? true) &&
    (type?.includes(saga.type) ?? true) &&
    (basis?.includes(saga.basis) ?? true) &&
    (step === undefined || saga.awaits?.step.key === step) &&
    texts.some((text) => text.startsWith(begin)) &&
    (from === undefined || saga.startedAt >= from) &&
    (to === undefined || saga.startedAt < to)
  );
}

/** What the rows have to be sorted by, smallest first. */
function rank(saga: SagaDto, sort: SagaSort): number[] {
  const [startedMs, sinceMs] = [Date.parse(saga.startedAt), Date.parse(saga.since)];
  if (sort === "attention") return [STATES_BY_HARM.indexOf(saga.state), sinceMs];
  if (sort === "longest")
    return [startedMs - (saga.endedAt === null ? NOW.getTime() : Date.parse(saga.endedAt))];
  return [sort === "newest" ? -startedMs : startedMs];
}

const day = (n: number) => new Date(NOW.getTime() - n * 86_400_000).toISOString();

test("pages hold what the filter says, in the order of the sort, each once, whichever way they are read", async () => {
  const types = [...new Set(all.map(({ type }) => type))];
  expect(all).toHaveLength(SAGAS);
  await fc.assert(
    fc.asyncProperty(
      fc.record(
        {
          state: fc.subarray([...SAGA_STATES], { minLength: 1 }),
          type: fc.subarray(types, { minLength: 1 }),
          basis: fc.subarray([...TRACE_BASES], { minLength: 1 }),
          step: fc.constantFrom('["service:payment","do"]', '["service:mail","do"]', "nowhere"),
          q: fc.constantFrom("ORDER-1", "12", "ab", "order-777", "nobody", "order-1_"),
          from: fc.constantFrom(day(6), day(1)),
          to: fc.constantFrom(day(3), day(0.5)),
        },
        { requiredKeys: [] },
      ),
      fc.constantFrom(...SAGA_SORTS),
      fc.constantFrom(0, 500, 10_000),
      fc.constantFrom(47, 200),
      async (given, sort, few, limit) => {
        // A long way of small pages says nothing more.
        const filter: SagaFilter = limit < 200 ? { ...given, from: day(1) } : given;
        const found = await listAll(filter, sort, few, limit);
        const ids = found.map(({ id }) => id);
        expect(ids.toSorted()).toEqual(
          all
            .filter((saga) => matches(saga, filter))
            .map(({ id }) => id)
            .toSorted(),
        );
        const ranks = found.map((saga) => rank(saga, sort));
        // Text has milliseconds, the table microseconds.
        expect(ranks).toEqual(
          ranks.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("an `after` of another sort, or none, is refused", async () => {
  const input = { filter: {}, limit: 1 };
  const { nextAfter } = await listSagas(server.ctx, { ...input, sort: "newest" });
  for (const after of [nextAfter ?? "", "nonsense"]) {
    await expect(listSagas(server.ctx, { ...input, sort: "oldest", after })).rejects.toThrow("`after`");
  }
});

test("counts are those of the rows, by state, type and step", async () => {
  const { states, types, recognised } = await countSagas(server.ctx);
  expect(states).toEqual(
    Object.fromEntries(SAGA_STATES.map((state) => [state, count((saga) => saga.state === state)])),
  );
  for (const { type, waiting } of types) {
    for (const { step, state, sagas } of waiting) {
      const isThere = (saga: SagaDto) =>
        saga.type === type && saga.state === state && saga.awaits?.step.key === step.key;
      expect(sagas).toBe(count(isThere));
    }
  }
  expect(recognised.behindMs).toBe(0);
});

function count(isCounted: (saga: SagaDto) => boolean): number {
  return all.filter(isCounted).length;
}

test("a saga is given by its id, and what is none is said", async () => {
  const [saga] = all;
  expect(await getSaga(server.ctx, saga?.id ?? "")).toEqual(saga);
  await expect(getSaga(server.ctx, crypto.randomUUID())).rejects.toMatchObject({ code: "not-found" });
});

const FILTERS: [string, SagaFilter][] = [
  ["nothing", {}],
  ["a state", { state: ["stuck"] }],
  ["many states", { state: ["waiting", "running", "completed"] }],
  ["a basis", { basis: ["declared"] }],
  ["a step", { step: '["service:mail","do"]' }],
  ["a key", { q: "order-12" }],
  ["the tail of a key", { q: "777" }],
  ["the beginning of nearly all keys", { q: "order" }],
  ["a window", { from: day(0.1) }],
];

test.each(FILTERS)("a page filtered by %s reads the table by its indexes", async (_, filter) => {
  const { sql } = server.ctx;
  const connection = await sql.reserve();
  const countScans = async () => {
    await connection`select pg_stat_force_next_flush()`;
    await connection`select 1`;
    const [row] = await connection<{ scans: number }[]>`
      select seq_scan::int as scans from pg_stat_user_tables where relname = 'sagas'`;
    return row?.scans ?? 0;
  };
  try {
    const before = await countScans();
    const ctx = { ...server.ctx, sql: connection };
    for (const sort of SAGA_SORTS) {
      for (const few of [0, 1_000]) await listSagas(ctx, { filter, sort, limit: 50 }, { few });
    }
    expect((await countScans()) - before).toBe(0);
  } finally {
    connection.release();
  }
});

test("the API gives lists, counts, sagas and maps, and refuses what it doesn't know", async () => {
  const get = async (path: string) => {
    const response = await fetch(`${server.url}/api/v1/sagas${path}`);
    return { status: response.status, body: await response.json() };
  };
  const page = await get("?sort=longest&state=stuck&state=failed&limit=2&q=ORDER-1");
  expect(page).toMatchObject({
    status: 200,
    body: { sagas: [{ events: 5 }, {}], recognised: { behindMs: 0 } },
  });
  const [first] = sagaPageSchema.parse(page.body).sagas;
  expect((await get(`/${first?.id}`)).body).toEqual(first);
  expect(await get("/counts")).toMatchObject({
    status: 200,
    body: { states: { stuck: expect.any(Number) } },
  });
  const map = await get(`/map?type=${encodeURIComponent(first?.type ?? "")}`);
  expect(map).toMatchObject({
    status: 200,
    body: { flows: 0, steps: expect.arrayContaining([expect.objectContaining({ name: "do" })]) },
  });
  expect((await get("?after=nothing")).status).toBe(400);
  expect((await get("/counts?state=stuck")).status).toBe(400);
  expect(await get("?from=0000-01-01T00:00:00Z")).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("year") },
  });
  expect((await get("/map?type=nobody")).status).toBe(404);
});
