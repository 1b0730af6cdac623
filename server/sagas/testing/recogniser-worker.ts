import { connect } from "#drizzle/db.ts";
import { DeclaredProcesses } from "../../mediator/declared-processes.ts";
import { NameCache } from "../../names/name-cache.ts";
import { systemClock } from "../../platform/clock.ts";
import { SagaRecogniser } from "../recognise-sagas.ts";

/** What a worker is told: where the database is. */
export type RecogniserTask = { databaseUrl: string };

if (process.argv[1]?.endsWith("recogniser-worker.ts")) {
  await run(JSON.parse(process.argv[2] ?? "{}") as RecogniserTask); // written by the test
}

/** Recognises sagas, few at a time, until it is killed. */
async function run({ databaseUrl }: RecogniserTask): Promise<void> {
  const { sql } = connect(databaseUrl, { max: 4 });
  const ctx = { sql, names: new NameCache(sql), clock: systemClock, processes: new DeclaredProcesses() };
  const recogniser = new SagaRecogniser(ctx, { events: 30, flows: 4 });
  for (;;) {
    await recogniser.recogniseOnce();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
