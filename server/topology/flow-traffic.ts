import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import type { FlowDeliveryRow, FlowEventRow } from "#drizzle/queries/topology-flows.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import { type FlowEvent, findNamedCauses } from "#server/domain/topology/read-flow.ts";

type Bins = Record<string, number>;

/** What flows emitted and who was handed it: counts by interned ids, so that it adds up. */
export type FlowTraffic = {
  /** By type, source, channel (0 for none) and kind (-1 for none). */
  emitted: Record<string, { events: number; lastPosition: number }>;
  /** From cause to event, by type and source. */
  reactions: Record<string, Bins>;
  /** By subscription and type. */
  delivered: Record<
    string,
    {
      succeeded: number;
      failed: number;
      retried: number;
      dead: number;
      lastUs: number;
      handling: Bins;
      waiting: Bins;
    }
  >;
};

/** Kinds of things that are kept of the flows of one minute. */
const MAX_KEYS = 500;

export const NO_TRAFFIC: FlowTraffic = { emitted: {}, reactions: {}, delivered: {} };

export function trafficOf(
  rows: readonly FlowEventRow[],
  events: readonly FlowEvent[],
  deliveries: readonly FlowDeliveryRow[],
): FlowTraffic {
  const traffic: FlowTraffic = { emitted: {}, reactions: {}, delivered: {} };
  const causes = findNamedCauses(events);
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  for (const [index, row] of rows.entries()) {
    const key = [row.type_id, row.source_id, row.channel_id ?? 0, row.kind ?? -1].join("/");
    const position = Number(row.position);
    traffic.emitted[key] = add(traffic.emitted[key], { events: 1, lastPosition: position });
    const cause = rows[causes[index] ?? -1];
    if (!cause) continue;
    const pair = `${row.type_id}/${row.source_id}`;
    const bins = traffic.reactions[pair] ?? {};
    traffic.reactions[pair] = addBin(bins, position - Number(cause.position));
  }
  for (const delivery of deliveries) {
    const event = byPosition.get(delivery.position);
    if (!event || delivery.attempts === 0) continue;
    const key = `${delivery.subscription_id}/${event.type_id}`;
    traffic.delivered[key] = addDelivered(traffic.delivered[key], deliveredOf(event, delivery));
  }
  return traffic;
}

export function mergeTraffic(a: FlowTraffic, b: FlowTraffic): FlowTraffic {
  return {
    emitted: mergeBy(a.emitted, b.emitted, add),
    reactions: mergeBy(a.reactions, b.reactions, addBins),
    delivered: mergeBy(a.delivered, b.delivered, addDelivered),
  };
}

type Emitted = FlowTraffic["emitted"][string];
type Delivered = FlowTraffic["delivered"][string];

function deliveredOf(event: FlowEventRow, delivery: FlowDeliveryRow): Delivered {
  const hasSucceeded = delivery.status === STATUS.succeeded;
  const isDead = delivery.status === STATUS.dead;
  const failed = delivery.attempts - (hasSucceeded ? 1 : 0);
  const duration = Number(delivery.duration_us ?? 0);
  const endedUs = Number(delivery.started_us ?? 0) + duration;
  return {
    succeeded: hasSucceeded ? 1 : 0,
    failed,
    retried: failed - (isDead ? 1 : 0),
    dead: isDead ? 1 : 0,
    lastUs: endedUs,
    handling: delivery.duration_us === null ? {} : addBin({}, duration),
    waiting: hasSucceeded ? addBin({}, endedUs - Number(event.event_us ?? event.position)) : {},
  };
}

function add(a: Emitted | undefined, b: Emitted): Emitted {
  return a ? { events: a.events + b.events, lastPosition: Math.max(a.lastPosition, b.lastPosition) } : b;
}

function addDelivered(a: Delivered | undefined, b: Delivered): Delivered {
  if (!a) return b;
  return {
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    retried: a.retried + b.retried,
    dead: a.dead + b.dead,
    lastUs: Math.max(a.lastUs, b.lastUs),
    handling: addBins(a.handling, b.handling),
    waiting: addBins(a.waiting, b.waiting),
  };
}

function addBin(bins: Bins, micros: number): Bins {
  return addBins(bins, { [binOf(Math.max(0, micros))]: 1 });
}

function addBins(a: Bins | undefined, b: Bins): Bins {
  const sum = { ...a };
  for (const [bin, count] of Object.entries(b)) sum[bin] = (sum[bin] ?? 0) + count;
  return sum;
}

function mergeBy<Row>(
  a: Record<string, Row>,
  b: Record<string, Row>,
  merge: (a: Row | undefined, b: Row) => Row,
): Record<string, Row> {
  const merged = { ...a };
  let size = Object.keys(merged).length;
  for (const [key, row] of Object.entries(b)) {
    const known = merged[key];
    if (known === undefined && size >= MAX_KEYS) continue;
    if (known === undefined) size += 1;
    merged[key] = merge(known, row);
  }
  return merged;
}
