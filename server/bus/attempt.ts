import type { SqlTx } from "#drizzle/db.ts";
import { describeError, type ErrorRecord, errorFromThrown } from "#server/domain/error-record.ts";
import { isRetryable } from "#server/domain/retry-policy.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Handler, PlainHandlerContext } from "./handlers.ts";
import { withoutOwnFrames } from "./own-frames.ts";
import { publisherFor } from "./publish.ts";
import { readEvent } from "./read-event.ts";
import type { Subscription } from "./subscription.ts";
import { OutOfTime, type TimeLimit, withinTime } from "./within-time.ts";

/** How one attempt ended. Times in microseconds since 1970, durations in microseconds. */
export type AttemptResult = { startedAtUs: number; durationUs: number } & (
  | { kind: "succeeded" }
  /** Handled before, by another worker: this attempt's effect was taken back. */
  | { kind: "duplicate" }
  | { kind: "failed"; isTimeout: boolean; error: ErrorRecord; retryable: boolean; retryAfterMs: number }
);

/** Writes, in the transaction of the handler's effect, that the event was handled. False: it was handled before. */
export type RecordHandled = (
  tx: SqlTx,
  result: { startedAtUs: number; durationUs: number },
) => Promise<boolean>;

class HandledBefore extends Error {}

/** Tries to deliver one event to its consumer, once. Never throws for what the consumer does. */
export async function attemptDelivery(
  bus: BusContext,
  subscription: Subscription,
  { position, event }: OwedEvent,
  { attempt, record }: { attempt: number; record: RecordHandled | null },
): Promise<AttemptResult> {
  const { target, timeoutMs } = subscription;
  const started = nowUs();
  const ended = () => ({ startedAtUs: started, durationUs: Math.max(0, nowUs() - started) });
  if (target.kind === "http") {
    const answer = await bus.postEvent(target, event, { timeoutMs, attempt });
    return { ...ended(), ...answer };
  }
  const handler = target.kind === "handler" ? bus.handlers.find(target.name) : null;
  if (handler === null) {
    const error = describeError(
      "handler",
      `No handler is registered for ${subscription.consumer} in this process.`,
    );
    return { ...ended(), kind: "failed", isTimeout: false, error, retryable: true, retryAfterMs: 0 };
  }
  try {
    await withinTime(timeoutMs, async (limit) => {
      const context: PlainHandlerContext = {
        attempt,
        position,
        get signal() {
          return limit.signal();
        },
      };
      if (handler.transaction === "none") await handler.handle(readEvent(bus, handler, event), context);
      else await handleInTransaction(bus, handler, { event, context, record, ended, limit });
    });
    return { ...ended(), kind: "succeeded" };
  } catch (thrown) {
    if (thrown instanceof HandledBefore) return { ...ended(), kind: "duplicate" };
    return { ...ended(), ...failureOf(thrown, timeoutMs) };
  }
}

type InTransaction = {
  event: OwedEvent["event"];
  context: PlainHandlerContext;
  record: RecordHandled | null;
  ended: () => { startedAtUs: number; durationUs: number };
  limit: TimeLimit;
};

async function handleInTransaction(
  bus: BusContext,
  handler: Extract<Handler, { transaction: "each" | "batch" }>,
  { event, context, record, ended, limit }: InTransaction,
): Promise<void> {
  const handed = readEvent(bus, handler, event);
  if (handler.transaction === "each") await handler.prepare?.(handed, context);
  await bus.sql.begin(async (tx) => {
    limit.uses(tx);
    await handler.handle(handed, {
      attempt: context.attempt,
      position: context.position,
      get signal() {
        return limit.signal();
      },
      tx,
      publish: publisherFor(tx, event, bus.clock),
    });
    // An answer that comes too late counts as failed, so its effect must not stand. With one in time the transaction
    // alone decides from here on, or a commit could count as a failure.
    limit.stop();
    if (record !== null && !(await record(tx, ended()))) throw new HandledBefore();
  });
}

function failureOf(thrown: unknown, timeoutMs: number) {
  if (thrown instanceof OutOfTime) {
    const error = describeError("timeout", `The handler did not finish within ${timeoutMs} ms.`);
    return { kind: "failed", isTimeout: true, error, retryable: true, retryAfterMs: 0 } as const;
  }
  const error = withoutOwnFrames(errorFromThrown(thrown));
  return {
    kind: "failed",
    isTimeout: false,
    error,
    retryable: isRetryable(thrown),
    retryAfterMs: 0,
  } as const;
}

/** Microseconds since 1970, by a clock that never runs backwards within this process. */
export function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
