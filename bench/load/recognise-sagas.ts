import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { DeclaredProcesses } from "#server/mediator/declared-processes.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { systemClock } from "#server/platform/clock.ts";
import { createLog } from "#server/platform/log.ts";
import { SagaRecogniser } from "#server/sagas/recognise-sagas.ts";
import { BoundedDuty, BUSY } from "#server/workers/bounded-duty.ts";
import { runEvery } from "#server/workers/run-every.ts";
import { serveJobs } from "../harness/load-process.ts";

export type RecogniseSagasJob =
  | { step: "start"; login: ConnectOptions }
  | { step: "stop" }
  | { step: "finish" };

const PAUSE_MS = 500;
const log = createLog({ level: "error", format: "text", destination: process.stderr });

let working: Promise<void> = Promise.resolve();
let stopping = new AbortController();
let database: ReturnType<typeof connect> | null = null;
let recogniser: SagaRecogniser | null = null;

/**
 * Recognises sagas as the worker does in a program that is busy with other things, until it is stopped; `finish` goes
 * through what is left as fast as it can.
 */
serveJobs<RecogniseSagasJob, null>(async (job) => {
  if (job.step === "start") {
    database ??= connect(job.login, { max: 3 });
    const { sql } = database;
    recogniser ??= new SagaRecogniser({
      sql,
      names: new NameCache(sql),
      clock: systemClock,
      processes: new DeclaredProcesses(),
    });
    stopping = new AbortController();
    working = recognise(recogniser, stopping.signal);
    return null;
  }
  stopping.abort();
  await working;
  if (job.step === "finish") while (await recogniser?.recogniseOnce());
  return null;
});

async function recognise(one: SagaRecogniser, signal: AbortSignal): Promise<void> {
  const duty = new BoundedDuty({ loadSince: () => BUSY });
  await runEvery({ name: "sagas", pauseMs: PAUSE_MS, signal, log }, () =>
    duty.work(signal, () => one.recogniseOnce()),
  );
}
