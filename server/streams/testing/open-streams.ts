import { connect } from "#drizzle/db.ts";
import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase } from "#drizzle/testing/database.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { Meters } from "#server/gauges/meters.ts";
import { StoredIdentities } from "#server/identities/stored-identities.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { readEnv } from "#server/platform/env.ts";
import { createLog } from "#server/platform/log.ts";
import { Handlers } from "../../bus/handlers.ts";
import { SchemaRegistry } from "../../schemas/schema-registry.ts";
import type { StreamAppend } from "../stream-append.ts";
import { Streams } from "../streams.ts";
import { createAppendWriter } from "../write-appends.ts";

/** A database, and what appends to its streams; `another` is a second process as far as the database can tell. */
export async function openTestStreams() {
  const database = await createTestDatabase();
  await ensureEventPartitions(database.sql);
  const { sql, db } = database;
  const names = new NameCache(sql);
  const identities = new StoredIdentities(sql);
  const schemas = new SchemaRegistry(sql, { clock: systemClock });
  const timing = { clock: systemClock, onCommit: () => {}, schemas };
  const streams = new Streams(createAppendWriter(sql, names, identities), timing);
  const ctx: Context = {
    sql,
    db,
    names,
    identities,
    ingest: new Ingest(createBatchWriter(sql, names, identities), timing),
    streams,
    schemas,
    handlers: new Handlers(),
    processes: new DeclaredProcesses(),
    meters: new Meters(),
    clock: systemClock,
    log: createLog({ level: "error", format: "text", destination: process.stderr }),
    env: readEnv({}),
    actor: "test",
  };
  const others: { close: () => Promise<void> }[] = [];
  return {
    ctx,
    sql,
    url: database.url,
    streams,
    another: () => {
      const other = connect(database.options, { max: 3 });
      others.push(other);
      return new Streams(createAppendWriter(other.sql, new NameCache(other.sql)), timing);
    },
    close: async () => {
      for (const other of others) await other.close();
      await database.drop();
    },
  };
}

export type TestStreams = Awaited<ReturnType<typeof openTestStreams>>;

/** An append to an account, whose events carry these ids. */
export function accountAppend(
  aggregateId: string,
  expected: number | null,
  ids: readonly string[],
  change: Partial<EventEnvelope> = {},
): StreamAppend {
  const type = "account";
  return {
    type,
    aggregateId,
    expected,
    events: ids.map((id) => {
      const event: EventEnvelope = {
        ...emptyEnvelope("internal"),
        id,
        source: "/accounts",
        type: "account.credited",
        aggregateType: type,
        aggregateId,
        data: { encoding: "json", text: `{"of":"${id}"}` },
        ...change,
      };
      return { event, identity: eventIdentity(event.source, event.id) };
    }),
  };
}
