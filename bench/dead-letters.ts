import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { atMost, type BenchRow, forReading } from "./harness/rows.ts";
import { timeQuestion } from "./harness/time-question.ts";
import { measureReplaying, measureSelecting } from "./replaying.ts";
import { type StoredLetters, storeLetters } from "./stored-letters.ts";

const CASES_LIMIT_MS = 100;
const SEARCH_LIMIT_MS = 300;

/** Failure cases and dead letters as they are looked through when a million are there, and replays of them. */
export const deadLetters: Benchmark = {
  name: "dead-letters",
  limitMs: 1_800_000,
  run: async (bench) => [...(await measureReading(bench)), ...(await measureReplaying(bench))],
};

async function measureReading(bench: BenchContext): Promise<BenchRow[]> {
  const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
  const { url, database } = server;
  const startedAt = performance.now();
  const stored = await storeLetters(database, {
    letters: bench.isQuick ? 50_000 : 1_000_000,
    cases: bench.isQuick ? 500 : 5_000,
    signal: bench.signal,
  });
  const tookSeconds = Math.round((performance.now() - startedAt) / 1000);
  bench.say(`${stored.letters.toLocaleString("en-US")} dead letters stored in ${tookSeconds} s`);
  const times = bench.isQuick ? 20 : 60;
  const rows: BenchRow[] = [];
  const cases = [
    ...listCases(stored).map(([name, path]) => ({ name, path, limitMs: CASES_LIMIT_MS })),
    ...listSearches(stored).map(([name, path]) => ({ name, path, limitMs: SEARCH_LIMIT_MS })),
    ...listDetails(stored).map(([name, path]) => ({ name, path, limitMs: null })),
  ];
  for (const { name, path, limitMs } of cases) {
    const figure = await timeQuestion(url, path, { times, signal: bench.signal });
    bench.say(`${name}: p95 ${figure.toFixed(1)} ms`);
    const row = { case: `dead letters: ${name}, p95`, figure, unit: "ms" };
    rows.push(limitMs === null ? forReading(row) : atMost(limitMs, row));
  }
  rows.push(...(await measureSelecting(bench, server)));
  return rows;
}

type Path = (turn: number) => string;
type Case = [name: string, path: Path];

const text = encodeURIComponent;

function listCases({ consumers, types }: StoredLetters): Case[] {
  const list =
    (query: Path): Path =>
    (turn) =>
      `/api/v1/failure-cases?${query(turn)}`;
  return [
    ["cases by harm", list(() => "window=24h")],
    ["cases by harm, a week, 200", list(() => "window=7d&limit=200")],
    ["cases by newest, page 20", list(() => "sort=newest&offset=950")],
    ["cases of a consumer", list((turn) => `consumer=${consumers[turn % consumers.length]?.name}`)],
    ["cases of types by glob", list((turn) => `type=${types[turn % types.length]}*&sort=parked`)],
    ["cases with a text in the error", list((turn) => `q=${text(`Step ${"abcde"[turn % 5]}`)}`)],
    ["cases with a text that none has", list((turn) => `q=nothing-${turn}`)],
  ];
}

function listSearches({ letters, consumers, types, startUs, stepUs }: StoredLetters): Case[] {
  const at = (turn: number) => (turn * 7_919_317) % letters;
  const list =
    (query: Path): Path =>
    (turn) =>
      `/api/v1/dead-letters?limit=100&${query(turn)}`;
  const consumer = (turn: number) => consumers[(turn * 13) % consumers.length]?.name;
  const type = (turn: number) => types[(turn * 7) % types.length];
  const moment = (turn: number) => new Date((startUs + at(turn) * stepUs) / 1000).toISOString();
  return [
    ["newest letters", list(() => "")],
    ["parked letters, deep in the list", list((turn) => `status=parked&before=${at(turn)}`)],
    ["letters of a consumer and a type", list((turn) => `consumer=${consumer(turn)}&type=${type(turn)}`)],
    ["letters of consumers by glob", list((turn) => `consumer=service-${turn % 5}*&status=discarded`)],
    ["letters of a case", list((turn) => `case=${1 + (turn % 400)}&status=parked`)],
    ["resolved letters", list((turn) => `status=resolved&before=${at(turn)}`)],
    ["resolved letters of a case", list((turn) => `case=${1 + (turn % 400)}&status=resolved`)],
    ["letters of a key", list((turn) => `key=customer-${at(turn) % 100_000}`)],
    ["letters of a flow", list((turn) => `correlationid=flow-${Math.floor(at(turn) / 4)}`)],
    ["letters of an event", list((turn) => `eventid=letter-${at(turn)}`)],
    ["letters of a source", list((turn) => `source=/services/${turn % 40}`)],
    ["letters until a moment", list((turn) => `to=${text(moment(turn))}`)],
    ["error text that many have", list((turn) => `error=${text(`step ${"abcde"[turn % 5]} failed`)}`)],
    ["error text that one has", list((turn) => `error=${text(`the answer was ${letters - 1 - turn * 97}`)}`)],
    ["error text that none has", list((turn) => `error=nothing-${turn}`)],
    [
      "error text in a consumer and a type",
      list((turn) => `error=nothing&consumer=${consumer(turn)}&type=${type(turn)}`),
    ],
    ["payload text that many have", list((turn) => `q=${text(`"AB-${turn}"`)}`)],
    ["payload text that none has", list((turn) => `q=nothing-${turn}`)],
    ["payload text in a case", list((turn) => `q=nothing-${turn}&case=${1 + (turn % 400)}`)],
  ];
}

function listDetails({ letters, startUs, stepUs }: StoredLetters): Case[] {
  // The newest letter of a case is looked up first, as a page does.
  const place = (turn: number) => startUs + ((turn * 7_919_317) % letters) * stepUs;
  return [
    ["one case", (turn) => `/api/v1/failure-cases/${1 + (turn % 400)}`],
    ["one event of a letter", (turn) => `/api/v1/events/${place(turn)}`],
  ];
}
