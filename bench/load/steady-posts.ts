import { setTimeout as sleep } from "node:timers/promises";
import { serveJobs } from "../harness/load-process.ts";
import { percentile } from "../harness/percentile.ts";
import { formatPost, HttpConnection } from "./http-connection.ts";
import { formatReading, ID_AT, READING_BYTES } from "./readings.ts";

export type SteadyPostsJob = {
  url: string;
  /** One letter that no other job for the same server has. */
  run: string;
  batch: number;
  connections: number;
  forMs: number;
  /** Events a second over all connections; as many as are taken when left out. */
  rate?: number;
};

export type SteadyPostsResult = {
  acknowledged: number;
  /** Posts that were answered with 503, and how many of those said when to try again. */
  refused: number;
  refusedWithRetryAfter: number;
  elapsedMs: number;
  /** Milliseconds from a post to its answer, of those that were taken. */
  p50: number;
  p99: number;
};

/** Characters of the name of a run, which begins the id of a reading. */
const RUN_LENGTH = 7;

/**
 * Posts batches, or single events, for a while. Each connection has one, and gives its events new ids before it sends it again, so
 * that neither memory nor much time goes into making them.
 */
serveJobs<SteadyPostsJob, SteadyPostsResult>(async ({ url, run, batch, connections: count, forMs, rate }) => {
  const opened: { connection: HttpConnection; request: Buffer; first: number }[] = [];
  for (let place = 0; place < count; place += 1) {
    const name = nameOf(run, 0);
    const events = Array.from({ length: batch }, (_, at) => formatReading(name, place * batch + at));
    const body = batch === 1 ? events.join() : `[${events.join(",")}]`;
    const request = formatPost(url, `application/cloudevents${batch === 1 ? "" : "-batch"}+json`, body);
    const connection = await HttpConnection.open(url);
    opened.push({ connection, request, first: request.length - body.length + (batch === 1 ? 0 : 1) });
  }
  const latencies: number[] = [];
  const result = { acknowledged: 0, refused: 0, refusedWithRetryAfter: 0 };
  const everyMs = rate === undefined ? 0 : (batch * count * 1000) / rate;
  const startedAt = performance.now();
  await Promise.all(
    opened.map(async ({ connection, request, first }, place) => {
      for (let turn = 0; performance.now() - startedAt < forMs; turn += 1) {
        const dueMs = (turn + place / count) * everyMs - (performance.now() - startedAt);
        if (dueMs > 1) await sleep(dueMs);
        rename(request, first, batch, nameOf(run, turn));
        const sentAt = performance.now();
        const answer = await connection.send(request);
        if (answer.status === 503) {
          result.refused += 1;
          if (answer.retryAfter !== null) result.refusedWithRetryAfter += 1;
          await sleep((answer.retryAfter ?? 1) * 1000);
          continue;
        }
        if (answer.status !== 202)
          throw new Error(`A batch was answered with ${answer.status}: ${answer.body}`);
        latencies.push(performance.now() - sentAt);
        const { accepted }: { accepted: number } = JSON.parse(answer.body);
        result.acknowledged += accepted;
      }
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  for (const { connection } of opened) connection.close();
  return { ...result, elapsedMs, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
});

function nameOf(run: string, turn: number): string {
  return `${run}${turn.toString(36).padStart(RUN_LENGTH - 1, "0")}`;
}

/** Gives each reading of a batch, which are of one length, another run in its id. */
function rename(request: Buffer, first: number, batch: number, name: string): void {
  for (let event = 0; event < batch; event += 1) {
    request.write(name, first + event * (READING_BYTES + 1) + ID_AT, "latin1");
  }
}
