import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { percentile } from "./harness/percentile.ts";
import { atMost, type BenchRow } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import type { FillJob } from "./load/fill-events.ts";

const LIMIT_MS = 100;
const DAY_MS = 86_400_000;
/** Fewer wait until there are more. */
const MAX_WITHOUT_POSTINGS = 4_096;

/** Lists, filters, flows and single events with five million events stored, over HTTP. */
export const query: Benchmark = {
  name: "query",
  limitMs: 900_000,
  run: async (bench) => {
    const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest,worker" } });
    const stored = bench.isQuick ? 200_000 : 5_000_000;
    await fill(bench, server, stored);
    const times = bench.isQuick ? 20 : 60;
    const rows: BenchRow[] = [];
    for (const [name, path] of casesFor(stored)) {
      const p95 = await measure(server.url, path, times, bench.signal);
      rows.push(atMost(LIMIT_MS, { case: `query: ${name}, p95`, figure: p95, unit: "ms" }));
      bench.say(`${name}: p95 ${p95.toFixed(1)} ms`);
    }
    return rows;
  },
};

async function fill(
  bench: BenchContext,
  { login, url, database }: BenchServer,
  total: number,
): Promise<void> {
  const endUs = (Date.now() - 60_000) * 1000;
  const half = total / 2;
  const loads = [0, half].map((first) => ({
    first,
    load: startLoad<FillJob, unknown>("fill-events", bench.signal),
  }));
  await Promise.all(loads.map(({ first, load }) => load.run({ login, first, count: half, total, endUs })));
  await Promise.all(loads.map(({ load }) => load.stop()));
  await database.sql`vacuum analyze events`;
  await database.sql`analyze event_identities`;
  // The log's end moves with the next event that is appended; the hours are counted up to there.
  await fetch(`${url}/api/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents+json" },
    body: '{"specversion":"1.0","id":"last","source":"/bench","type":"bench.filled"}',
  });
  for (let counted = 0; counted < total; ) {
    bench.signal.throwIfAborted();
    const [row] = await database.sql<{ counted: number }[]>`
      select coalesce(sum(events), 0)::int as counted from hourly_counts
      join interned_names on id = name_id where field = 'type'`;
    counted = row?.counted ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  for (let waiting = total; waiting > MAX_WITHOUT_POSTINGS; ) {
    bench.signal.throwIfAborted();
    const [row] = await database.sql<{ waiting: number }[]>`
      select count(*)::int as waiting from events where position > event_postings_end()`;
    waiting = row?.waiting ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  bench.say(`${total.toLocaleString("en-US")} events stored and counted`);
}

/** Each request with a number in its path, so that no two in a row ask for the same. */
function casesFor(stored: number): [string, (turn: number) => string][] {
  const at = (turn: number) => (turn * 7_919_317) % stored;
  const flow = (turn: number) => Math.floor(at(turn) / 8);
  const day = (turn: number) => {
    const to = Date.now() - (1 + (turn % 3)) * DAY_MS;
    return `from=${new Date(to - DAY_MS).toISOString()}&to=${new Date(to).toISOString()}`;
  };
  const list = (path: (turn: number) => string) => (turn: number) => `/api/v1/events?${path(turn)}`;
  return [
    ["newest 50", list(() => "limit=50")],
    ["newest 500 with payload", list(() => "limit=500&include=data")],
    ["a day, days ago", list((turn) => day(turn))],
    ["frequent type", list(() => "type=shop.event.0")],
    ["type of one in 500,000", list(() => "type=shop.rare")],
    ["source of one in 500,000", list(() => "source=/services/rare")],
    ["rare type, a day", list((turn) => `type=shop.rare&${day(turn)}`)],
    ["frequent type, a day", list((turn) => `type=shop.event.0&${day(turn)}`)],
    ["rare type from a frequent source", list(() => "type=shop.event.39&source=/services/0")],
    ["uncommon type", list((turn) => `type=shop.event.${30 + (turn % 10)}`)],
    ["types by glob", list((turn) => `type=shop.event.${1 + (turn % 3)}*`)],
    ["source", list((turn) => `source=/services/${(turn * 37) % 500}`)],
    ["sources by glob", list(() => "source=/services/4*")],
    ["subject", list((turn) => `subject=customer-${(turn * 7) % 100_000}`)],
    ["subjects by glob", list((turn) => `subject=customer-${turn}*`)],
    ["kind", list(() => "kind=command")],
    ["correlation", list((turn) => `correlationid=flow-${flow(turn)}`)],
    ["type and source, a day", list((turn) => `type=shop.event.3&source=/services/${turn}&${day(turn)}`)],
    ["type and source that never meet", list(() => "type=bench.filled&source=/services/1")],
    ["text in the payload", list((turn) => `q=${encodeURIComponent(`"number":${at(turn)},`)}`)],
    ["text that nothing has", list(() => "q=no-such-text")],
    ["one event by id", (turn) => `/api/v1/events/by-id?id=stored-${at(turn)}`],
    ["flow", (turn) => `/api/v1/flows/flow-${flow(turn)}`],
    ["types with counts", () => "/api/v1/facets?field=type"],
    [
      "sources with counts, five days",
      () => `/api/v1/facets?field=source&from=${new Date(Date.now() - 5 * DAY_MS).toISOString()}`,
    ],
  ];
}

async function measure(
  url: string,
  path: (turn: number) => string,
  times: number,
  signal: AbortSignal,
): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < times + 5; turn += 1) {
    const startedAt = performance.now();
    const response = await fetch(`${url}${path(turn)}`, { signal });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path(turn)} was answered with ${response.status}.`);
    // The first ones warm up.
    if (turn >= 5) took.push(performance.now() - startedAt);
  }
  return percentile(took, 0.95);
}
