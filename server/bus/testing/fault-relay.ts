import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { Ingest } from "#server/ingest/ingest.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { readEnv } from "#server/platform/env.ts";
import { SchemaRegistry } from "#server/schemas/schema-registry.ts";
import { relayOutboxOnce } from "../relay-outbox.ts";

/**
 * A relay that stores what was published and goes no further, to be killed just there:
 * `node fault-relay.ts <connect options as JSON>`.
 */
// Written by the test that starts this process.
const { sql } = connect(JSON.parse(process.argv[2] ?? "{}") as ConnectOptions);
const ingest = new Ingest(createBatchWriter(sql, new NameCache(sql)), {
  clock: systemClock,
  onCommit: () => {},
  schemas: new SchemaRegistry(sql, { clock: systemClock }),
});
const append = ingest.append.bind(ingest);
ingest.append = async (events) => {
  await append(events);
  process.stdout.write("stored\n");
  return new Promise(() => {});
};
await relayOutboxOnce({ sql, ingest, env: readEnv({}) });
