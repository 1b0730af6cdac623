import { readFile } from "node:fs/promises";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import type { BenchContext, Benchmark } from "./harness/benchmark.ts";
import { startLoad } from "./harness/load-process.ts";
import { median } from "./harness/percentile.ts";
import { atLeastRatio, type BenchRow, forReading } from "./harness/rows.ts";
import type { BenchServer } from "./harness/server.ts";
import type { StreamAppendsJob, StreamAppendsResult } from "./load/stream-appends.ts";
import { formatLogin, type StreamContender } from "./load/stream-contenders.ts";

const CONTENDERS = ["nagare", "emmett", "message-db"] as const;
const REFERENCES = [
  ["emmett", "@event-driven-io/emmett-postgresql"],
  ["message-db", "@eventide/message-db"],
] as const;
const UNIT = "appends/s";

/** Appends of one event with the expected version, beside other event stores on the same Postgres, in turns. */
export const streams: Benchmark = {
  name: "streams",
  limitMs: 180_000,
  run: async (bench) => {
    const server = await bench.startServer({ settings: { NAGARE_ROLES: "ingest" } });
    const logins = await installStores(server);
    const many = await measure(bench, server, logins, 64);
    const alone = await measure(bench, server, logins, 1);
    return [
      ...compareRates(many),
      ...listReadings("64 appenders", many),
      ...listReadings("1 appender", alone),
    ];
  },
};

type Logins = Record<StreamContender, ConnectOptions>;
type Results = ReadonlyMap<StreamContender, StreamAppendsResult[]>;

async function measure(
  bench: BenchContext,
  { database }: BenchServer,
  logins: Logins,
  appenders: number,
): Promise<Results> {
  const forMs = bench.isQuick ? 1_000 : 3_000;
  const rounds = bench.isQuick ? 1 : 5;
  const loads = new Map(
    CONTENDERS.map((name) => [
      name,
      startLoad<StreamAppendsJob, StreamAppendsResult>("stream-appends", bench.signal),
    ]),
  );
  for (const [contender, load] of loads)
    await load.run({ step: "open", contender, login: logins[contender] });
  const before = await countStreamEvents(database);
  const results = new Map<StreamContender, StreamAppendsResult[]>(CONTENDERS.map((name) => [name, []]));
  let acknowledged = 0;
  // The first round warms up; then they take turns, so that a drift of the machine meets all of them.
  for (let round = 0; round <= rounds; round += 1) {
    const said: string[] = [];
    for (const [name, load] of loads) {
      const result = await load.run({ step: "go", run: `r${appenders}-${round}`, appenders, forMs });
      if (name === "nagare") acknowledged += result.appended;
      if (round > 0) results.get(name)?.push(result);
      said.push(`${name} ${Math.round(perSecond(result)).toLocaleString("en-US")}`);
    }
    if (round > 0) bench.say(`${nameOf(appenders)}, round ${round}: ${said.join(", ")} ${UNIT}`);
  }
  for (const load of loads.values()) await load.stop();
  const stored = (await countStreamEvents(database)) - before;
  if (stored !== acknowledged)
    throw new Error(`${acknowledged} appends were acknowledged, but ${stored} are stored.`);

  return results;
}

function compareRates(results: Results): BenchRow[] {
  return REFERENCES.map(([name, title]) =>
    atLeastRatio(1, {
      case: `streams: 64 appenders beside ${title}`,
      figure: median(all(results, "nagare").map(perSecond)),
      unit: UNIT,
      reference: median(all(results, name).map(perSecond)),
    }),
  );
}

/** One appender that waits for each commit shows what a commit costs, not what a store can take. */
function listReadings(appenders: string, results: Results): BenchRow[] {
  return CONTENDERS.flatMap((name) => {
    const runs = all(results, name);
    return [
      forReading({ case: `streams: ${appenders}, ${name}`, figure: median(runs.map(perSecond)), unit: UNIT }),
      forReading({
        case: `streams: ${appenders}, ${name}, p99`,
        figure: median(runs.map(({ p99 }) => p99)),
        unit: "ms",
      }),
    ];
  });
}

function all(results: Results, name: StreamContender): StreamAppendsResult[] {
  return results.get(name) ?? [];
}

function nameOf(appenders: number): string {
  return appenders === 1 ? "1 appender" : `${appenders} appenders`;
}

function perSecond({ appended, elapsedMs }: StreamAppendsResult): number {
  return (appended / elapsedMs) * 1000;
}

async function countStreamEvents({ sql }: BenchServer["database"]): Promise<number> {
  const [row] = await sql<{ stored: number }[]>`select count(*)::int as stored from stream_events`;
  return row?.stored ?? 0;
}

/** Databases beside the server's own, with the tables of the other stores. */
async function installStores({ database, login }: BenchServer): Promise<Logins> {
  await database.sql`create database emmett`;
  await database.sql`create database message_db`;
  const logins: Logins = {
    nagare: login,
    emmett: { ...login, database: "emmett" },
    "message-db": { ...login, database: "message_db" },
  };
  const emmett = getPostgreSQLEventStore(formatLogin(logins.emmett));
  await emmett.schema.migrate();
  await emmett.close();
  await installMessageDb(logins["message-db"]);
  return logins;
}

/** In the order of its own `install.sh`, which needs psql. Views and privileges play no part in an append. */
const MESSAGE_DB_FILES = [
  "schema/message-store",
  "extensions/pgcrypto",
  "tables/messages",
  "types/message",
  "functions/message-store-version",
  "functions/hash-64",
  "functions/acquire-lock",
  "functions/category",
  "functions/is-category",
  "functions/id",
  "functions/cardinal-id",
  "functions/stream-version",
  "functions/write-message",
  "indexes/messages-id",
  "indexes/messages-stream",
  "indexes/messages-category",
];

async function installMessageDb(login: ConnectOptions): Promise<void> {
  const folder = new URL("./database/", import.meta.resolve("@eventide/message-db/package.json"));
  const { sql, close } = connect(login, { max: 1, connection: { search_path: "message_store,public" } });
  for (const file of MESSAGE_DB_FILES) {
    await sql.unsafe(await readFile(new URL(`${file}.sql`, folder), "utf8")).simple();
  }
  await close();
}
