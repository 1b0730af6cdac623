import type { ConnectOptions } from "#drizzle/db.ts";

/** What a consumer does: nothing, one insert in its transaction, or answer a request over HTTP. */
export const REPLAYED_CONSUMERS = ["plain", "effect", "http"] as const;
export type ReplayedConsumer = (typeof REPLAYED_CONSUMERS)[number];

/** Deliver as many events to such a consumer, then replay as many dead letters of another one. */
export type ReplayJob = { login: ConnectOptions; run: string; items: number; consumer: ReplayedConsumer };

export type ReplayResult = {
  /** From the start of the bus until every delivery is written as succeeded. */
  deliveredMs: number;
  /** From the request until the replay says that every item succeeded. */
  replayedMs: number;
  /** How much more memory the process had at most while it replayed, bytes. */
  grownBytes: number;
};
