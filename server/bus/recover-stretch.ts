import { endLease, listDeliveryRows, takeOverLease } from "#drizzle/queries/delivery-claims.ts";
import { countDuplicates, STATUS, upsertDeliveries } from "#drizzle/queries/delivery-settling.ts";
import { listHeaderRowsAfter } from "#drizzle/queries/event-envelopes.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import { nowUs } from "./attempt.ts";
import type { BusContext } from "./bus-context.ts";
import { type OwedEvent, pendingRecord } from "./claim-stretch.ts";
import { ProcessingTally } from "./processing-tally.ts";
import { isOwed, orderingKey, type Subscription } from "./subscription.ts";

/** More than any stretch has. */
const MAX_EVENTS = 10_000;

/**
 * Takes over a stretch whose worker was lost, and writes down what it had not delivered as pending, one by one: an
 * event that kills its worker then uses up its own attempts instead of taking the stretch down for ever.
 *
 * @returns whether there was one.
 */
export async function recoverStretch(bus: BusContext, subscription: Subscription): Promise<boolean> {
  const { id } = subscription;
  const lease = await takeOverLease(bus.sql, {
    subscriptionId: id,
    worker: bus.worker,
    leaseMs: bus.leaseMs,
  });
  if (lease === null) return false;
  const rows = await listHeaderRowsAfter(bus.sql, {
    after: lease.after_position,
    upTo: lease.to_position,
    limit: MAX_EVENTS,
  });
  const nameOf = await bus.names.resolve(rows.flatMap(envelopeNameIds));
  const owed = rows
    .map((row): OwedEvent => {
      const event = toEnvelope(row, nameOf);
      const eventUs = row.event_micros === null ? null : Number(row.event_micros);
      return {
        position: row.position,
        typeId: row.type_id,
        event,
        eventUs,
        key: orderingKey(subscription, event),
      };
    })
    .filter(({ event }) => isOwed(subscription, event, bus.channelsOf));

  const { target } = subscription;
  const handler = target.kind === "handler" ? bus.handlers.find(target.name) : null;
  const isTransactional = handler !== null && handler.transaction !== "none";
  await bus.sql.begin(async (tx) => {
    if (!(await endLease(tx, { id: lease.id, worker: bus.worker }))) return;
    const pending = await upsertDeliveries(
      tx,
      id,
      owed.map((one) => pendingRecord(one, lease.generation)),
    );
    // Read after the write: whoever was just committing an effect has committed it by now.
    const standing = await listDeliveryRows(
      tx,
      id,
      owed.map(({ position }) => position).filter((position) => !pending.has(position)),
    );
    const handled = new Map(standing.map((row) => [row.position, row]));
    const tally = new ProcessingTally();
    const duplicates: string[] = [];
    for (const one of owed) {
      const row = handled.get(one.position);
      if (row?.status !== STATUS.succeeded || row.generation !== lease.generation) continue;
      duplicates.push(one.position);
      tally.addDuplicate(nowUs(), one.typeId);
      // Committed with its effect, but not counted: that comes with the end of the lease. What was claimed by itself
      // was counted then.
      if (isTransactional && row.worker === null) {
        tally.addSuccess(one, { startedAtUs: Number(row.started_us), durationUs: Number(row.duration_us) });
      }
    }
    if (duplicates.length > 0) await countDuplicates(tx, id, duplicates);
    await tally.write(tx, id);
  });
  return true;
}
