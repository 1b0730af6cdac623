import type { SqlTx } from "#drizzle/db.ts";
import { extendLease } from "#drizzle/queries/delivery-claims.ts";
import { insertHandled, STATUS, upsertDeliveries } from "#drizzle/queries/delivery-settling.ts";
import { attemptDelivery, type RecordHandled } from "./attempt.ts";
import type { BusContext } from "./bus-context.ts";
import type { OwedEvent, Stretch } from "./claim-stretch.ts";
import { deliverBatches } from "./deliver-batches.ts";
import type { Limiter } from "./limiter.ts";
import { settleStretch } from "./settle-stretch.ts";
import { type Settlement, settle } from "./settlement.ts";
import type { Subscription } from "./subscription.ts";

/** Results are written at least this often, so that the console is close behind and a crash repeats little. */
const FLUSH_MS = 250;

/**
 * Delivers all events of a stretch and writes what became of them. Events of one key go one after the other, and what
 * stands behind a failure of its key is held; everything else runs side by side, as far as the limiter lets it.
 */
export async function deliverStretch(
  bus: BusContext,
  subscription: Subscription,
  stretch: Stretch,
  {
    limiter,
    signal,
    onWaiting,
  }: {
    limiter: Limiter;
    signal: AbortSignal;
    /** Told when something was written down that waits for its turn or its time. */
    onWaiting: () => void;
  },
): Promise<void> {
  const { target } = subscription;
  const handler = target.kind === "handler" ? bus.handlers.find(target.name) : null;
  const isTransactional = handler !== null && handler.transaction !== "none";
  let settlements: Settlement[] = [];
  let held: OwedEvent[] = [];
  let isOurs = true;
  let flushing: Promise<void> = Promise.resolve();

  const flush = async (isLast: boolean) => {
    // Effects that are committed already are counted with the end of the lease: while it stands, none of them has
    // been, so whoever takes the stretch over counts each once.
    const waits = ({ result }: Settlement) => isTransactional && !isLast && result.kind !== "failed";
    const results = {
      settlements: settlements.filter((one) => !waits(one)),
      held,
      areSuccessesWritten: isTransactional,
    };
    settlements = settlements.filter(waits);
    held = [];
    const isAnyWaiting = results.held.length > 0 || results.settlements.some(isUnsettled);
    if (isOurs) isOurs = await settleStretch(bus, subscription, stretch, results, isLast);
    if (isAnyWaiting) onWaiting();
  };
  const timer = setInterval(() => {
    flushing = flushing
      .then(() => flush(false))
      .catch((error: unknown) => {
        isOurs = false;
        bus.log.warn({ consumer: subscription.consumer, err: error }, "deliveries.not-settled");
      });
  }, FLUSH_MS);

  const deliverOne = async (owed: OwedEvent): Promise<Settlement> => {
    const { generation } = stretch;
    const record = isTransactional ? recordFresh(subscription, owed, stretch) : null;
    const result = await attemptDelivery(bus, subscription, owed, { attempt: 1, record });
    return settle(subscription, owed, { attempt: 1, generation, result, random: bus.random });
  };

  /** Handles events one after the other, the first of which has its turn, until one fails that the others wait for. */
  const deliverSequence = async (sequence: OwedEvent[]): Promise<void> => {
    for (const [index, owed] of sequence.entries()) {
      if (index > 0) await limiter.enter();
      let settlement: Settlement;
      try {
        // What waits for its turn when the worker stops is not begun any more.
        if (signal.aborted || !isOurs) return;
        settlement = await deliverOne(owed);
      } finally {
        limiter.leave();
      }
      // Not before the attempt has ended: a flush in the meantime begins a new list.
      settlements.push(settlement);
      if (settlement.record === null || settlement.record.orderingKey === null) continue;
      // Together with the failure, so that no flush writes one without the other.
      held.push(...sequence.slice(index + 1));
      return;
    }
  };

  try {
    let sequences: OwedEvent[][];
    if (handler?.transaction === "batch" && subscription.ordering === "none") {
      const left = await deliverBatches(bus, subscription, stretch, {
        handler,
        limiter,
        signal,
        take: (batch) => void settlements.push(...batch),
      });
      sequences = left.map((owed) => [owed]);
    } else sequences = sequencesOf(stretch.owed);
    const underWay: Promise<void>[] = [];
    for (const sequence of sequences) {
      await limiter.enter();
      underWay.push(deliverSequence(sequence));
    }
    await Promise.all(underWay);
  } finally {
    clearInterval(timer);
    await flushing;
    // What was not tried, because the worker stops, is left to the next one: the lease just runs out then.
    const isComplete = !signal.aborted;
    if (isComplete) await flush(true);
    else await flush(false).then(() => releaseSoon(bus, stretch));
  }
}

function isUnsettled({ record }: Settlement): boolean {
  return record !== null && record.settledAtUs === null;
}

/** Events of one key in one sequence, every event without a key in one of its own; the order of the log in each. */
function sequencesOf(owed: OwedEvent[]): OwedEvent[][] {
  const byKey = new Map<string, OwedEvent[]>();
  const all: OwedEvent[][] = [];
  for (const one of owed) {
    const sequence = one.key === null ? undefined : byKey.get(one.key);
    if (sequence) sequence.push(one);
    else {
      const started = [one];
      all.push(started);
      if (one.key !== null) byKey.set(one.key, started);
    }
  }
  return all;
}

/** Lets another worker have the stretch without waiting for the whole lease. */
async function releaseSoon(bus: BusContext, { leaseId }: Stretch): Promise<void> {
  await extendLease(bus.sql, { id: leaseId, worker: bus.worker, leaseMs: 0 });
}

function recordFresh(
  { id }: Subscription,
  owed: OwedEvent,
  { generation, isRepeat }: Stretch,
): RecordHandled {
  return async (tx: SqlTx, { startedAtUs, durationUs }) => {
    const record = {
      position: owed.position,
      typeId: owed.typeId,
      generation,
      status: STATUS.succeeded,
      attempts: 1,
      startedAtUs,
      durationUs,
      settledAtUs: startedAtUs + durationUs,
      nextAttemptAtUs: null,
      orderingKey: null,
    };
    if (!isRepeat) return insertHandled(tx, id, record);
    return (await upsertDeliveries(tx, id, [record])).size === 1;
  };
}
