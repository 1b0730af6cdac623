import { findBlockedKey, listHandledOfType, listOpenProcesses } from "#drizzle/queries/blast-radius.ts";
import { listFlowEvents, type SummaryRow } from "#drizzle/queries/event-reading.ts";
import type { LetterRow } from "#drizzle/queries/letter-reading.ts";
import { findProjection, listGenerations } from "#drizzle/queries/projections.ts";
import { type FlowEventRow, listEventsOfFlows } from "#drizzle/queries/topology-flows.ts";
import type { BlastRadiusDto, LetterKey } from "#server/contract/dead-letters.ts";
import { findMissingSteps, type StepEvent } from "#server/domain/failures/missing-steps.ts";
import { compileGlob } from "#server/domain/glob.ts";
import type { Context } from "#server/platform/context.ts";
import { listDeliveries } from "../bus/list-deliveries.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { getAsOf } from "../events/as-of.ts";
import type { NameOf } from "../events/event-matcher.ts";
import { MAX_FLOW_EVENTS } from "../events/get-flow.ts";
import { readState } from "../mediator/stored-state.ts";
import { PROJECTIONS } from "../projections/registry.ts";
import { listOpenSagas } from "../sagas/list-open-sagas.ts";
import { getLetterRow } from "./get-letter.ts";

/** Flows that the usual steps are read from, the newest ones, and how far back they are looked for. */
const FLOWS = 50;
const LOOKED_AT = 2_000;
const EVENTS_OF_FLOW = 200;
/** What has just been handled may still lead to something. */
const QUIET_MS = 5_000;
const MAX_WAITING = 1_000;

/** What a dead letter holds up: steps, processes, its ordering key, and what others have seen of it. Throws `not-found`. */
export async function getBlastRadius(ctx: Context, key: LetterKey): Promise<BlastRadiusDto> {
  const row = await getLetterRow(ctx.sql, key);
  const asOf = await getAsOf(ctx);
  const flow =
    row.correlation_id === null ? [] : await listFlowEvents(ctx.sql, row.correlation_id, MAX_FLOW_EVENTS + 1);
  const nameOf = await ctx.names.resolve(flow.flatMap((event) => [event.type_id, event.source_id]));
  const [steps, waitingSagas, waitingProcesses, blockedKey, otherConsumers, readModels] = await Promise.all([
    readMissingSteps(ctx, row, { flow, nameOf }),
    row.correlation_id === null ? [] : listOpenSagas(ctx, row.correlation_id),
    readWaitingProcesses(ctx, row),
    readBlockedKey(ctx, row),
    readOtherConsumers(ctx, row),
    readReadModels(ctx, { flow, nameOf }),
  ]);
  return {
    ...steps,
    flowEvents: { count: Math.min(flow.length, MAX_FLOW_EVENTS), exact: flow.length <= MAX_FLOW_EVENTS },
    waitingSagas,
    waitingProcesses,
    blockedKey,
    otherConsumers,
    readModels,
    asOf,
  };
}

type Flow = { flow: readonly SummaryRow[]; nameOf: NameOf };

async function readMissingSteps(
  { sql, names, clock }: Context,
  row: LetterRow,
  { flow, nameOf }: Flow,
): Promise<Pick<BlastRadiusDto, "missingSteps" | "flowsCompared">> {
  if (row.correlation_id === null) return { missingSteps: [], flowsCompared: 0 };
  const found = await listHandledOfType(sql, {
    typeId: row.type_id,
    consumer: row.consumer,
    lookedAt: LOOKED_AT,
    limit: 2 * FLOWS,
  });
  const others = found.filter(({ correlation_id }) => correlation_id !== row.correlation_id);
  const quietBefore = (clock.now().getTime() - QUIET_MS) * 1000;
  const quiet = others.filter(({ start_position }) => Number(start_position) < quietBefore);
  const handled = (quiet.length > 0 ? quiet : others).slice(0, FLOWS);
  const rows = await listEventsOfFlows(sql, handled, EVENTS_OF_FLOW);
  const nameOfOther = await names.resolve(rows.flatMap((event) => [event.type_id, event.source_id]));
  const flows = [...Map.groupBy(rows, (event) => event.start_position).values()].map((events) => ({
    // Each begins with the event itself.
    event: 0,
    events: events.map((event) => toStep(event, nameOfOther)),
  }));
  const present = flow
    .filter(({ position }) => BigInt(position) > BigInt(row.position))
    .map(({ type_id, source_id }) => ({ type: nameOf(type_id), source: nameOf(source_id) }));
  return { missingSteps: findMissingSteps(flows, present), flowsCompared: flows.length };
}

function toStep({ position, id, type_id, source_id, causation_id }: FlowEventRow, nameOf: NameOf): StepEvent {
  return { position, id, type: nameOf(type_id), source: nameOf(source_id), causationId: causation_id };
}

async function readWaitingProcesses(
  { sql, processes }: Context,
  { correlation_id: correlationId }: LetterRow,
): Promise<BlastRadiusDto["waitingProcesses"]> {
  if (correlationId === null) return [];
  const names = processes.all.map(({ name }) => name);
  const rows = await listOpenProcesses(sql, { correlationId, names });
  return rows.map((row) => {
    const open = Object.entries(readState(row).steps).find(([, step]) => step.endedAt === null);
    const [step = null, state] = open ?? [];
    return {
      id: row.id,
      name: row.name,
      businessKey: row.business_key,
      status: row.status,
      step,
      since: state === undefined ? isoTime(row.updated_at) : new Date(state.startedAt).toISOString(),
    };
  });
}

async function readBlockedKey({ sql }: Context, row: LetterRow): Promise<BlastRadiusDto["blockedKey"]> {
  const { position, subscription_id: subscriptionId } = row;
  const blocked = await findBlockedKey(sql, { position, subscriptionId, limit: MAX_WAITING + 1 });
  if (blocked === null) return null;
  const { key, waiting } = blocked;
  return { key, waiting: { count: Math.min(waiting, MAX_WAITING), exact: waiting <= MAX_WAITING } };
}

async function readOtherConsumers(ctx: Context, row: LetterRow): Promise<BlastRadiusDto["otherConsumers"]> {
  const { deliveries } = await listDeliveries(ctx, row.position);
  return deliveries.flatMap(({ consumer, competing, status }) => {
    const consumers = consumer === null ? competing : [consumer];
    return consumers.filter((one) => one !== row.consumer).map((one) => ({ consumer: one, status }));
  });
}

/** Those that take types of this flow. */
async function readReadModels(
  { sql }: Context,
  { flow, nameOf }: Flow,
): Promise<BlastRadiusDto["readModels"]> {
  const models = PROJECTIONS.map(({ name, types }) => {
    const tests = types.map(compileGlob);
    return { name, events: flow.filter(({ type_id }) => tests.some((test) => test(nameOf(type_id)))) };
  });
  return Promise.all(
    models
      .filter(({ events }) => events.length > 0)
      .map(async ({ name, events }) => {
        const [projection, generations] = await Promise.all([
          findProjection(sql, name),
          listGenerations(sql, name),
        ]);
        const served = generations.find(({ generation }) => generation === projection?.generation);
        const seenTo = BigInt(served?.position ?? "0");
        const unseenEvents = events.filter(({ position }) => BigInt(position) > seenTo).length;
        return { name, hasSeenAll: unseenEvents === 0, unseenEvents };
      }),
  );
}
