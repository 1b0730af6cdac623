import { copyInTurn } from "#drizzle/copy-binary.ts";
import { type ConnectOptions, connect, type Database } from "#drizzle/db.ts";
import { EVENT_COLUMNS, eventRows, identityRows } from "#drizzle/queries/event-rows.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { DEFAULT_LIMITS } from "#server/domain/envelope/read-element.ts";
import { readEnvelopes } from "#server/domain/envelope/read-envelopes.ts";
import { NameCache, type NameIds } from "#server/names/name-cache.ts";
import { wantedNames } from "#server/names/wanted-names.ts";
import { serveJobs } from "../harness/load-process.ts";
import { formatReading } from "./readings.ts";
import { eventText, identityText } from "./text-rows.ts";

export type RawCopyJob =
  | {
      step: "prepare";
      login: ConnectOptions;
      run: string;
      events: number;
      format: "binary" | "text";
      /** Rows of one transaction. */
      transaction: number;
      connections: number;
    }
  | { step: "go" };
export type RawCopyResult = { stored: number; elapsedMs: number };

type Chunk = { rows: number; identities: Buffer; events: Buffer };

let database: Database | null = null;
let format: "binary" | "text" = "binary";
let chunks: Chunk[] = [];
let writers = 1;

/** Copies rows that are ready to send: nothing but the driver, the socket and the database is measured. */
serveJobs<RawCopyJob, RawCopyResult>(async (job) => {
  if (job.step === "go") return copy();
  database ??= connect(job.login, { max: job.connections });
  writers = job.connections;
  format = job.format;
  chunks = [];
  for (let first = 0; first < job.events; first += job.transaction) {
    const size = Math.min(job.transaction, job.events - first);
    chunks.push(await prepare(database, job.run, first, size));
  }
  return { stored: 0, elapsedMs: 0 };
});

async function prepare({ sql }: Database, run: string, first: number, size: number): Promise<Chunk> {
  const body = Array.from({ length: size }, (_, at) => formatReading(run, first + at));
  const { events } = readEnvelopes(
    {
      contentType: "application/cloudevents-batch+json",
      headers: {},
      body: Buffer.from(`[${body.join(",")}]`),
    },
    DEFAULT_LIMITS,
  );
  const ids: NameIds = await new NameCache(sql).ensure(wantedNames(events.map(({ event }) => event)));
  const [row] = await sql<{ first: string }[]>`select begin_append(${size}) as first`;
  const start = Number(row?.first);
  const fresh = events.map(({ event }) => ({ event, identity: eventIdentity(event.source, event.id) }));
  if (format === "text") {
    return { rows: size, identities: identityText(fresh, start), events: eventText(fresh, start, ids) };
  }
  const positionOf = (index: number) => start + index;
  return {
    rows: size,
    identities: identityRows(fresh, positionOf),
    events: eventRows(fresh, positionOf, ids),
  };
}

async function copy(): Promise<RawCopyResult> {
  if (!database) throw new Error("Nothing was prepared.");
  const { sql } = database;
  const statements = ["identity_batches (first, prefixes)", `events (${EVENT_COLUMNS})`].map(
    (table) => `copy ${table} from stdin (format ${format})`,
  );
  const waiting = chunks.values();
  let stored = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (const chunk of waiting) {
        await copyInTurn(sql, statements, () => [() => chunk.identities, () => chunk.events]);
        stored += chunk.rows;
      }
    }),
  );
  return { stored, elapsedMs: performance.now() - startedAt };
}
