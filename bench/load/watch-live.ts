import { io } from "socket.io-client";
import { LIVE_NAMESPACE, type LiveFrame } from "#server/contract/live.ts";
import { requireLoopback, serveJobs } from "../harness/load-process.ts";
import { percentile } from "../harness/percentile.ts";

export type WatchLiveJob = { url: string; run: string; perSecond: number; forMs: number };
export type WatchLiveResult = { posted: number; received: number; skipped: number; p50: number; p99: number };

const EVERY_MS = 10;

/** Posts at a steady rate and watches the stream as a browser does: from before the post until the row is there. */
serveJobs<WatchLiveJob, WatchLiveResult>(async ({ url, run, perSecond, forMs }) => {
  requireLoopback(url);
  const socket = io(`${url}${LIVE_NAMESPACE}`, { transports: ["websocket"] });
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  let skipped = 0;
  socket.on("frame", (frame: LiveFrame, acknowledge: () => void) => {
    const now = performance.now();
    for (const row of frame.rows) {
      const sent = sentAt.get(row.id);
      if (sent !== undefined) latencies.push(now - sent);
    }
    skipped += frame.skipped;
    acknowledge();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  await socket.emitWithAck("subscribe", { key: run, filter: { type: ["bench.live"] }, maxRows: 500 });

  let posted = 0;
  const posts: Promise<unknown>[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < forMs) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    const batch = Array.from({ length: due - posted }, (_, at) => `${run}-${posted + at}`);
    posted = due;
    if (batch.length > 0) posts.push(post(url, batch, sentAt));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await Promise.all(posts);
  for (let waited = 0; latencies.length + skipped < posted && waited < 5_000; waited += 100) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  socket.disconnect();
  const received = latencies.length;
  return { posted, received, skipped, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
});

async function post(url: string, ids: string[], sentAt: Map<string, number>): Promise<void> {
  const events = ids.map((id) => ({
    specversion: "1.0",
    id,
    source: "/bench",
    type: "bench.live",
    data: { id },
  }));
  const now = performance.now();
  for (const id of ids) sentAt.set(id, now);
  const response = await fetch(`${url}/api/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events),
  });
  if (response.status !== 202) throw new Error(`A post was answered with ${response.status}.`);
  await response.arrayBuffer();
}
