import type { ErrorRecord } from "./error-record.ts";
import { nextDelayMs, type RetryPolicy } from "./retry-policy.ts";

/**
 * One event owed to one consumer.
 *
 * ```
 *              claim                 succeed
 *   pending ───────────> processing ─────────> succeeded
 *                        ^   │   │
 *                  claim │   │   └─ fail for good, or the last attempt ──> dead
 *                        │   v fail, or the lease expires
 *                       retrying
 * ```
 *
 * `discard` ends what is not being processed and has not succeeded; `replay` makes whatever is settled `pending`
 * again, in a new generation with attempts of its own. A lease that expires counts as a failed attempt: an event
 * that kills its worker must not be tried for ever.
 *
 * A claim and what comes of it name the same attempt. So the worker whose lease expired, and whose delivery went
 * on without it, changes nothing any more.
 */
export const DELIVERY_STATUSES = [
  "pending",
  "processing",
  "succeeded",
  "retrying",
  "dead",
  "discarded",
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Which attempt of which generation; both are needed to tell an answer from a late one. */
export type AttemptKey = {
  /** From 0; every replay opens the next one. */
  generation: number;
  /** From 1 in each generation. In a delivery, the last attempt that was started; 0 before the first. */
  attempt: number;
};

export type Delivery = AttemptKey &
  (
    | { status: "pending" }
    | { status: "processing"; worker: string; leaseUntilMs: number }
    | { status: "succeeded" }
    | { status: "retrying"; nextAttemptAtMs: number; error: ErrorRecord }
    | { status: "dead"; error: ErrorRecord }
    | { status: "discarded"; reason: string }
  );

export type DeliveryCommand =
  | { kind: "claim"; worker: string; leaseMs: number }
  | ({ kind: "succeed" } & AttemptKey)
  | ({ kind: "fail"; error: ErrorRecord; retryable: boolean; retryAfterMs?: number } & AttemptKey)
  | { kind: "expire"; error: ErrorRecord }
  | { kind: "discard"; reason: string }
  | { kind: "replay" };

/** From which statuses a command may move a delivery: the `where status in (…)` of its update. */
export const STATUSES_BEFORE = {
  claim: ["pending", "retrying"],
  succeed: ["processing"],
  fail: ["processing"],
  expire: ["processing"],
  discard: ["pending", "retrying", "dead"],
  replay: ["succeeded", "dead", "discarded"],
} as const satisfies Record<DeliveryCommand["kind"], readonly DeliveryStatus[]>;

export type RefusedMove =
  /** The delivery is in a status that the command doesn't apply to. */
  | "wrong-status"
  /** A retry whose time has not come. */
  | "not-due"
  /** An answer of an attempt that is not the one under way. */
  | "stale-attempt"
  /** The lease holds still. */
  | "lease-held";

export type Move = { kind: "moved"; delivery: Delivery } | { kind: "refused"; reason: RefusedMove };

/** What a move depends on beside the delivery: the subscription's policy, the clock and chance. */
export type MoveContext = { policy: RetryPolicy; nowMs: number; random: () => number };

export function newDelivery(): Delivery {
  return { status: "pending", generation: 0, attempt: 0 };
}

/** Applies a command, or says why it doesn't apply. */
export function moveDelivery(delivery: Delivery, command: DeliveryCommand, context: MoveContext): Move {
  if (!appliesTo(command.kind, delivery.status)) return refused("wrong-status");
  const { generation, attempt } = delivery;
  const { nowMs } = context;
  switch (command.kind) {
    case "claim": {
      if (delivery.status === "retrying" && nowMs < delivery.nextAttemptAtMs) return refused("not-due");
      const { worker, leaseMs } = command;
      const leaseUntilMs = nowMs + leaseMs;
      return moved({ status: "processing", generation, attempt: attempt + 1, worker, leaseUntilMs });
    }
    case "succeed":
      if (!isSameAttempt(delivery, command)) return refused("stale-attempt");
      return moved({ status: "succeeded", generation, attempt });
    case "fail":
      if (!isSameAttempt(delivery, command)) return refused("stale-attempt");
      return moved(afterFailure(delivery, command, context));
    case "expire":
      if (delivery.status === "processing" && nowMs < delivery.leaseUntilMs) return refused("lease-held");
      return moved(afterFailure(delivery, { error: command.error, retryable: true }, context));
    case "discard":
      return moved({ status: "discarded", generation, attempt, reason: command.reason });
    case "replay":
      return moved({ status: "pending", generation: generation + 1, attempt: 0 });
  }
}

/** Whether nothing happens any more unless somebody asks for it. */
export function isSettled(status: DeliveryStatus): boolean {
  return appliesTo("replay", status);
}

type Failure = { error: ErrorRecord; retryable: boolean; retryAfterMs?: number };

function afterFailure(key: AttemptKey, failure: Failure, { policy, nowMs, random }: MoveContext): Delivery {
  const { generation, attempt } = key;
  const { error } = failure;
  const delay = failure.retryable ? nextDelayMs(policy, attempt, random, failure.retryAfterMs) : null;
  if (delay === null) return { status: "dead", generation, attempt, error };
  return { status: "retrying", generation, attempt, error, nextAttemptAtMs: nowMs + delay };
}

function isSameAttempt(a: AttemptKey, b: AttemptKey): boolean {
  return a.generation === b.generation && a.attempt === b.attempt;
}

function appliesTo(command: DeliveryCommand["kind"], status: DeliveryStatus): boolean {
  const statuses: readonly DeliveryStatus[] = STATUSES_BEFORE[command];
  return statuses.includes(status);
}

function moved(delivery: Delivery): Move {
  return { kind: "moved", delivery };
}

function refused(reason: RefusedMove): Move {
  return { kind: "refused", reason };
}
