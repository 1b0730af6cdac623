import type { SqlTx } from "#drizzle/db.ts";
import { insertDeadLetters } from "#drizzle/queries/dead-letters.ts";
import {
  type AttemptRecord,
  type DeliveryRecord,
  insertAttempts,
  OUTCOME,
  STATUS,
  updateClaimed,
  updateHanded,
  updateManyClaimed,
} from "#drizzle/queries/delivery-settling.ts";
import { claimNextWaiting, type DueRow } from "#drizzle/queries/due-deliveries.ts";
import {
  type HandedSuccess,
  isLockConflict,
  settleHanded,
  settleHandled,
  type Waits,
} from "#drizzle/queries/handed-settling.ts";
import { type OwnHanded, writeOwnHanded } from "#drizzle/queries/replay-handing.ts";
import { insertUncounted } from "#drizzle/queries/uncounted-attempts.ts";
import { describeError } from "#server/domain/error-record.ts";
import { nextDelayMs, withAttemptLimit } from "#server/domain/retry-policy.ts";
import { type AttemptResult, attemptDelivery, nowUs, type RecordHandled } from "./attempt.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import { deathsOf } from "./deaths.ts";
import { endedAttempt, ProcessingTally } from "./processing-tally.ts";
import { type Settlement, settle } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

type Claimed = {
  row: DueRow;
  owed: OwedEvent;
  /** False: what comes next in the key is left to others. */
  goesOn: boolean;
};

/** How an attempt was left. */
export type Delivered =
  /** What became of it, or the rest of that, is yet to be written, by `settleClaimed`. */
  | { isWritten: false; settlement: Settlement }
  /** With the next delivery of its key, claimed in the same transaction, where there is one to go on with. */
  | { isWritten: true; next: DueRow | null };

/**
 * Makes the attempt that a delivery was claimed for. Where its effect has a transaction, what became of it is written
 * there; of what a replay handed over, only the delivery.
 */
export async function deliverClaimed(
  bus: BusContext,
  subscription: Subscription,
  claimed: Claimed,
): Promise<Delivered> {
  const { row, owed } = claimed;
  if (row.was_leased) {
    await recordInterrupted(bus, subscription, row);
    const policy = withAttemptLimit(subscription.retry, row.attempt_limit);
    const isSpent = nextDelayMs(policy, row.attempts - 1, bus.random) === null;
    if (isSpent) {
      const settlement = settleAttempt(bus, subscription, claimed, interrupted());
      return { isWritten: false, settlement: { ...settlement, history: null } };
    }
  }
  const { target } = subscription;
  const handler = target.kind === "handler" ? bus.handlers.find(target.name) : null;
  if (handler !== null && handler.transaction !== "none")
    return deliverInTransaction(bus, subscription, claimed);
  const attempt = { attempt: row.attempts, record: null };
  const result = await attemptDelivery(bus, subscription, owed, attempt);
  return { isWritten: false, settlement: settleAttempt(bus, subscription, claimed, result) };
}

async function deliverInTransaction(
  bus: BusContext,
  subscription: Subscription,
  claimed: Claimed,
): Promise<Delivered> {
  const { handed = null, attempts: attempt } = claimed.row;
  let next: DueRow | null = null;
  let success: Settlement | null = null;
  let isRestLeft = false;
  const record: RecordHandled = async (tx, times) => {
    success = settleAttempt(bus, subscription, claimed, { kind: "succeeded", ...times });
    isRestLeft = handed?.delivery === "dead" && (await updateWithin(tx, bus, subscription, success));
    if (isRestLeft) return true;
    const written = await settleWithin(tx, bus, subscription, {
      settlement: success,
      goesOn: claimed.goesOn,
    });
    // It says so by now, however this transaction ends.
    if (written !== null && handed !== null) handed.delivery = "claimed";
    next = written?.next ?? null;
    return written !== null;
  };
  const result = await attemptDelivery(bus, subscription, claimed.owed, { attempt, record });
  if (result.kind === "succeeded" && success !== null) {
    if (handed !== null && isRestLeft) {
      handed.delivery = "succeeded";
      return { isWritten: false, settlement: success };
    }
    bus.meter.note(subscription.consumer, [success]);
    return { isWritten: true, next };
  }
  // Of an item of a replay that somebody else has delivered, the replay goes on to look for the outcome.
  const isLeft = result.kind === "failed" || handed?.delivery === "dead";
  if (isLeft) return { isWritten: false, settlement: settleAttempt(bus, subscription, claimed, result) };
  return { isWritten: true, next: null };
}

/** Writes nothing but the delivery in the transaction of its effect. False when it does not say any more that it is dead. */
async function updateWithin(
  tx: SqlTx,
  { worker }: BusContext,
  { id: subscriptionId }: Subscription,
  { record }: Settlement,
): Promise<boolean> {
  return record !== null && updateHanded(tx, { subscriptionId, worker, record });
}

function settleAttempt(
  { random }: BusContext,
  subscription: Subscription,
  { row, owed }: Claimed,
  result: AttemptResult,
): Settlement {
  const { attempts: attempt, generation, attempt_limit: attemptLimit, handed = null } = row;
  return settle(subscription, owed, { attempt, generation, attemptLimit, handed, result, random });
}

/**
 * Writes a success in the transaction of its effect, and claims the next of its key. Null when the delivery is not ours
 * any more: the transaction must be taken back then.
 */
async function settleWithin(
  tx: SqlTx,
  { worker, leaseMs }: BusContext,
  { id: subscriptionId }: Subscription,
  { settlement, goesOn }: { settlement: Settlement; goesOn: boolean },
): Promise<{ next: DueRow | null } | null> {
  const { record, history, owed } = settlement;
  if (record === null) return null;
  const keys = goesOn && owed.key !== null ? [owed.key] : [];
  // Sent together, as round trips are what this costs most.
  const [isOurs, [next = null]] = await Promise.all([
    updateClaimed(tx, { subscriptionId, worker, record }),
    claimNextWaiting(tx, { subscriptionId, worker, leaseMs, keys }),
    insertAttempts(tx, subscriptionId, history === null ? [] : [history]),
    insertUncounted(tx, subscriptionId, endedAttempt(settlement)),
  ]);
  return isOurs ? { next } : null;
}

type Ended = {
  settlements: Settlement[];
  /** False: what comes next in the keys is left to others. */
  goesOn: boolean;
};

/**
 * Writes ended attempts with their history and rollups in one transaction, and claims the next of their keys. What is
 * not ours any more is left out.
 *
 * @returns for each, the next of its key.
 */
export async function settleClaimed(
  bus: BusContext,
  subscription: Subscription,
  ended: Ended,
): Promise<(DueRow | null)[]> {
  try {
    return await settleWaiting(bus, subscription, ended, "briefly");
  } catch (error) {
    if (!isLockConflict(error)) throw error;
    return settleWaiting(bus, subscription, ended, "never");
  }
}

async function settleWaiting(
  bus: BusContext,
  { id: subscriptionId, consumer }: Subscription,
  { settlements, goesOn }: Ended,
  waits: Waits,
): Promise<(DueRow | null)[]> {
  const { worker, leaseMs } = bus;
  let written: Settlement[] = [];
  const following = await bus.sql.begin(async (tx) => {
    const ours = await writeRecords(tx, bus, subscriptionId, { settlements, waits });
    written = settlements.filter(({ owed }) => ours.has(owed.position));
    const keys: string[] = [];
    const attempts: AttemptRecord[] = [];
    const tally = new ProcessingTally();
    for (const settlement of written) {
      const { owed, record, history } = settlement;
      if (goesOn && owed.key !== null && record?.orderingKey === null) keys.push(owed.key);
      if (history !== null) attempts.push(history);
      tally.add(settlement);
    }
    const [next] = await Promise.all([
      claimNextWaiting(tx, { subscriptionId, worker, leaseMs, keys }),
      insertAttempts(tx, subscriptionId, attempts),
      insertDeadLetters(tx, subscriptionId, deathsOf(written)),
      tally.write(tx, subscriptionId),
    ]);
    const byKey = new Map(next.map((row) => [row.ordering_key, row]));
    return settlements.map(({ owed }) => (owed.key === null ? null : (byKey.get(owed.key) ?? null)));
  });
  bus.meter.note(consumer, written);
  return following;
}

/** @returns the positions that were written, and of those written with their effects that are ours to count. */
async function writeRecords(
  tx: SqlTx,
  { worker }: BusContext,
  subscriptionId: number,
  { settlements, waits }: { settlements: Settlement[]; waits: Waits },
): Promise<Set<string>> {
  const successes: HandedSuccess[] = [];
  const handled: HandedSuccess[] = [];
  const others: OwnHanded["items"][number][] = [];
  for (const { owed, handed, result } of settlements) {
    if (handed === null || handed.delivery === "claimed") continue;
    const { position } = owed;
    if (result.kind !== "succeeded") {
      others.push({ ...handed, position });
      continue;
    }
    const { startedAtUs, durationUs } = result;
    const written = handed.delivery === "succeeded" ? handled : successes;
    written.push({ ...handed, position, startedAtUs, durationUs });
  }
  await writeOwnHanded(tx, { subscriptionId, worker, items: others });
  const ours = (await settleHanded(tx, { subscriptionId, worker, successes, waits })).union(
    await settleHandled(tx, { subscriptionId, worker, successes: handled, waits }),
  );
  const records: DeliveryRecord[] = [];
  for (const { record } of settlements) {
    if (record !== null && !ours.has(record.position)) records.push(record);
  }
  if (records.length === 0) return ours;
  return ours.union(await updateManyClaimed(tx, { subscriptionId, worker, records }));
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

/** The attempt that was interrupted was the last one that the policy allows. */
function interrupted(): AttemptResult {
  const error = describeError("lease-expired", INTERRUPTED);
  const times = { startedAtUs: nowUs(), durationUs: 0 };
  return { ...times, kind: "failed", isTimeout: false, error, retryable: false, retryAfterMs: 0 };
}

/** The event itself is gone: retention dropped it in the meantime. Nothing goes on in its key. */
export async function settleGone(
  bus: BusContext,
  { id: subscriptionId }: Subscription,
  row: DueRow,
): Promise<Delivered> {
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
  const { worker } = bus;
  await bus.sql.begin(async (tx) => {
    const items = row.handed ? [{ ...row.handed, position: row.position }] : [];
    await writeOwnHanded(tx, { subscriptionId, worker, items });
    await updateClaimed(tx, { subscriptionId, worker, record });
  });
  return { isWritten: true, next: null };
}
