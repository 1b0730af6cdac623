import { serveJobs } from "../harness/load-process.ts";
import { formatFlowEvent } from "./flow-events.ts";
import { formatPost, HttpConnection } from "./http-connection.ts";
import { formatReading } from "./readings.ts";

export type BatchPostsJob =
  | {
      step: "prepare";
      url: string;
      run: string;
      events: number;
      batch: number;
      connections: number;
      /** Events of flows, which name their causes, instead of readings. */
      isFlows?: boolean;
    }
  | { step: "go" };

export type BatchPostsResult = { acknowledged: number; elapsedMs: number };

const connections: HttpConnection[] = [];
let requests: Buffer[] = [];

/** Posts prepared batches over several connections, each of which waits for its answer before it sends the next. */
serveJobs<BatchPostsJob, BatchPostsResult>(async (job) => {
  if (job.step === "go") return post();
  requests = [];
  for (let first = 0; first < job.events; first += job.batch) {
    const size = Math.min(job.batch, job.events - first);
    const format = job.isFlows ? formatFlowEvent : formatReading;
    const events = Array.from({ length: size }, (_, at) => format(job.run, first + at));
    requests.push(formatPost(job.url, "application/cloudevents-batch+json", `[${events.join(",")}]`));
  }
  while (connections.length < job.connections) connections.push(await HttpConnection.open(job.url));
  return { acknowledged: 0, elapsedMs: 0 };
});

async function post(): Promise<BatchPostsResult> {
  const waiting = requests.values();
  let acknowledged = 0;
  const startedAt = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (const request of waiting) {
        const { status, body } = await connection.send(request);
        if (status !== 202) throw new Error(`A batch was answered with ${status}: ${body}`);
        const answer: { accepted: number } = JSON.parse(body);
        acknowledged += answer.accepted;
      }
    }),
  );
  return { acknowledged, elapsedMs: performance.now() - startedAt };
}
