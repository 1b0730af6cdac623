import type { ConnectOptions } from "#drizzle/db.ts";
import { serveJobs } from "../harness/load-process.ts";
import { percentile } from "../harness/percentile.ts";
import { openContender, type StreamAppender, type StreamContender } from "./stream-contenders.ts";

export type StreamAppendsJob =
  | { step: "open"; contender: StreamContender; login: ConnectOptions }
  | { step: "go"; run: string; appenders: number; forMs: number };
export type StreamAppendsResult = { appended: number; elapsedMs: number; p50: number; p99: number };

/** Appends to a stream before the next one is begun. */
const VERSIONS = 20;
/** Every so many appends a latency is kept. */
const SAMPLE = 4;

let appender: StreamAppender | null = null;

/**
 * Appenders that each write one event after the other, with the version that the stream must be at, and begin a new
 * stream after twenty. All contenders do it in their own program's process, as libraries, over ten connections.
 */
serveJobs<StreamAppendsJob, StreamAppendsResult>(async (job) => {
  if (job.step === "open") {
    appender = await openContender(job.contender, job.login);
    return { appended: 0, elapsedMs: 0, p50: 0, p99: 0 };
  }
  if (!appender) throw new Error("Nothing was opened.");
  const { append } = appender;
  const latencies: number[] = [];
  let appended = 0;
  const startedAt = performance.now();
  const deadline = startedAt + job.forMs;
  await Promise.all(
    Array.from({ length: job.appenders }, async (_, index) => {
      let now = performance.now();
      for (let count = 0; now < deadline; count += 1) {
        const stream = `${job.run}-${index}-${Math.floor(count / VERSIONS)}`;
        await append(stream, count % VERSIONS);
        appended += 1;
        const sentAt = now;
        now = performance.now();
        if (appended % SAMPLE === 0) latencies.push(now - sentAt);
      }
    }),
  );
  return {
    appended,
    elapsedMs: performance.now() - startedAt,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
});
