import { once } from "node:events";
import type { Server } from "node:http";
import { type ConnectOptions, connect, type Database } from "#drizzle/db.ts";
import { migrate } from "#drizzle/migrate.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { Handlers } from "./bus/handlers.ts";
import { startBus } from "./bus/start-bus.ts";
import { Meters } from "./gauges/meters.ts";
import { instanceName } from "./gauges/record-process.ts";
import { startRecording } from "./gauges/start-recording.ts";
import { type Api, createApi } from "./http/api.ts";
import { createHttpServer, listen, type PagesState } from "./http/server.ts";
import { StoredIdentities } from "./identities/stored-identities.ts";
import { Ingest } from "./ingest/ingest.ts";
import { createBatchWriter } from "./ingest/write-batch.ts";
import { attachGateway } from "./live/gateway.ts";
import { DeclaredProcesses } from "./mediator/declared-processes.ts";
import { NameCache } from "./names/name-cache.ts";
import { openPages } from "./pages/pages.ts";
import { systemClock } from "./platform/clock.ts";
import type { Context } from "./platform/context.ts";
import { startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import type { Env } from "./platform/env.ts";
import { AppError, messageOf } from "./platform/errors.ts";
import type { Lifecycle } from "./platform/lifecycle.ts";
import type { Log } from "./platform/log.ts";
import { registerScenarios, resumeScenarios } from "./scenarios/register-scenarios.ts";
import { startScenario } from "./scenarios/start-scenario.ts";
import { startSchemas } from "./schemas/start-schemas.ts";
import { Streams } from "./streams/streams.ts";
import { createAppendWriter } from "./streams/write-appends.ts";
import { Tail } from "./tail/tail.ts";
import { startWorkers } from "./workers/start-workers.ts";

type StartOptions = {
  env: Env;
  log: Log;
  /** The name of a sample system to switch on, if any. */
  scenario: string | null;
  /** Told what is being done, in a line for people. */
  onProgress: (step: string) => void;
};

/** Connections of the pool: two writers, the tail, the workers, and readers beside them. */
const POOL_SIZE = 20;

/** Starts the parts of the server in order: database, ingest, tail, workers, API, sockets, pages, and the door last. */
export async function startServer(lifecycle: Lifecycle, options: StartOptions): Promise<void> {
  const { env, log, scenario, onProgress } = options;
  const embedded = env.databaseUrl === null ? await openEmbedded(lifecycle, options) : null;
  const database = await openDatabase(lifecycle, embedded?.options ?? env.databaseUrl ?? "", onProgress);
  const { ctx, tail } = await openIngest(lifecycle, database, env, log);
  await lifecycle.start("traces", async () => ({ value: null, stop: await openTraces(ctx) }));
  await lifecycle.start("recording", async () => {
    const { stop } = startRecording(ctx);
    return { value: null, stop };
  });
  await lifecycle.start("tail", async (stopping) => {
    const { done } = await tail.start(stopping);
    return { value: tail, stop: () => done };
  });
  registerScenarios(ctx);
  if (scenario !== null) await startScenario(ctx, scenario);
  if (env.roles.includes("worker")) {
    await resumeScenarios(ctx);
    const bus = await lifecycle.start("bus", async () => {
      const value = await startBus(ctx, tail);
      return { value, stop: value.stop };
    });
    await lifecycle.start("workers", async (stopping) => {
      const { done } = startWorkers(ctx, bus, stopping);
      return { value: null, stop: () => done };
    });
  }
  const url = await openDoor(lifecycle, ctx, tail, onProgress);
  await embedded?.announce(url);
  await noteStart(ctx, url);
  onProgress(`Nagare is ready: ${url}`);
}

/** Writes down that the server runs from now on: what came before it may have been missed. */
async function noteStart(ctx: Context, url: string): Promise<void> {
  const subject = new URL(url).host;
  await ctx.sql.begin((tx) =>
    insertAudit(tx, {
      actor: "server",
      action: "server.started",
      subject,
      details: { pid: process.pid, roles: ctx.env.roles },
    }),
  );
}

async function openEmbedded(lifecycle: Lifecycle, { env, log, onProgress }: StartOptions) {
  return lifecycle.start("postgres", async (signal) => {
    onProgress("Starting Postgres");
    const embedded = await startEmbeddedPostgres({
      dataDir: env.dataDir,
      log,
      onProgress,
      signal,
      onLost: (error) => lifecycle.fail("postgres", error),
    });
    return { value: embedded, stop: embedded.stop };
  });
}

async function openDatabase(
  lifecycle: Lifecycle,
  target: string | ConnectOptions,
  onProgress: (step: string) => void,
): Promise<Database> {
  return lifecycle.start("database", async () => {
    const database = connect(target, { max: POOL_SIZE });
    try {
      const applied = await migrate(database.sql);
      if (applied > 0)
        onProgress(`Prepared the database (${applied} ${applied === 1 ? "migration" : "migrations"})`);
      await ensureEventPartitions(database.sql);
    } catch (cause) {
      await database.close();
      if (cause instanceof AppError) throw cause;
      throw new AppError(
        "unavailable",
        `The database can't be used: ${messageOf(cause)}. Check DATABASE_URL.`,
        { cause },
      );
    }
    return { value: database, stop: database.close };
  });
}

async function openIngest(lifecycle: Lifecycle, { sql, db }: Database, env: Env, log: Log) {
  const names = new NameCache(sql);
  const identities = new StoredIdentities(sql);
  await identities.refresh();
  const tail = new Tail(sql, names, log);
  const meters = new Meters();
  const schemas = await lifecycle.start("schemas", () =>
    startSchemas(sql, { clock: systemClock, log, identities }),
  );
  const ingest = await lifecycle.start("ingest", async () => {
    const opened = new Ingest(createBatchWriter(sql, names, identities), {
      clock: systemClock,
      onCommit: () => tail.nudge(),
      schemas,
      meter: meters.ingest,
    });
    return { value: opened, stop: () => opened.close() };
  });
  const streams = await lifecycle.start("streams", async () => {
    const opened = new Streams(createAppendWriter(sql, names, identities), {
      clock: systemClock,
      onCommit: () => tail.nudge(),
      schemas,
      meter: meters.ingest,
    });
    return { value: opened, stop: () => opened.close() };
  });
  const handlers = new Handlers();
  const ctx: Context = {
    sql,
    db,
    names,
    identities,
    ingest,
    streams,
    schemas,
    handlers,
    processes: new DeclaredProcesses(),
    meters,
    clock: systemClock,
    log,
    env,
    actor: "api",
  };
  return { ctx, tail };
}

/** Works the page out that people see first: whoever comes first would wait for code and connections that were never used. */
async function warmUp(api: Api): Promise<void> {
  await api.inject({ method: "GET", url: "/api/v1/overview" }).catch(() => {});
}

/** Loads what sends traces only where they go anywhere. */
async function openTraces({ env, meters }: Context): Promise<() => Promise<void>> {
  if (env.otlp === null) return async () => {};
  const { openOtlpExport } = await import("./platform/otlp-export.ts");
  const sink = openOtlpExport(env.otlp, instanceName(env));
  meters.sendSpans(sink);
  return sink.close;
}

async function openDoor(
  lifecycle: Lifecycle,
  ctx: Context,
  tail: Tail,
  onProgress: (step: string) => void,
): Promise<string> {
  const { env } = ctx;
  const hasPages = env.roles.includes("web");
  const allowedHosts = [env.host.toLowerCase(), ...env.allowedHosts];
  let pages: PagesState = hasPages ? "opening" : null;
  let server: Server | undefined;
  return lifecycle.start("http", async () => {
    const api = await createApi(ctx, (listener) => {
      server = createHttpServer(listener, { pages: () => pages, allowedHosts });
      return server;
    });
    if (!server) throw new Error("The API made no server.");
    const http = server;
    const gateway = hasPages ? attachGateway(http, ctx, tail, { allowedHosts }) : null;
    if (gateway) ctx.meters.countLiveClients = gateway.countClients;
    const port = await listen(http, env);
    const warm = warmUp(api);
    const url = `http://${env.host.includes(":") ? `[${env.host}]` : env.host}:${port}`;
    const opened = hasPages ? await openConsole(http, ctx, port, onProgress) : null;
    pages = opened?.listener ?? null;
    const stop = async () => {
      await gateway?.close();
      await closeHttp(http);
      await warm;
      await api.close();
      await opened?.close();
    };
    return { value: url, stop };
  });
}

/** Takes no new connections, and waits until the requests under way are answered. */
async function closeHttp(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  // A connection that is kept alive becomes idle only when its last answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
}

async function openConsole(
  server: Server,
  { env, log }: Pick<Context, "env" | "log">,
  port: number,
  onProgress: (step: string) => void,
) {
  onProgress("Opening the console");
  const loopback = env.host === "0.0.0.0" || env.host === "::" ? "127.0.0.1" : env.host;
  const address = loopback.includes(":") ? `[${loopback}]` : loopback;
  process.env.NAGARE_INTERNAL_URL = `http://${address}:${port}`;
  return openPages({ isDevelopment: env.mode === "development", server, log });
}
