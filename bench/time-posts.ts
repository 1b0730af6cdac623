import type { LoadProcess } from "./harness/load-process.ts";
import type { BatchPostsJob, BatchPostsResult } from "./load/batch-posts.ts";

const BATCH = 500;
const CONNECTIONS = 24;

/** Events a second, from the first post until everything is acknowledged and `then` is done. */
export async function timePosts(
  http: LoadProcess<BatchPostsJob, BatchPostsResult>,
  { url, run, events }: { url: string; run: string; events: number },
  then: () => Promise<void> = async () => {},
): Promise<number> {
  await http.run({
    step: "prepare",
    url,
    run,
    events,
    batch: BATCH,
    connections: CONNECTIONS,
    isFlows: true,
  });
  const startedAt = performance.now();
  const { acknowledged } = await http.run({ step: "go" });
  await then();
  if (acknowledged !== events) throw new Error(`${acknowledged} of ${events} events were acknowledged.`);
  return (events / (performance.now() - startedAt)) * 1000;
}
