import type { TargetDto } from "#server/contract/bus.ts";
import type { ErrorRecord } from "#server/domain/error-record.ts";
import type { EventEnvelope } from "#server/domain/event.ts";

export type HttpTarget = Extract<TargetDto, { kind: "http" }>;

export type HttpOutcome =
  | { kind: "succeeded" }
  | { kind: "failed"; isTimeout: boolean; error: ErrorRecord; retryable: boolean; retryAfterMs: number };

export type PostOptions = { timeoutMs: number; attempt: number };

/** Posts an event to an HTTP consumer, once. Never throws for what the consumer or the network does. */
export type PostEvent = (
  target: HttpTarget,
  event: EventEnvelope,
  options: PostOptions,
) => Promise<HttpOutcome>;
