import { once } from "node:events";
import { createServer } from "node:http";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase } from "#drizzle/testing/database.ts";
import { Meters } from "#server/gauges/meters.ts";
import { StoredIdentities } from "#server/identities/stored-identities.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { readEnv } from "#server/platform/env.ts";
import { createLog } from "#server/platform/log.ts";
import { SchemaRegistry } from "#server/schemas/schema-registry.ts";
import { Streams } from "#server/streams/streams.ts";
import { Tail } from "#server/tail/tail.ts";
import { Handlers } from "../../bus/handlers.ts";
import { attachGateway } from "../gateway.ts";

/** A gateway on a port of its own, with a database, and a tail that polls it. */
export async function openTestGateway() {
  const database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
  const { sql, db } = database;
  const log = createLog({ level: "warn", format: "text", destination: process.stderr });
  const names = new NameCache(sql);
  const ingest = new Ingest(async () => [], { clock: systemClock, onCommit: () => {} });
  const streams = new Streams(async () => [], { clock: systemClock, onCommit: () => {} });
  const ctx: Context = {
    sql,
    db,
    names,
    identities: new StoredIdentities(sql),
    ingest,
    streams,
    schemas: new SchemaRegistry(sql, { clock: systemClock }),
    handlers: new Handlers(),
    processes: new DeclaredProcesses(),
    meters: new Meters(),
    clock: systemClock,
    log,
    env: readEnv({}),
    actor: "test",
  };

  const stopping = new AbortController();
  const tail = new Tail(sql, names, log);
  const { done } = await tail.start(stopping.signal);
  const server = createServer((_request, response) => response.writeHead(404).end());
  const gateway = attachGateway(server, ctx, tail, { allowedHosts: [] });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  return {
    database,
    gateway,
    sql,
    tail,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await gateway.close();
      server.close();
      server.closeAllConnections();
      stopping.abort();
      await done;
      await database.drop();
    },
  };
}

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;
