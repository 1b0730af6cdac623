import type { SqlTx } from "#drizzle/db.ts";
import { insertDeadLetters } from "#drizzle/queries/dead-letters.ts";
import { endLease, extendLease } from "#drizzle/queries/delivery-claims.ts";
import {
  copyDeliveries,
  countDuplicates,
  type DeliveryRecord,
  insertAttempts,
  upsertDeliveries,
} from "#drizzle/queries/delivery-settling.ts";
import type { BusContext } from "./bus-context.ts";
import { type OwedEvent, pendingRecord, type Stretch } from "./claim-stretch.ts";
import { deathsOf } from "./deaths.ts";
import { ProcessingTally } from "./processing-tally.ts";
import type { Settlement } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

const UNIQUE_VIOLATION = "23505";

export type StretchResults = {
  settlements: Settlement[];
  /** Events that wait behind a failure of their key. */
  held: OwedEvent[];
  /** The successes were written with their effects already. */
  areSuccessesWritten: boolean;
};

/**
 * Writes what became of a part of a stretch: rows, history and rollups in one transaction, while the lease is still
 * ours. With `isLast` the lease ends.
 *
 * @returns false when another worker took the lease over: nothing was written then, and that one's results count.
 */
export async function settleStretch(
  bus: BusContext,
  subscription: Subscription,
  stretch: Stretch,
  results: StretchResults,
  isLast: boolean,
): Promise<boolean> {
  const write = (isFresh: boolean) =>
    bus.sql.begin(async (tx) => {
      const lease = { id: stretch.leaseId, worker: bus.worker, leaseMs: bus.leaseMs };
      const isOurs = isLast ? await endLease(tx, lease) : await extendLease(tx, lease);
      if (!isOurs) return false;
      await writeResults(tx, subscription, stretch, results, isFresh);
      return true;
    });
  const isWritten = await write(!stretch.isRepeat).catch((error: unknown) => {
    // A row that should not be there yet: another worker went on with this stretch while ours was thought lost.
    if (!(error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION)) throw error;
    return write(false);
  });
  if (isWritten) bus.meter.note(subscription.consumer, results.settlements);
  return isWritten;
}

async function writeResults(
  tx: SqlTx,
  { id }: Subscription,
  stretch: Stretch,
  { settlements, held, areSuccessesWritten }: StretchResults,
  isFresh: boolean,
): Promise<void> {
  const records: DeliveryRecord[] = held.map((owed) => pendingRecord(owed, stretch.generation));
  for (const { record, result } of settlements) {
    if (record !== null && !(areSuccessesWritten && result.kind === "succeeded")) records.push(record);
  }
  let written: ReadonlySet<string> | null = null;
  if (records.length > 0) {
    if (isFresh) await copyDeliveries(tx, id, records);
    else written = await upsertDeliveries(tx, id, records);
  }
  const tally = new ProcessingTally();
  const ended: Settlement[] = [];
  for (const settlement of settlements) {
    const { owed, record, result } = settlement;
    const isWritten = record === null || written === null || written.has(record.position);
    if (areSuccessesWritten && result.kind === "failed" && !isWritten) {
      // Its commit went through although the database died before it could say so.
      tally.addSuccess(owed, result);
      continue;
    }
    tally.add(settlement);
    ended.push(settlement);
  }
  const deaths = deathsOf(ended).filter(({ position }) => written?.has(position) ?? true);
  await insertDeadLetters(tx, id, deaths);
  const duplicates = ended.filter(({ result }) => result.kind === "duplicate");
  if (duplicates.length > 0) {
    await countDuplicates(
      tx,
      id,
      duplicates.map(({ owed }) => owed.position),
    );
  }
  await insertAttempts(
    tx,
    id,
    ended.flatMap(({ history }) => (history === null ? [] : [history])),
  );
  await tally.write(tx, id);
}
