import { setTimeout as sleep } from "node:timers/promises";
import type { BenchContext } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import type { BenchServer } from "./harness/server.ts";
import type { FillJob } from "./load/fill-events.ts";

const DAY_MS = 86_400_000;
/** Fewer wait until there are more. */
const MAX_WITHOUT_POSTINGS = 4_096;
const LOADS = 2;

/** Stores many events, spread over five days. */
export async function storeEvents(
  bench: BenchContext,
  { login, database }: BenchServer,
  total: number,
): Promise<void> {
  const endUs = (Date.now() - 60_000) * 1000;
  const count = total / LOADS;
  await Promise.all(
    Array.from({ length: LOADS }, async (_, place) => {
      const load = startLoad<FillJob, unknown>("fill-events", bench.signal);
      await load.run({ login, first: place * count, count, total, endUs });
      await load.stop();
    }),
  );
  bench.say(`${total.toLocaleString("en-US")} events stored`);
  await database.sql`vacuum analyze events`;
  await database.sql`analyze identity_batches`;
}

/** Waits until so many stored events are counted, and found by what they are about. */
export async function waitUntilCounted(
  bench: BenchContext,
  { url, database }: BenchServer,
  total: number,
): Promise<void> {
  await moveLogEnd(url);
  for (let counted = 0; counted < total; ) {
    bench.signal.throwIfAborted();
    const [row] = await database.sql<{ counted: number }[]>`
      select coalesce(sum(events), 0)::int as counted from hourly_counts
      join interned_names on id = name_id where field = 'type'`;
    counted = row?.counted ?? 0;
    await sleep(500);
  }
  for (let waiting = total; waiting > MAX_WITHOUT_POSTINGS; ) {
    bench.signal.throwIfAborted();
    const [row] = await database.sql<{ waiting: number }[]>`
      select count(*)::int as waiting from events where position > event_postings_end()`;
    waiting = row?.waiting ?? 0;
    await sleep(500);
  }
  bench.say(`${total.toLocaleString("en-US")} events counted`);
}

/** Readers of the log stop at its end, which moves with the next event that is appended. */
async function moveLogEnd(url: string): Promise<void> {
  await fetch(`${url}/api/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents+json" },
    body: '{"specversion":"1.0","id":"last","source":"/bench","type":"bench.filled"}',
  });
}

/** What is asked for of so many stored events, each with a number in its path, so that no two in a row ask for the same. */
export function listQuestions(stored: number): [name: string, path: (turn: number) => string][] {
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
    ["topology of an hour", () => "/api/v1/topology"],
    ["overview", () => "/api/v1/overview"],
  ];
}
