import { createConnection, type Socket } from "node:net";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { Options, Sql as PostgresSql, PostgresType, TransactionSql } from "postgres";
import { drizzle, postgres } from "./driver.ts";
import * as schema from "./schema/tables.ts";

export type Schema = typeof schema;
export type Db = PostgresJsDatabase<Schema>;

/** A pool, or one transaction of it: what a query function with hand-written SQL takes first. */
export type Sql = PostgresSql;
export type SqlTx = TransactionSql;

export type ConnectOptions = Options<Record<string, PostgresType>>;

/**
 * One pool, seen two ways: `sql` for hand-written statements and COPY, `db` for typed queries. In both, `bigint`
 * comes as a decimal string. Through `sql`, timestamps and JSON go in as text: pass an ISO string with
 * `::timestamptz`, `JSON.stringify(…)` with `::jsonb`.
 */
export type Database = {
  sql: Sql;
  db: Db;
  /** Waits for running queries, at most five seconds, then closes the pool. */
  close: () => Promise<void>;
};

/**
 * Opens a pool. Nothing is sent before the first query.
 *
 * @param target a `postgres://` address (`?host=/folder` names a Unix socket), or the driver's options (host, port,
 * database, user, password).
 */
export function connect(target: string | ConnectOptions, options: ConnectOptions = {}): Database {
  const { address, host } = splitSocketFolder(typeof target === "string" ? target : null);
  const settings: ConnectOptions = {
    max: 10,
    idle_timeout: 60,
    connect_timeout: 10,
    backoff: reconnectDelay,
    onnotice: () => {},
    // The driver takes them; its types leave them out. At the end of a full pipeline it would begin a transaction
    // without keeping the connection for it (porsager/postgres#1189): no pipeline is ever full.
    ...({ socket: createSocketOpener(), max_pipeline: Number.MAX_SAFE_INTEGER } as ConnectOptions),
    ...(typeof target === "string" ? {} : target),
    ...(host === null ? {} : { host }),
    ...options,
    connection: { application_name: "nagare", ...options.connection },
  };
  const sql = address === null ? postgres(settings) : postgres(address, settings);
  return { sql, db: drizzle(sql, { schema }), close: () => sql.end({ timeout: 5 }) };
}

/**
 * Seconds until a lost connection is opened again. The driver counts the failures of all connections of the pool
 * together, so that by its own rule each waits up to 20 seconds after a restart of the database.
 */
function reconnectDelay(failures: number): number {
  return (0.5 + Math.random() / 2) * Math.min(2 ** failures / 100, 1);
}

/** `postgres://user@localhost/name?host=/var/run/postgresql` is how other clients name a socket; the driver does not know it. */
function splitSocketFolder(target: string | null): { address: string | null; host: string | null } {
  if (target === null || !URL.canParse(target)) return { address: target, host: null };
  const url = new URL(target);
  const host = url.searchParams.get("host");
  if (!host?.startsWith("/")) return { address: target, host: null };
  url.searchParams.delete("host");
  return { address: url.href, host };
}

type DriverAddress = { host: string[]; port: number[]; path: string | null };

/**
 * Opens sockets that send at once, to one host of the address after the other. The driver's own wait with the small
 * message that ends a COPY until the rows before it are acknowledged, which over TCP the other side puts off by 40 ms.
 */
function createSocketOpener(): (address: DriverAddress) => Socket {
  let attempts = 0;
  return ({ host: hosts, port: ports, path }) => {
    if (path) return createConnection(path);
    const place = attempts++ % hosts.length;
    const [host, port] = [hosts[place] ?? "localhost", ports[place] ?? 5432];
    // The driver reads them again: the host for TLS, both for its messages.
    return Object.assign(createConnection({ host, port, noDelay: true }), { host, port });
  };
}
