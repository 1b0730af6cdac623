import { setTimeout as sleep } from "node:timers/promises";
import { SAGA_SORTS } from "#server/contract/sagas.ts";
import { fillSagas } from "#server/sagas/testing/fill-sagas.ts";
import type { BenchContext } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median, percentile } from "./harness/percentile.ts";
import { atLeastRatio, atMost, type BenchRow, forReading } from "./harness/rows.ts";
import type { BatchPostsJob, BatchPostsResult } from "./load/batch-posts.ts";
import type { RecogniseSagasJob } from "./load/recognise-sagas.ts";
import { timePosts } from "./time-posts.ts";

const LIMIT_MS = 100;
const SAGAS = 1_000_000;
const DAY_MS = 86_400_000;
/** As long as a piece of the recognition and the rest after it, or longer. */
const BEFORE_MS = 3_000;
/** Of the flows that are posted. */
const FLOW_EVENTS = 8;

/** Lists over a million sagas, with every sort and filter. */
export async function measureLists(bench: BenchContext): Promise<BenchRow[]> {
  const { url, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  await fillSagas(database.sql, SAGAS);
  bench.say(`${SAGAS.toLocaleString("en-US")} sagas stored`);
  const at = (days: number) => encodeURIComponent(new Date(Date.now() - days * DAY_MS).toISOString());
  const type = encodeURIComponent('["service:order","order.placed"]');
  const filters: [string, string][] = [
    ["nothing", ""],
    ["a state", "&state=stuck"],
    ["an ended state", "&state=failed"],
    ["states", "&state=waiting&state=completed"],
    ["a type", `&type=${type}`],
    ["a basis", "&basis=declared"],
    ["a step", `&step=${encodeURIComponent('["service:mail","do"]')}`],
    ["a key", "&q=order-123456"],
    ["a tail", "&q=4711"],
    ["nearly all keys", "&q=order"],
    ["a day", `&from=${at(3)}&to=${at(2)}`],
    ["a state and an hour", `&state=failed&from=${at(1)}&to=${at(0.96)}`],
  ];
  const times = bench.isQuick ? 5 : 20;
  const all: number[] = [];
  const rows: BenchRow[] = [];
  for (const [name, filter] of filters) {
    const own: number[] = [];
    for (const sort of SAGA_SORTS) {
      const took = await ask(`${url}/api/v1/sagas?sort=${sort}${filter}`, times, bench.signal);
      own.push(...took);
      bench.say(`${name}, ${sort}: ${percentile(took, 0.95).toFixed(1)} ms`);
    }
    all.push(...own);
    rows.push(
      forReading({ case: `sagas: a list by ${name}, p95`, figure: percentile(own, 0.95), unit: "ms" }),
    );
  }
  const counts = await ask(`${url}/api/v1/sagas/counts`, times, bench.signal);
  return [
    atMost(LIMIT_MS, { case: "sagas: a list of 1 million, p95", figure: percentile(all, 0.95), unit: "ms" }),
    ...rows,
    forReading({ case: "sagas: counts of 1 million, p95", figure: percentile(counts, 0.95), unit: "ms" }),
  ];
}

async function ask(url: string, times: number, signal: AbortSignal): Promise<number[]> {
  const took: number[] = [];
  for (let turn = 0; turn < times + 2; turn += 1) {
    const startedAt = performance.now();
    const response = await fetch(url, { signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url} was answered with ${response.status}: ${text}`);
    // The first ones warm up.
    if (turn >= 2) took.push(performance.now() - startedAt);
  }
  return took;
}

/**
 * Ingest alone, and with the recognition beside it, in turns, either first in every other round: the clock stops when
 * everything is stored. The recognition is behind all the time and works by pieces, each with a rest after it, so it has
 * worked for a while before a turn begins: that would hold a piece too many if it began with one. What is not recognised
 * when all turns are over is then recognised as fast as that goes.
 */
export async function measureRecognition(bench: BenchContext): Promise<BenchRow[]> {
  const { url, login, database } = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const http = startLoad<BatchPostsJob, BatchPostsResult>("batch-posts", bench.signal);
  const recogniser = startLoad<RecogniseSagasJob, null>("recognise-sagas", bench.signal);
  const events = bench.isQuick ? 20_000 : 300_000;
  const rounds = bench.isQuick ? 3 : 7;
  const postAlone = (round: number) => timePosts(http, { url, run: `a${round}`, events });
  const postBeside = async (round: number) => {
    await recogniser.run({ step: "start", login });
    await sleep(BEFORE_MS);
    const rate = await timePosts(http, { url, run: `b${round}`, events });
    await recogniser.run({ step: "stop" });
    return rate;
  };
  const rates: { alone: number; beside: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = round % 2 === 0 ? await postAlone(round) : null;
    const beside = await postBeside(round);
    const alone = before ?? (await postAlone(round));
    if (round === 0) continue;
    rates.push({ alone, beside });
    bench.say(`round ${round}: alone ${Math.round(alone)}, beside ${Math.round(beside)} events/s`);
  }
  const countSagas = async () =>
    (await database.sql<{ sagas: number }[]>`select count(*)::int as sagas from sagas`)[0]?.sagas ?? 0;
  const posted = (2 * events * (rounds + 1)) / FLOW_EVENTS;
  const left = posted - (await countSagas());
  const startedAt = performance.now();
  await recogniser.run({ step: "finish" });
  const perSecond = (left / (performance.now() - startedAt)) * 1000;
  await Promise.all([http.stop(), recogniser.stop()]);
  const recognised = await countSagas();
  if (recognised !== posted) throw new Error(`${recognised} of ${posted} sagas were recognised.`);
  const reference = median(rates.map(({ alone }) => alone));
  return [
    atLeastRatio(0.9, {
      case: "sagas: ingest with the recognition beside ingest without, median of the rounds' ratios",
      figure: reference * median(rates.map(({ alone, beside }) => beside / alone)),
      unit: "events/s",
      reference,
    }),
    forReading({ case: "sagas: recognised alone", figure: perSecond, unit: "flows/s" }),
  ];
}
