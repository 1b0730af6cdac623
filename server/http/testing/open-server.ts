import type { Server } from "node:http";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { Meters } from "#server/gauges/meters.ts";
import { StoredIdentities } from "#server/identities/stored-identities.ts";
import type { WriteOutcome } from "#server/ingest/append-outcome.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import type { IngestEvent } from "#server/ingest/ingest-event.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import type { WriteBatch, WriteBufferLimits } from "#server/ingest/write-buffer.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { readEnv } from "#server/platform/env.ts";
import { createLog } from "#server/platform/log.ts";
import { Handlers } from "../../bus/handlers.ts";
import { SchemaRegistry } from "../../schemas/schema-registry.ts";
import { Streams } from "../../streams/streams.ts";
import { createAppendWriter } from "../../streams/write-appends.ts";
import { createApi } from "../api.ts";
import { createHttpServer, listen } from "../server.ts";

type EventWriter = WriteBatch<IngestEvent, WriteOutcome>;

export type TestServer = {
  /** On 127.0.0.1. */
  url: string;
  port: number;
  ctx: Context;
  database: TestDatabase;
  /** What was logged as a failure of the server's own, since the last call. */
  takeFailures: () => string[];
  close: () => Promise<void>;
};

type Options = {
  settings?: Record<string, string>;
  limits?: WriteBufferLimits;
  /** Put around the writer, to hold it up or to make it fail. */
  around?: (write: EventWriter) => EventWriter;
};

/** The API on a port of its own, with an empty database. */
export async function openTestServer({
  settings = {},
  limits,
  around = (write) => write,
}: Options = {}): Promise<TestServer> {
  const database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
  const { sql, db } = database;
  const names = new NameCache(sql);
  const identities = new StoredIdentities(sql);
  const failures: string[] = [];
  const log = createLog({
    level: "error",
    format: "json",
    destination: { write: (line) => failures.push(line) },
  });
  const schemas = new SchemaRegistry(sql, { clock: systemClock });
  const meters = new Meters();
  const ingest = new Ingest(around(createBatchWriter(sql, names, identities)), {
    clock: systemClock,
    onCommit: () => {},
    schemas,
    meter: meters.ingest,
    ...(limits ? { limits } : {}),
  });
  const streams = new Streams(createAppendWriter(sql, names, identities), {
    clock: systemClock,
    onCommit: () => {},
    schemas,
    meter: meters.ingest,
  });
  const env = readEnv(settings);
  const ctx: Context = {
    sql,
    db,
    names,
    identities,
    ingest,
    streams,
    schemas,
    handlers: new Handlers(),
    processes: new DeclaredProcesses(),
    meters,
    clock: systemClock,
    log,
    env,
    actor: "test",
  };
  const opened = Promise.withResolvers<Server>();
  const api = await createApi(ctx, (listener) => {
    const server = createHttpServer(listener, { pages: () => null, allowedHosts: [] });
    opened.resolve(server);
    return server;
  });
  const server = await opened.promise;
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ctx,
    database,
    takeFailures: () => failures.splice(0),
    close: async () => {
      await api.close();
      await Promise.all([ingest.close(), streams.close()]);
      await database.drop();
    },
  };
}
