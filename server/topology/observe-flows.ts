import type { SqlTx } from "#drizzle/db.ts";
import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { addSightings } from "#drizzle/queries/service-sightings.ts";
import {
  claimFlows,
  deleteCandidates,
  type FlowDeliveryRow,
  type FlowEventRow,
  findHandedOutPosition,
  listDeliveriesOfEvents,
  listDueFlows,
  listEventsOfFlows,
  postponeFlows,
} from "#drizzle/queries/topology-flows.ts";
import { listConsumerNames } from "#drizzle/queries/topology-reading.ts";
import { observeFlow, type RecordedFlow, sightServices } from "#server/domain/topology/read-flow.ts";
import { summarizeFlow } from "#server/domain/topology/summarize-flow.ts";
import type { Context } from "#server/platform/context.ts";
import { trafficOf } from "./flow-traffic.ts";
import { loadServices } from "./load-services.ts";
import { type ExaminedFlow, mergeExamined } from "./merge-examined.ts";
import { recordFlow } from "./record-flow.ts";

/** Flows that one round examines, and events of one flow that it reads. */
const AT_ONCE = 40;
const MAX_EVENTS = 200;
/** A flow has come to rest when nothing happened in it for so long. */
const QUIET_MS = 5_000;
/** What is under way for so long after its last event is taken as it is. */
const PATIENCE_MS = 60_000;

/**
 * Examines flows that have come to rest: how they ran, and which source and which consumer are one service. All that is
 * found out, and that a flow needs no more looks, is written together.
 */
export async function observeFlowsOnce({
  sql,
  names,
  clock,
}: Pick<Context, "sql" | "names" | "clock">): Promise<void> {
  await sql.begin(async (tx) => {
    if (!(await claimFlows(tx))) return;
    const candidates = await listDueFlows(tx, AT_ONCE);
    if (candidates.length === 0) return;
    const handedOut = await findHandedOutPosition(tx);
    const rows = await listEventsOfFlows(tx, candidates, MAX_EVENTS);
    const deliveries = await listDeliveriesOfEvents(
      tx,
      rows.map(({ position }) => position),
    );
    const nameOf = await names.resolve(
      rows.flatMap((row) => [row.type_id, row.source_id]),
      tx,
    );
    const consumerOf = await listConsumerNames(
      tx,
      deliveries.map((one) => one.subscription_id),
    );
    const byStart = Map.groupBy(rows, (row) => row.start_position);
    const byPosition = Map.groupBy(deliveries, (one) => one.position);
    const restless: string[] = [];
    const settled: (ExaminedFlow & { recorded: RecordedFlow })[] = [];
    for (const candidate of candidates) {
      const events = byStart.get(candidate.start_position) ?? [];
      const own = events.flatMap(({ position }) => byPosition.get(position) ?? []);
      if (isRestless(events, own, { handedOut, now: clock.now().getTime() })) {
        restless.push(candidate.start_position);
        continue;
      }
      const recorded = recordFlow(candidate.correlation_id, { events, deliveries: own, nameOf, consumerOf });
      settled.push({ candidate, recorded, traffic: trafficOf(events, recorded.events, own), found: null });
    }
    await writeSightings(tx, settled, new Map(rows.map((row) => [nameOf(row.source_id), row.source_id])));
    const services = await loadServices(tx);
    await mergeExamined(
      tx,
      settled.map((one) => ({ ...one, found: summarizeFlow(observeFlow(one.recorded, services)) })),
    );
    await postponeFlows(tx, { starts: restless, delayMs: QUIET_MS });
    await deleteCandidates(
      tx,
      settled.map(({ candidate }) => candidate.start_position),
    );
  });
}

/** Something happened a moment ago, or is still to happen: but not for ever. */
function isRestless(
  events: readonly FlowEventRow[],
  deliveries: readonly FlowDeliveryRow[],
  { handedOut, now }: { handedOut: string | null; now: number },
): boolean {
  const last = Number(events.at(-1)?.position ?? 0);
  const quietMs = now - last / 1000;
  if (quietMs < QUIET_MS) return true;
  if (quietMs > PATIENCE_MS || events.length === MAX_EVENTS) return false;
  const open: readonly number[] = [STATUS.pending, STATUS.processing, STATUS.retrying];
  const isUnderWay = deliveries.some(({ status }) => open.includes(status));
  return isUnderWay || (handedOut !== null && Number(handedOut) < last);
}

async function writeSightings(
  tx: SqlTx,
  flows: readonly { recorded: RecordedFlow }[],
  sourceIds: ReadonlyMap<string, number>,
): Promise<void> {
  const reactions = new Map<number, number>();
  const hits = new Map<string, { sourceId: number; consumer: string; hits: number }>();
  for (const { source, consumers } of flows.flatMap(({ recorded }) => sightServices(recorded))) {
    const sourceId = sourceIds.get(source);
    if (sourceId === undefined) continue;
    reactions.set(sourceId, (reactions.get(sourceId) ?? 0) + 1);
    for (const consumer of consumers) {
      const key = `${sourceId}/${consumer}`;
      hits.set(key, { sourceId, consumer, hits: (hits.get(key)?.hits ?? 0) + 1 });
    }
  }
  if (reactions.size === 0) return;
  await addSightings(tx, {
    reactions: [...reactions].map(([sourceId, events]) => ({ sourceId, events })),
    hits: [...hits.values()],
  });
}
