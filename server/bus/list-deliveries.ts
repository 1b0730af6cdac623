import type { SqlTx } from "#drizzle/db.ts";
import {
  type EventAttemptRow,
  type EventDeliveryRow,
  listEventAttempts,
  listEventDeliveries,
  listLeasesOver,
} from "#drizzle/queries/event-deliveries.ts";
import { listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import type { AttemptDto, DeliveryDto, DeliveryListDto } from "#server/contract/deliveries.ts";
import { DELIVERY_STATUSES, type DeliveryStatus } from "#server/domain/delivery.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { freshness } from "../events/as-of.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import { toAttemptDto } from "./attempt-dto.ts";
import { loadRouting } from "./channels.ts";
import { isOwed, toSubscription } from "./subscription.ts";
import { isoTime } from "./subscription-dto.ts";

/**
 * To whom an event is owed and how each delivery stands: by what is written down, else by the stretch that is under
 * way, else by the cursor that has not reached it. Of whom none of these tells is not listed. Throws `not-found`.
 */
export async function listDeliveries(ctx: Context, position: string): Promise<DeliveryListDto> {
  const [safe, channelsOf] = await Promise.all([getSafePosition(ctx.sql), loadRouting(ctx.sql)]);
  return ctx.sql.begin("isolation level repeatable read read only", async (tx) => {
    const event = await getEnvelope(tx, ctx, position);
    const rows = await listEventDeliveries(tx, position);
    const attempts = await listEventAttempts(tx, position);
    const leases = await listLeasesOver(tx, position);
    const subscriptions = await listSubscriptions(tx);
    const leasedIn = new Map(leases.map((lease) => [lease.subscription_id, lease.generation]));
    const written = rows.map((row) => {
      const own = attempts.filter((one) => one.subscription_id === row.subscription_id);
      return toWritten(row, own, { position, leasedIn });
    });
    const known = new Set(rows.map((row) => row.subscription_id));
    const unwritten = listUnwritten(
      subscriptions.filter((one) => isOwed(toSubscription(one), event, channelsOf)),
      { position, leasedIn, known, all: subscriptions },
    );
    return { position, deliveries: [...written, ...unwritten], asOf: freshness(ctx, safe) };
  });
}

async function getEnvelope(tx: SqlTx, { names }: Context, position: string): Promise<EventEnvelope> {
  const [row] = await listEnvelopeRows(tx, [position]);
  if (row === undefined) {
    throw new AppError(
      "not-found",
      `No event at position ${position}. It may be older than the retention time.`,
    );
  }
  return toEnvelope(row, await names.resolve(envelopeNameIds(row), tx));
}

type Standing = { position: string; leasedIn: Map<number, number> };

function toWritten(row: EventDeliveryRow, attempts: EventAttemptRow[], standing: Standing): DeliveryDto {
  const status = statusOf(row, standing);
  const isOpen = status === "pending" || status === "processing";
  return {
    consumer: row.consumer,
    competing: [],
    channel: row.channel,
    status,
    generation: Math.max(row.generation, isOpen ? row.cursor_generation : 0),
    duplicates: row.duplicates,
    nextAttemptAt: status === "retrying" && row.next_attempt_at ? isoTime(row.next_attempt_at) : null,
    settledAt: !isOpen && row.settled_at ? isoTime(row.settled_at) : null,
    attempts: withFirstSuccess(row, attempts),
    isEnded: row.is_ended,
  };
}

/** A rewind makes what was delivered owed again: then the row tells of an earlier generation. */
function statusOf(row: EventDeliveryRow, { position, leasedIn }: Standing): DeliveryStatus {
  if (!row.is_ended && row.generation < row.cursor_generation) {
    const leased = leasedIn.get(row.subscription_id);
    if (leased !== undefined && leased > row.generation) return "processing";
    if (BigInt(position) > BigInt(row.cursor_position)) return "pending";
  }
  return DELIVERY_STATUSES[row.status] ?? "pending";
}

/** A success at the first attempt stands in the row alone, since there is nothing more to tell of it. */
function withFirstSuccess(row: EventDeliveryRow, attempts: EventAttemptRow[]): AttemptDto[] {
  const isTold = attempts.some((one) => one.generation === row.generation && one.attempt === row.attempts);
  const all = attempts.map(toAttemptDto);
  if (isTold || DELIVERY_STATUSES[row.status] !== "succeeded" || row.started_at === null) return all;
  const durationMs = Number(row.duration_us ?? 0) / 1000;
  const startedAt = isoTime(row.started_at);
  const endedAt = new Date(Date.parse(startedAt) + durationMs).toISOString();
  const { generation, attempts: attempt } = row;
  return [...all, { generation, attempt, outcome: "succeeded", startedAt, endedAt, durationMs, error: null }];
}

/** Deliveries without a row: within a stretch that is under way, or beyond the cursor. */
function listUnwritten(
  owing: SubscriptionRow[],
  { position, leasedIn, known, all }: Standing & { known: Set<number>; all: SubscriptionRow[] },
): DeliveryDto[] {
  const takenCursors = new Set(all.filter((row) => known.has(row.id)).map((row) => row.cursor_id));
  const open = owing.filter(
    (row) => !takenCursors.has(row.cursor_id) && toSubscription(row).target.kind !== "external",
  );
  const cursors = Map.groupBy(open, (row) => row.cursor_id);
  return [...cursors.values()].flatMap((peers): DeliveryDto[] => {
    const [first] = peers;
    if (first === undefined) return [];
    const base = {
      competing: [],
      channel: first.channel,
      generation: first.generation,
      duplicates: 0,
      nextAttemptAt: null,
      settledAt: null,
      attempts: [],
      isEnded: false,
    };
    const holder = peers.find((row) => leasedIn.has(row.id));
    if (holder) return [{ ...base, consumer: holder.consumer, status: "processing" }];
    if (BigInt(position) <= BigInt(first.position)) return [];
    if (peers.length === 1) return [{ ...base, consumer: first.consumer, status: "pending" }];
    return [{ ...base, consumer: null, competing: peers.map((row) => row.consumer), status: "pending" }];
  });
}
