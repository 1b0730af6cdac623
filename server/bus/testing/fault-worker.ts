import { flushCompileCache } from "node:module";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { createLog } from "#server/platform/log.ts";
import { SchemaRegistry } from "#server/schemas/schema-registry.ts";
import { Bus } from "../bus.ts";
import { Handlers } from "../handlers.ts";
import { createPostEvent } from "../http-target.ts";
import { faultHandlers } from "./fault-handlers.ts";

/** A worker in a process of its own, to be killed: `node fault-worker.ts <connect options as JSON> <lease ms>`. */
const [options = "{}", leaseMs = "1000"] = process.argv.slice(2);
// Written by the test that starts this process.
const { sql } = connect(JSON.parse(options) as ConnectOptions, { max: 12 });
const handlers = new Handlers();
for (const [name, handler] of Object.entries(faultHandlers(sql))) handlers.register(name, handler);
const bus = new Bus({
  sql,
  names: new NameCache(sql),
  clock: systemClock,
  log: createLog({ level: "silent", format: "json" }),
  handlers,
  schemas: new SchemaRegistry(sql, { clock: systemClock }),
  leaseMs: Number(leaseMs),
  postEvent: createPostEvent({ allowedTargets: ["127.0.0.0/8"] }, { clock: systemClock }),
});
await bus.start();
flushCompileCache(); // who is killed leaves no other chance
process.stdout.write("ready\n");
