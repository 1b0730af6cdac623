import type { ConnectOptions } from "#drizzle/db.ts";

/** Queue so many jobs, then work them off. */
export type DeliverJob = {
  login: ConnectOptions;
  /** Tells this run's jobs from those of others. */
  run: string;
  jobs: number;
  /** `batched`: in the way that a queue offers for many small jobs. Nagare has only one way. */
  mode: "single" | "batched";
};

/** `elapsedMs` is the time from the start of the worker until every job is written as done. */
export type DeliverResult = { handled: number; elapsedMs: number };
