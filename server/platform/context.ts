import type { Db, Sql } from "#drizzle/db.ts";
import type { Handlers } from "../bus/handlers.ts";
import type { Meters } from "../gauges/meters.ts";
import type { StoredIdentities } from "../identities/stored-identities.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { DeclaredProcesses } from "../mediator/declared-processes.ts";
import type { NameCache } from "../names/name-cache.ts";
import type { SchemaRegistry } from "../schemas/schema-registry.ts";
import type { Streams } from "../streams/streams.ts";
import type { Clock } from "./clock.ts";
import type { Env } from "./env.ts";
import type { Log } from "./log.ts";

/** What every verb gets first: where the data is, who acts, what time it is. */
export type Context = {
  sql: Sql;
  db: Db;
  names: NameCache;
  identities: StoredIdentities;
  ingest: Ingest;
  streams: Streams;
  schemas: SchemaRegistry;
  /** The in-process consumers of this program. */
  handlers: Handlers;
  /** The processes that this program's mediators run. */
  processes: DeclaredProcesses;
  /** What this process counts of its own work. */
  meters: Meters;
  clock: Clock;
  log: Log;
  env: Env;
  /** Who acts, for the audit trail: `console` for a person in the browser, `api`, or the name of a worker. */
  actor: string;
  /** The page on which a person asked for it; null where none was named. */
  view?: string | null;
};
