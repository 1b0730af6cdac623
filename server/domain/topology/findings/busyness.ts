import type { FindingConsumer } from "./finding-input.ts";

/** The share of the window that a consumer was at work in all its places, from 0 to 1. */
export function busynessOf({ received, concurrency }: FindingConsumer, windowMs: number): number {
  const workMs = received.reduce((sum, { attempts, meanMs }) => sum + attempts * (meanMs ?? 0), 0);
  return Math.min(1, workMs / (windowMs * Math.max(1, concurrency)));
}
