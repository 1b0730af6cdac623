import type { Sql, SqlTx } from "#drizzle/db.ts";
import { listHeaderRows } from "#drizzle/queries/event-envelopes.ts";
import type { listLeases, RecordedDeliveryRow } from "#drizzle/queries/flow-records.ts";
import type { SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import type { DeliveryStatus } from "#server/domain/delivery.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { RecordedDelivery } from "#server/domain/sagas/trace.ts";
import type { Context } from "#server/platform/context.ts";
import { loadRouting } from "../bus/channels.ts";
import { isOwed, type Subscription, toSubscription } from "../bus/subscription.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";

/** How far everybody has been handed events, read before the deliveries. */
export type Standing = {
  subscriptions: readonly SubscriptionRow[];
  leases: Awaited<ReturnType<typeof listLeases>>;
};

/** Events that somebody may still have to be given, and how events are routed. */
export type OpenEvents = {
  events: readonly { position: string; event: EventEnvelope }[];
  channelsOf: Awaited<ReturnType<typeof loadRouting>>;
};

/** Those of some events that stand within a stretch that is being delivered, or beyond the cursor of a subscription. */
export async function listOpen(
  sql: Sql | SqlTx,
  { names }: Pick<Context, "names">,
  { positions, standing }: { positions: readonly string[]; standing: Standing },
): Promise<OpenEvents | null> {
  const least = Math.min(
    ...listDelivering(standing).map(({ position }) => Number(position)),
    ...standing.leases.map(({ after_position }) => Number(after_position)),
  );
  const open = positions.filter((position) => Number(position) > least);
  if (open.length === 0) return null;
  const [channelsOf, events] = await Promise.all([loadRouting(sql), listHeaders(sql, { names }, open)]);
  return { events, channelsOf };
}

/**
 * Deliveries of open events that have no row yet. Consumers of a queue share a cursor; until one of them takes the
 * event, the first by name stands for all.
 */
export function findOwed(
  open: OpenEvents | null,
  { written, standing }: { written: readonly RecordedDeliveryRow[]; standing: Standing },
): RecordedDelivery[] {
  if (open === null) return [];
  const owing = listDelivering(standing).map((row) => ({ row, subscription: toSubscription(row) }));
  const cursors = Map.groupBy(owing, ({ row }) => row.cursor_id);
  const cursorOf = new Map(standing.subscriptions.map(({ id, cursor_id }) => [id, cursor_id]));
  const taken = new Set(
    written.map(({ position, subscription_id }) => `${position} ${cursorOf.get(subscription_id)}`),
  );
  const found: RecordedDelivery[] = [];
  for (const { position, event } of open.events) {
    for (const [cursorId, all] of cursors) {
      if (taken.has(`${position} ${cursorId}`)) continue;
      const peers = all.filter(({ subscription }) => isOwed(subscription, event, open.channelsOf));
      const one = standingOf(position, peers, standing.leases);
      if (one !== null) found.push(one);
    }
  }
  return found;
}

function listDelivering({ subscriptions }: Standing): SubscriptionRow[] {
  return subscriptions.filter(({ target }) => !isExternal(target));
}

function isExternal(target: unknown): boolean {
  return typeof target === "object" && target !== null && "kind" in target && target.kind === "external";
}

async function listHeaders(
  sql: Sql | SqlTx,
  { names }: Pick<Context, "names">,
  positions: readonly string[],
): Promise<{ position: string; event: EventEnvelope }[]> {
  const rows = await listHeaderRows(sql, positions);
  const nameOf = await names.resolve(rows.flatMap(envelopeNameIds), sql);
  return rows.map((row) => ({ position: row.position, event: toEnvelope(row, nameOf) }));
}

function standingOf(
  position: string,
  peers: readonly { row: SubscriptionRow; subscription: Subscription }[],
  leases: Standing["leases"],
): RecordedDelivery | null {
  const [first] = peers;
  if (first === undefined) return null;
  const holder = peers.find(({ row }) =>
    leases.some(
      ({ subscription_id, after_position, to_position }) =>
        subscription_id === row.id &&
        Number(after_position) < Number(position) &&
        Number(position) <= Number(to_position),
    ),
  );
  if (holder !== undefined) return owedTo(holder.row, position, "processing");
  return Number(position) > Number(first.row.position) ? owedTo(first.row, position, "pending") : null;
}

function owedTo(
  { consumer, generation }: SubscriptionRow,
  position: string,
  status: DeliveryStatus,
): RecordedDelivery {
  const nothing = { attempts: 0, startedUs: null, durationUs: null, nextAttemptUs: null };
  return { position, consumer, status, generation, ...nothing };
}
