import { randomUUID } from "node:crypto";
import type { Sql, SqlTx } from "#drizzle/db.ts";
import { copyEventsTo, insertEvents } from "#drizzle/queries/event-writing.ts";
import { emptyEnvelope } from "#server/domain/envelope/attributes.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { wantedNames } from "#server/names/wanted-names.ts";

/** An event as a test wants it; what it leaves out does not matter to it. */
export type TestEvent = Partial<EventEnvelope>;

/** Stores events in one transaction and gives their positions. */
export async function appendTestEvents(sql: Sql, events: TestEvent[]): Promise<string[]> {
  return sql.begin((tx) => writeEvents(sql, tx, events));
}

/** Stores events at positions that the test chose. Their partitions must be there. */
export async function copyTestEvents(
  sql: Sql,
  events: TestEvent[],
  positionOf: (index: number) => number,
): Promise<void> {
  const whole = events.map(completeEvent);
  const ids = await new NameCache(sql).ensure(wantedNames(whole));
  const fresh = whole.map((event) => ({ identity: randomUUID(), event }));
  await copyEventsTo(sql, fresh, positionOf, ids);
}

export type OpenAppend = {
  positions: string[];
  commit: () => Promise<void>;
  abort: () => Promise<void>;
};

/** Stores events in a transaction that stays open until the test ends it. */
export async function openTestAppend(sql: Sql, events: TestEvent[]): Promise<OpenAppend> {
  const written = Promise.withResolvers<string[]>();
  const end = Promise.withResolvers<"commit" | "abort">();
  const aborted = new Error("The test gives this append up.");
  const done = sql
    .begin(async (tx) => {
      written.resolve(await writeEvents(sql, tx, events));
      if ((await end.promise) === "abort") throw aborted;
    })
    .catch((error: unknown) => {
      written.reject(error);
      if (error !== aborted) throw error;
    });
  const finish = async (how: "commit" | "abort") => {
    end.resolve(how);
    await done;
  };
  return {
    positions: await written.promise,
    commit: () => finish("commit"),
    abort: () => finish("abort"),
  };
}

async function writeEvents(sql: Sql, tx: SqlTx, events: TestEvent[]): Promise<string[]> {
  const whole = events.map(completeEvent);
  const ids = await new NameCache(sql).ensure(wantedNames(whole));
  const fresh = whole.map((event) => ({ identity: randomUUID(), event }));
  const first = await insertEvents(tx, fresh, ids);
  return fresh.map((_, index) => String(first + index));
}

/** A whole event of what a test wants. */
export function completeEvent(event: TestEvent): EventEnvelope {
  return {
    ...emptyEnvelope("internal"),
    id: randomUUID(),
    source: "/test",
    type: "test.happened",
    ...event,
  };
}
