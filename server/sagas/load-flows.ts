import type { Sql, SqlTx } from "#drizzle/db.ts";
import {
  type FlowRecordRow,
  listLeases,
  listRecordedAttempts,
  listRecordedDeliveries,
  listRecordsOfFlows,
  type RecordedAttemptRow,
  type RecordedDeliveryRow,
} from "#drizzle/queries/flow-records.ts";
import { listSubscriptions, type SubscriptionRow } from "#drizzle/queries/subscriptions.ts";
import { DELIVERY_STATUSES } from "#server/domain/delivery.ts";
import { CORRELATIONS, type Correlation } from "#server/domain/sagas/correlate.ts";
import type {
  AttemptOutcome,
  RecordedAttempt,
  RecordedDelivery,
  RecordedEvent,
} from "#server/domain/sagas/trace.ts";
import type { Recorded } from "#server/domain/sagas/trace-messages.ts";
import type { Context } from "#server/platform/context.ts";
import { kindOf } from "../events/envelopes.ts";
import type { NameOf } from "../events/event-matcher.ts";
import { findOwed, listOpen, type Standing } from "./owed-deliveries.ts";

/** Events of a flow that are read to tell where its sagas stand. */
export const MAX_FLOW_EVENTS = 2_000;

export type LoadedFlow = Recorded & {
  /** More events were recorded than were read: the first ones were. */
  isCapped: boolean;
};

/**
 * What was recorded of some flows, in the order in which they were asked for: events, deliveries with those that are
 * owed and not begun, and attempts. A flow that nobody knows is empty.
 *
 * Deliveries are read after the cursors that hand them out, so that whatever happens in between, what is under way is
 * never taken for something that nobody was given.
 *
 * @param sql a transaction, or the pool.
 */
export async function loadFlows(
  sql: Sql | SqlTx,
  { names }: Pick<Context, "names">,
  flows: readonly Correlation[],
  limit: number = MAX_FLOW_EVENTS,
): Promise<LoadedFlow[]> {
  if (flows.length === 0) return [];
  const wanted = flows.map(({ by, value }) => ({ kind: CORRELATIONS.indexOf(by), value }));
  const [subscriptions, leases] = await Promise.all([listSubscriptions(sql), listLeases(sql)]);
  const standing: Standing = { subscriptions, leases };
  const [rows, written, tried] = await Promise.all([
    listRecordsOfFlows(sql, wanted, limit + 1),
    listRecordedDeliveries(sql, wanted, limit),
    listRecordedAttempts(sql, wanted, limit),
  ]);
  const byFlow = Map.groupBy(rows, ({ flow }) => flow);
  const kept = flows.map((_, place) => (byFlow.get(place) ?? []).slice(0, limit));
  const positions = [...new Set(kept.flat().map(({ position }) => position))];
  const [nameOf, open] = await Promise.all([
    names.resolve(collectNames(kept), sql),
    listOpen(sql, { names }, { positions, standing }),
  ]);
  const attempts = Map.groupBy(tried, ({ position }) => position);
  const owed = findOwed(open, { written, standing });
  const cursors = new Map(subscriptions.map((row) => [row.id, row]));
  const told = written.map((row) => toDelivery(row, { cursor: cursors.get(row.subscription_id), standing }));
  const deliveries = Map.groupBy([...told, ...owed], positionOf);
  return kept.map((own, place) => ({
    events: own.map((row) => toRecordedEvent(row, nameOf)),
    deliveries: pickBy(own, deliveries),
    attempts: pickBy(own, attempts).map(toAttempt),
    isCapped: (byFlow.get(place)?.length ?? 0) > limit,
  }));
}

function pickBy<T>(rows: readonly FlowRecordRow[], byPosition: ReadonlyMap<string, readonly T[]>): T[] {
  if (byPosition.size === 0) return [];
  return rows.flatMap(({ position }) => byPosition.get(position) ?? []);
}

function positionOf({ position }: { position: string }): string {
  return position;
}

function collectNames(flows: readonly FlowRecordRow[][]): Set<number> {
  const ids = new Set<number>();
  for (const rows of flows) {
    for (const { type_id, source_id, channel_id } of rows) {
      ids.add(type_id).add(source_id);
      if (channel_id !== null) ids.add(channel_id);
    }
  }
  return ids;
}

function toRecordedEvent(row: FlowRecordRow, nameOf: NameOf): RecordedEvent {
  return {
    position: row.position,
    id: row.id,
    source: nameOf(row.source_id),
    type: nameOf(row.type_id),
    kind: kindOf(row.kind),
    subject: row.subject,
    channel: row.channel_id === null ? null : nameOf(row.channel_id),
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    traceparent: row.traceparent,
    timeUs: micros(row.event_us),
  };
}

/** A rewind makes what was delivered owed again: then the row tells of an earlier generation. */
function toDelivery(
  row: RecordedDeliveryRow,
  { cursor, standing: { leases } }: { cursor: SubscriptionRow | undefined; standing: Standing },
): RecordedDelivery {
  const { position, consumer, generation, attempts } = row;
  const status = DELIVERY_STATUSES[row.status] ?? "pending";
  if (cursor !== undefined && generation < cursor.generation) {
    const again = { position, consumer, generation: cursor.generation, ...NOT_BEGUN };
    const isLeased = leases.some(
      (one) => one.subscription_id === cursor.id && one.generation > generation && isWithin(position, one),
    );
    if (isLeased) return { ...again, status: "processing" };
    if (Number(position) > Number(cursor.position)) return { ...again, status: "pending" };
  }
  const times = status === "processing" && row.is_held ? NO_TIMES : timesOf(row);
  const nextAttemptUs = status === "retrying" ? micros(row.next_attempt_us) : null;
  return { position, consumer, status, generation, attempts, ...times, nextAttemptUs };
}

const NO_TIMES = { startedUs: null, durationUs: null };
const NOT_BEGUN = { attempts: 0, ...NO_TIMES, nextAttemptUs: null };

function isWithin(
  position: string,
  { after_position, to_position }: { after_position: string; to_position: string },
): boolean {
  return Number(after_position) < Number(position) && Number(position) <= Number(to_position);
}

function timesOf({ started_us, duration_us }: { started_us: string | null; duration_us: string | null }) {
  return { startedUs: micros(started_us), durationUs: micros(duration_us) };
}

const OUTCOMES: readonly AttemptOutcome[] = [
  "succeeded",
  "failed",
  "timed-out",
  "interrupted",
  "running",
  "failed",
];

function toAttempt(row: RecordedAttemptRow): RecordedAttempt {
  const { position, consumer, generation, attempt, error_name, error_message } = row;
  const error =
    error_message === null && error_name === null
      ? null
      : { name: error_name ?? "Error", message: error_message ?? "" };
  const outcome = OUTCOMES[row.outcome] ?? "failed";
  return { position, consumer, generation, attempt, ...timesOf(row), outcome, error };
}

function micros(text: string | null): number | null {
  return text === null ? null : Number(text);
}
