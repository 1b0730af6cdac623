import type { SqlTx } from "#drizzle/db.ts";
import {
  advanceCursor,
  claimCursor,
  countLeases,
  insertLease,
  listBlockedKeys,
  listDeliveryRows,
} from "#drizzle/queries/delivery-claims.ts";
import { type DeliveryRecord, STATUS, upsertDeliveries } from "#drizzle/queries/delivery-settling.ts";
import { listEnvelopeRowsAfter } from "#drizzle/queries/event-envelopes.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import type { BusContext } from "./bus-context.ts";
import { isOwed, orderingKey, type Subscription } from "./subscription.ts";

/** Payload bytes that a worker takes into its memory at once, unless one event alone has more. */
const MAX_BYTES = 16 * 1024 * 1024;

/** An event that a consumer has to get. */
export type OwedEvent = {
  position: string;
  typeId: number;
  event: EventEnvelope;
  /** Microseconds since 1970, by the producer's clock; null when it named no time. */
  eventUs: number | null;
  key: string | null;
};

/** A part of the log that this worker delivers, under a lease. */
export type Stretch = {
  leaseId: string;
  generation: number;
  /** Some of it may have been delivered in an older generation. */
  isRepeat: boolean;
  owed: OwedEvent[];
};

export type ClaimedStretch =
  | { kind: "stretch"; stretch: Stretch; isLast: boolean; isSomeHeld: boolean }
  /** Nothing in it can be delivered now. */
  | { kind: "passed"; isLast: boolean; isSomeHeld: boolean }
  /** Nothing new, or another worker is at it. */
  | { kind: "nothing" };

/**
 * Takes the next part of the log for a subscription, at most `limit` events, and moves its cursor behind it. What an
 * ordered subscription can't deliver yet, because an earlier event of the key is not settled, is written down as
 * pending; so is what only other consumers of the same queue take.
 */
export async function claimStretch(
  bus: BusContext,
  subscription: Subscription,
  limit: number,
): Promise<ClaimedStretch> {
  const upTo = await getSafePosition(bus.sql);
  return bus.sql.begin(async (tx) => {
    const cursor = await claimCursor(tx, subscription.cursorId);
    if (cursor === null || BigInt(cursor.position) >= BigInt(upTo)) return { kind: "nothing" };
    const isOrdered = subscription.ordering === "key";
    if (isOrdered && (await countLeases(tx, subscription.cursorId)) > 0) return { kind: "nothing" };

    const rows = await listEnvelopeRowsAfter(tx, {
      after: cursor.position,
      upTo,
      limit,
      maxBytes: MAX_BYTES,
    });
    const last = rows.at(-1);
    if (!last) return { kind: "nothing" };
    const nameOf = await bus.names.resolve(rows.flatMap(envelopeNameIds), tx);
    const all = rows.map((row): OwedEvent => {
      const event = toEnvelope(row, nameOf);
      const eventUs = row.event_micros === null ? null : Number(row.event_micros);
      return {
        position: row.position,
        typeId: row.type_id,
        event,
        eventUs,
        key: orderingKey(subscription, event),
      };
    });
    const mine = all.filter(({ event }) => isOwed(subscription, event, bus.channelsOf));
    const { generation } = cursor;
    await leaveToPeers(tx, bus, subscription, { all, mine, generation });

    const isRepeat = BigInt(cursor.position) < BigInt(cursor.reached);
    const fresh = isRepeat ? await withoutHandled(tx, subscription, mine, generation) : mine;
    const owed = isOrdered ? await holdBlocked(tx, bus, subscription, { owed: fresh, generation }) : fresh;
    const isSomeHeld = owed.length < fresh.length;
    const isLast = last.position === upTo;
    const advanced = advanceCursor(tx, subscription.cursorId, last.position);
    if (owed.length === 0) {
      await advanced;
      return { kind: "passed", isLast, isSomeHeld };
    }
    const lease = insertLease(tx, {
      subscriptionId: subscription.id,
      after: cursor.position,
      to: last.position,
      generation,
      worker: bus.worker,
      leaseMs: bus.leaseMs,
    });
    // Sent together: each round trip that is saved is felt in every stretch.
    const [leaseId] = await Promise.all([lease, advanced]);
    return { kind: "stretch", stretch: { leaseId, generation, isRepeat, owed }, isLast, isSomeHeld };
  });
}

/**
 * A row for an event that waits for its first attempt: without a key until somebody takes it, with one for its turn
 * among the events of its key.
 */
export function pendingRecord(owed: OwedEvent, generation: number): DeliveryRecord {
  return {
    position: owed.position,
    typeId: owed.typeId,
    generation,
    status: STATUS.pending,
    attempts: 0,
    startedAtUs: null,
    durationUs: null,
    settledAtUs: null,
    nextAttemptAtUs: owed.key === null ? 0 : null,
    orderingKey: owed.key,
  };
}

/** What this consumer of a queue does not take, but another one does, is written down as owed to that one. */
async function leaveToPeers(
  tx: SqlTx,
  bus: BusContext,
  subscription: Subscription,
  { all, mine, generation }: { all: OwedEvent[]; mine: OwedEvent[]; generation: number },
): Promise<void> {
  const peers = bus.peersOf(subscription);
  if (peers.length === 0 || mine.length === all.length) return;
  const taken = new Set(mine.map((owed) => owed.position));
  for (const peer of peers) {
    const theirs = all.filter(
      ({ position, event }) => !taken.has(position) && isOwed(peer, event, bus.channelsOf),
    );
    for (const { position } of theirs) taken.add(position);
    const records = theirs.map((owed) =>
      pendingRecord({ ...owed, key: orderingKey(peer, owed.event) }, generation),
    );
    if (records.length > 0) await upsertDeliveries(tx, peer.id, records);
  }
}

async function withoutHandled(
  tx: SqlTx,
  subscription: Subscription,
  owed: OwedEvent[],
  generation: number,
): Promise<OwedEvent[]> {
  const rows = await listDeliveryRows(
    tx,
    subscription.id,
    owed.map(({ position }) => position),
  );
  const handled = new Set(rows.filter((row) => row.generation >= generation).map((row) => row.position));
  return owed.filter(({ position }) => !handled.has(position));
}

/**
 * Writes down what has to wait for an earlier event of its key. In a queue it waits with the consumer that has that
 * one, so that the key's order holds among all of them.
 */
async function holdBlocked(
  tx: SqlTx,
  bus: BusContext,
  subscription: Subscription,
  { owed, generation }: { owed: OwedEvent[]; generation: number },
): Promise<OwedEvent[]> {
  const keys = [...new Set(owed.flatMap(({ key }) => (key === null ? [] : [key])))];
  if (keys.length === 0) return owed;
  const candidates = [subscription, ...bus.peersOf(subscription).filter((peer) => peer.ordering === "key")];
  const blocked = await listBlockedKeys(
    tx,
    candidates.map(({ id }) => id),
    keys,
  );
  if (blocked.size === 0) return owed;
  const holderOf = ({ key, event }: OwedEvent) => {
    const ids = key === null ? [] : (blocked.get(key) ?? []);
    return candidates.find((one) => ids.includes(one.id) && isOwed(one, event, bus.channelsOf));
  };
  const held = Map.groupBy(owed, holderOf);
  for (const [holder, events] of held) {
    if (holder === undefined) continue;
    const records = events.map((one) => pendingRecord(one, generation));
    await upsertDeliveries(tx, holder.id, records);
  }
  return held.get(undefined) ?? [];
}
