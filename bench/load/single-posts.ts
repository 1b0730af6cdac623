import { serveJobs } from "../harness/load-process.ts";
import { percentile } from "../harness/percentile.ts";
import { formatPost, HttpConnection } from "./http-connection.ts";
import { formatReading, ID_AT, READING_BYTES } from "./readings.ts";

export type SinglePostsJob = { url: string; run: string; connections: number; forMs: number };
export type SinglePostsResult = { acknowledged: number; elapsedMs: number; p50: number; p99: number };

/** Every so many requests a latency is kept. */
const SAMPLE = 8;
/** Requests that are made beforehand and sent again under new ids: a sender of few cycles takes few from the server. */
const PREPARED = 1024;
const ID_DIGITS = 9;

/** Posts one event a request over many connections, each of which waits for its answer before it sends the next. */
serveJobs<SinglePostsJob, SinglePostsResult>(async ({ url, run, connections: count, forMs }) => {
  if (count >= PREPARED)
    throw new RangeError(`${count} connections would send a request while it is changed.`);
  const connections: HttpConnection[] = [];
  for (let opened = 0; opened < count; opened += 1) connections.push(await HttpConnection.open(url));
  const requests = Array.from({ length: PREPARED }, (_, n) =>
    formatPost(url, "application/cloudevents+json", formatReading(run, n)),
  );
  const nextRequest = () => {
    const number = String(next++).padStart(ID_DIGITS, "0");
    const request = requests[next % PREPARED] ?? Buffer.alloc(0);
    request.write(number, request.length - READING_BYTES + ID_AT + run.length + 1, "latin1");
    return request;
  };
  const latencies: number[] = [];
  let acknowledged = 0;
  let next = 0;
  const startedAt = performance.now();
  const deadline = startedAt + forMs;
  await Promise.all(
    connections.map(async (connection) => {
      for (let now = startedAt; now < deadline; ) {
        const answer = await connection.send(nextRequest());
        if (answer.status !== 202 || !answer.body.startsWith('{"accepted":1,')) {
          throw new Error(`A post was answered with ${answer.status}: ${answer.body}`);
        }
        acknowledged += 1;
        const sentAt = now;
        now = performance.now();
        if (acknowledged % SAMPLE === 0) latencies.push(now - sentAt);
      }
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  for (const connection of connections) connection.close();
  return { acknowledged, elapsedMs, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
});
