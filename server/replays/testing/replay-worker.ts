import { flushCompileCache } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { subscriptionOfDueTopic, TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { LetterKeeper } from "#server/dead-letters/keep-letters.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { createLog } from "#server/platform/log.ts";
import { Bus } from "../../bus/bus.ts";
import { Handlers } from "../../bus/handlers.ts";
import { createPostEvent } from "../../bus/http-target.ts";
import { runReplays } from "../run-replays.ts";
import { isPoison, poisonError } from "./replay-faults.ts";

/** A worker with bus, keeper and runner in a process of its own, to be killed: `<connect options> <lease ms>`. */
const [options = "{}", leaseMs = "1000"] = process.argv.slice(2);
// Written by the test that starts this process.
const { sql } = connect(JSON.parse(options) as ConnectOptions, { max: 12 });
const log = createLog({ level: "silent", format: "json" });
const names = new NameCache(sql);
const handlers = new Handlers();
for (const consumer of ["keyed", "single"]) {
  handlers.register(consumer, {
    transaction: "each",
    handle: async ({ id }, { tx }) => {
      await tx`insert into effects (consumer, id) values (${consumer}, ${id})`;
      if (consumer === "single" && isPoison(Number(id))) throw poisonError();
    },
  });
}
handlers.register("plain", {
  transaction: "none",
  handle: async ({ id }) => {
    await sql`insert into effects (consumer, id) values ('plain', ${id})`;
  },
});
const postEvent = createPostEvent({ allowedTargets: [] }, { clock: systemClock });
const bus = new Bus({ sql, names, clock: systemClock, log, handlers, leaseMs: Number(leaseMs), postEvent });
await bus.start();
await sql.listen(TOPICS_CHANNEL, (topic) => {
  const due = subscriptionOfDueTopic(topic);
  if (due !== null) bus.nudgeDue(due);
});
// The keeper needs no more of a context than this.
const keeper = new LetterKeeper({ sql, names, clock: systemClock, log } as ConstructorParameters<
  typeof LetterKeeper
>[0]);
void keep();
void runReplays({ sql, clock: systemClock, log, bus }, new AbortController().signal);
flushCompileCache(); // who is killed leaves no other chance
process.stdout.write("ready\n");

async function keep(): Promise<void> {
  for (;;) {
    await keeper.keepOnce().catch(() => {});
    await sleep(100);
  }
}
