import type { SqlTx } from "#drizzle/db.ts";
import { claimDue, type DueRow } from "#drizzle/queries/delivery-claims.ts";
import {
  type DeliveryRecord,
  extendClaims,
  insertAttempts,
  OUTCOME,
  STATUS,
  updateClaimed,
} from "#drizzle/queries/delivery-settling.ts";
import { listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import { describeError } from "#server/domain/error-record.ts";
import { nextDelayMs } from "#server/domain/retry-policy.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import { type AttemptResult, attemptDelivery, nowUs, type RecordHandled } from "./attempt.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Limiter } from "./limiter.ts";
import { ProcessingTally } from "./processing-tally.ts";
import { type Settlement, settle } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

/**
 * Claims and delivers what is due again: retries, what was held behind a failure of its key, and what a worker left
 * behind when its lease ran out. Each is written as soon as its attempt has ended.
 *
 * @returns how many deliveries were claimed.
 */
export async function deliverDue(
  bus: BusContext,
  subscription: Subscription,
  { limit, limiter }: { limit: number; limiter: Limiter },
): Promise<number> {
  const { id: subscriptionId } = subscription;
  const claim = { subscriptionId, worker: bus.worker, leaseMs: bus.leaseMs, limit };
  const due = await claimDue(bus.sql, claim);
  if (due.length === 0) return 0;
  const positions = due.map((row) => row.position);
  const renewing = setInterval(() => {
    void extendClaims(bus.sql, { ...claim, positions }).catch(() => {});
  }, bus.leaseMs / 3);
  try {
    const owed = await readOwed(bus, due);
    await Promise.all(
      due.map(async (row) => {
        const one = owed.get(row.position);
        if (one === undefined) await settleGone(bus, subscription, row);
        else await limiter.run(() => deliverClaimed(bus, subscription, row, one));
      }),
    );
  } finally {
    clearInterval(renewing);
  }
  return due.length;
}

async function readOwed(bus: BusContext, due: DueRow[]): Promise<Map<string, OwedEvent>> {
  const rows = await listEnvelopeRows(
    bus.sql,
    due.map((row) => row.position),
  );
  const nameOf = await bus.names.resolve(rows.flatMap(envelopeNameIds));
  const keys = new Map(due.map((row) => [row.position, row.ordering_key]));
  return new Map(
    rows.map((row) => [
      row.position,
      {
        position: row.position,
        typeId: row.type_id,
        event: toEnvelope(row, nameOf),
        eventUs: row.event_micros === null ? null : Number(row.event_micros),
        key: keys.get(row.position) ?? null,
      },
    ]),
  );
}

async function deliverClaimed(
  bus: BusContext,
  subscription: Subscription,
  row: DueRow,
  owed: OwedEvent,
): Promise<void> {
  const { generation, attempts: attempt } = row;
  if (row.was_leased) await recordInterrupted(bus, subscription, row);
  const isSpent = row.was_leased && nextDelayMs(subscription.retry, attempt - 1, bus.random) === null;
  if (isSpent) return settleInterrupted(bus, subscription, row, owed);

  const { target } = subscription;
  const handler = target.kind === "handler" ? bus.handlers.find(target.name) : null;
  const isTransactional = handler !== null && handler.transaction !== "none";
  const decide = (result: AttemptResult) =>
    settle(subscription, owed, { attempt, generation, result, random: bus.random });
  const record: RecordHandled | null = isTransactional
    ? (tx, times) => writeSettled(tx, bus, subscription, decide({ kind: "succeeded", ...times }))
    : null;
  const result = await attemptDelivery(bus, subscription, owed, { attempt, record });
  const isWritten = isTransactional && (result.kind === "succeeded" || result.kind === "duplicate");
  if (!isWritten) await bus.sql.begin((tx) => writeSettled(tx, bus, subscription, decide(result)));
}

/** Writes an ended attempt of a claimed delivery with its history and rollups; false when it is not ours any more. */
async function writeSettled(
  tx: SqlTx,
  { worker }: BusContext,
  { id: subscriptionId }: Subscription,
  settlement: Settlement,
): Promise<boolean> {
  const { record, history } = settlement;
  if (record === null || !(await updateClaimed(tx, { subscriptionId, worker, record }))) return false;
  await insertAttempts(tx, subscriptionId, history === null ? [] : [history]);
  const tally = new ProcessingTally();
  tally.add(settlement);
  await tally.write(tx, subscriptionId);
  return true;
}

const INTERRUPTED = "The worker stopped while it delivered this, or could not renew its lease.";

async function recordInterrupted(bus: BusContext, { id }: Subscription, row: DueRow): Promise<void> {
  await insertAttempts(bus.sql, id, [
    {
      position: row.position,
      generation: row.generation,
      attempt: row.attempts - 1,
      startedAtUs: nowUs(),
      durationUs: 0,
      outcome: OUTCOME.interrupted,
      error: describeError("lease-expired", INTERRUPTED),
    },
  ]);
}

/** The interrupted attempt was the last one that the policy allows. */
async function settleInterrupted(
  bus: BusContext,
  subscription: Subscription,
  row: DueRow,
  owed: OwedEvent,
): Promise<void> {
  const error = describeError("lease-expired", INTERRUPTED);
  const result = {
    startedAtUs: nowUs(),
    durationUs: 0,
    kind: "failed",
    isTimeout: false,
    error,
    retryable: false,
    retryAfterMs: 0,
  } as const;
  const { generation, attempts: attempt } = row;
  const settlement = settle(subscription, owed, { attempt, generation, result, random: bus.random });
  await bus.sql.begin((tx) => writeSettled(tx, bus, subscription, { ...settlement, history: null }));
}

/** The event itself is gone: retention dropped it in the meantime. */
async function settleGone(bus: BusContext, { id: subscriptionId }: Subscription, row: DueRow): Promise<void> {
  const record: DeliveryRecord = {
    position: row.position,
    typeId: row.type_id,
    generation: row.generation,
    status: STATUS.discarded,
    attempts: row.attempts,
    startedAtUs: null,
    durationUs: null,
    settledAtUs: nowUs(),
    nextAttemptAtUs: null,
    orderingKey: null,
  };
  await updateClaimed(bus.sql, { subscriptionId, worker: bus.worker, record });
}
