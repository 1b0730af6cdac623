import {
  type AttemptRecord,
  type DeliveryRecord,
  OUTCOME,
  STATUS,
} from "#drizzle/queries/delivery-settling.ts";
import type { HandedItem } from "#drizzle/queries/due-deliveries.ts";
import { nextDelayMs, withAttemptLimit } from "#server/domain/retry-policy.ts";
import type { AttemptResult } from "./attempt.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Subscription } from "./subscription.ts";

/** One ended attempt, with all that has to be written of it. */
export type Settlement = {
  owed: OwedEvent;
  result: AttemptResult;
  /** From 1. */
  attempt: number;
  /** Where the delivery stands now; null for a duplicate, whose row stands already. */
  record: DeliveryRecord | null;
  /** The item of a replay as which it was handed over. */
  handed: HandedItem | null;
  /** For the history: every failure, and the success that came after one. */
  history: AttemptRecord | null;
};

/** What follows from an attempt: succeeded, tried again later, or dead. */
export function settle(
  subscription: Subscription,
  owed: OwedEvent,
  {
    attempt,
    generation,
    attemptLimit = null,
    handed = null,
    result,
    random,
  }: {
    attempt: number;
    generation: number;
    /** The last attempt of this generation, where that is not what the policy says. */
    attemptLimit?: number | null;
    handed?: HandedItem | null;
    result: AttemptResult;
    random: () => number;
  },
): Settlement {
  if (result.kind === "duplicate") return { owed, result, attempt, handed, record: null, history: null };
  const endedUs = result.startedAtUs + result.durationUs;
  const base = {
    position: owed.position,
    typeId: owed.typeId,
    generation,
    attempts: attempt,
    startedAtUs: result.startedAtUs,
    durationUs: result.durationUs,
  };
  const history = () => ({
    position: owed.position,
    generation,
    attempt,
    startedAtUs: result.startedAtUs,
    durationUs: result.durationUs,
  });
  if (result.kind === "succeeded") {
    return {
      owed,
      result,
      attempt,
      handed,
      record: {
        ...base,
        status: STATUS.succeeded,
        settledAtUs: endedUs,
        nextAttemptAtUs: null,
        orderingKey: null,
      },
      history: attempt === 1 ? null : { ...history(), outcome: OUTCOME.succeeded, error: null },
    };
  }
  const delayMs = result.retryable
    ? nextDelayMs(withAttemptLimit(subscription.retry, attemptLimit), attempt, random, result.retryAfterMs)
    : null;
  const isDead = delayMs === null;
  const keepsKey = !isDead || subscription.onDead === "block";
  return {
    owed,
    result,
    attempt,
    handed,
    record: {
      ...base,
      status: isDead ? STATUS.dead : STATUS.retrying,
      settledAtUs: isDead ? endedUs : null,
      nextAttemptAtUs: isDead ? null : endedUs + delayMs * 1000,
      orderingKey: keepsKey ? owed.key : null,
    },
    history: {
      ...history(),
      outcome: result.isTimeout ? OUTCOME.timedOut : OUTCOME.failed,
      error: result.error,
    },
  };
}
