import { appendTestEvents } from "#drizzle/testing/events.ts";
import { type FlowShape, largeFlow } from "#server/domain/sagas/testing/large-flow.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { linkServices } from "#server/sagas/testing/link-services.ts";
import { FlowStore } from "#server/sagas/testing/store-flow.ts";
import type { BenchContext } from "./harness/benchmark.ts";
import { percentile } from "./harness/percentile.ts";
import { atMost, type BenchRow, forReading } from "./harness/rows.ts";

/** As many as a trace holds. */
const EVENTS = 10_000;
/** What the server may take of the time in which a trace opens. */
const LIMIT_MS = 300;
const SHAPES: readonly FlowShape[] = ["rounds", "chain", "fan"];
/** Those of the flows: each emits and takes events under one name. */
const SERVICES = [...Array.from({ length: 20 }, (_, n) => `s${n}`), "mediator", "hub"];
/** Other events in the log, so that a flow has to be found. */
const OTHERS = 20_000;

/** How long the API takes to give a trace of 10,000 events, as it is and as it was at a moment. */
export async function measureTraces(bench: BenchContext): Promise<BenchRow[]> {
  const { url, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const { sql } = database;
  await linkServices({ sql, names: new NameCache(sql) }, SERVICES);
  const store = new FlowStore(sql);
  const middles = new Map<FlowShape, string>();
  for (const shape of SHAPES) {
    const positions = await store.store(largeFlow(shape, EVENTS), { flow: shape });
    middles.set(shape, positions[EVENTS / 2] ?? "");
  }
  const others = bench.isQuick ? OTHERS : OTHERS * 10;
  for (let stored = 0; stored < others; stored += EVENTS) {
    await appendTestEvents(
      sql,
      Array.from({ length: EVENTS }, (_, n) => ({ correlationId: `other-${stored + n}` })),
    );
    bench.signal.throwIfAborted();
  }
  await sql`vacuum analyze`;
  const times = bench.isQuick ? 10 : 40;
  const rows: BenchRow[] = [];
  for (const shape of SHAPES) {
    const query = `${url}/api/v1/traces?by=correlation-id&value=${shape}`;
    const { p95, bytes } = await measure(query, times, bench.signal);
    bench.say(`${shape}: ${Math.round(bytes / 1000)} kB, p95 ${Math.round(p95)} ms`);
    rows.push(
      atMost(LIMIT_MS, { case: `sagas: a trace of 10,000 events (${shape}), p95`, figure: p95, unit: "ms" }),
    );
  }
  const half = `${url}/api/v1/traces?by=correlation-id&value=rounds&at=${middles.get("rounds")}`;
  return [
    ...rows,
    forReading({
      case: "sagas: the same trace as of its middle, p95",
      figure: (await measure(half, times, bench.signal)).p95,
      unit: "ms",
    }),
  ];
}

async function measure(
  url: string,
  times: number,
  signal: AbortSignal,
): Promise<{ p95: number; bytes: number }> {
  const took: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < times + 5; turn += 1) {
    const startedAt = performance.now();
    const response = await fetch(url, { signal });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`The trace was refused: ${text}`);
    // The first ones warm up.
    if (turn >= 5) took.push(performance.now() - startedAt);
    bytes = text.length;
  }
  return { p95: percentile(took, 0.95), bytes };
}
