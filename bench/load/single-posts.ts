import { serveJobs } from "../harness/load-process.ts";
import { percentile } from "../harness/percentile.ts";
import { formatPost, HttpConnection } from "./http-connection.ts";
import { formatReading, READING_BYTES } from "./readings.ts";

export type SinglePostsJob = { url: string; run: string; connections: number; forMs: number };
export type SinglePostsResult = { acknowledged: number; elapsedMs: number; p50: number; p99: number };

/** Every so many requests a latency is kept. */
const SAMPLE = 8;

/** Posts one event a request over many connections, each of which waits for its answer before it sends the next. */
serveJobs<SinglePostsJob, SinglePostsResult>(async ({ url, run, connections: count, forMs }) => {
  const connections: HttpConnection[] = [];
  for (let opened = 0; opened < count; opened += 1) connections.push(await HttpConnection.open(url));
  const latencies: number[] = [];
  let acknowledged = 0;
  let next = 0;
  const startedAt = performance.now();
  const deadline = startedAt + forMs;
  await Promise.all(
    connections.map(async (connection) => {
      const request = formatPost(url, "application/cloudevents+json", formatReading(run, 0));
      const body = request.length - READING_BYTES;
      for (let now = startedAt; now < deadline; ) {
        request.write(formatReading(run, next++), body, "latin1");
        const answer = await connection.send(request);
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
