import { ensureEventPartitions } from "#drizzle/queries/event-writing.ts";
import { createTestDatabase, type TestDatabase } from "#drizzle/testing/database.ts";
import { DeclaredProcesses } from "../../mediator/declared-processes.ts";
import { NameCache } from "../../names/name-cache.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { type RecogniseLimits, SagaRecogniser } from "../recognise-sagas.ts";
import { linkServices } from "./link-services.ts";
import { FlowStore } from "./store-flow.ts";

/** A database with a recogniser, in which the source `/name` and the consumer `name` are one service. */
export type TestSagas = {
  database: TestDatabase;
  ctx: { sql: TestDatabase["sql"]; names: NameCache; clock: Clock; processes: DeclaredProcesses };
  store: FlowStore;
  /** Moves the clock on. */
  wait: (ms: number) => void;
  /** Looks at everything that is new or due, by a recogniser that knows nothing yet. */
  recognise: (limits?: Partial<RecogniseLimits>) => Promise<void>;
};

export async function openSagas(services: readonly string[]): Promise<TestSagas> {
  const database = await createTestDatabase();
  const { sql } = database;
  await ensureEventPartitions(sql);
  const names = new NameCache(sql);
  await linkServices({ sql, names }, services);
  let passedMs = 0;
  const clock: Clock = {
    now: () => new Date(Date.now() + passedMs),
    elapsedMs: () => systemClock.elapsedMs() + passedMs,
  };
  const ctx = { sql, names, clock, processes: new DeclaredProcesses() };
  return {
    database,
    ctx,
    store: new FlowStore(sql),
    wait: (ms) => {
      passedMs += ms;
    },
    recognise: async (limits) => {
      const recogniser = new SagaRecogniser(ctx, limits);
      while (await recogniser.recogniseOnce());
    },
  };
}
