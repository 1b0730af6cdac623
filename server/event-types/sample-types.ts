import type { EnvelopeRow } from "#drizzle/queries/event-envelopes.ts";
import { listNewestOfTypes } from "#drizzle/queries/event-samples.ts";
import { type EventTypeRow, listHandlersOfTypes } from "#drizzle/queries/event-types.ts";
import { listSubscriptions } from "#drizzle/queries/subscriptions.ts";
import type { TypeSummaryDto } from "#server/contract/schemas.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { versionOf } from "#server/domain/schemas/event-version.ts";
import { listFields } from "#server/domain/schemas/infer.ts";
import { mergeShapes, type Shape, shapeOf } from "#server/domain/schemas/payload-shape.ts";
import type { Context } from "#server/platform/context.ts";
import { loadRouting } from "../bus/channels.ts";
import { isUnbound } from "../bus/count-unrouted.ts";
import { isOwed, toSubscription } from "../bus/subscription.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";

/** Events of each type that a list looks at, and bytes of their payloads. */
export const LIST_SAMPLE = { limit: 20, maxBytes: 64 * 1024 };
/** How far back a consumer counts as one that handles a type. */
const HANDLED_MS = 3_600_000;
const MAX_FIELDS = 50;
const MAX_PRODUCERS = 20;

export type SampledEvent = { position: string; event: EventEnvelope };

/** Puts beside the counts of types what their newest events looked like, and who consumes them. */
export async function describeTypes(
  ctx: Context,
  rows: readonly EventTypeRow[],
  sample: { limit: number; maxBytes: number },
): Promise<TypeSummaryDto[]> {
  const { sql, names, schemas, clock } = ctx;
  const typeIds = rows.map(({ id }) => id);
  const from = new Date(clock.now().getTime() - HANDLED_MS).toISOString();
  const [sampled, handlers, consumersOf] = await Promise.all([
    listNewestOfTypes(sql, typeIds, sample),
    listHandlersOfTypes(sql, { typeIds, from }),
    loadConsumers(ctx),
    schemas.reload(),
  ]);
  const nameOf = await names.resolve(sampled.flatMap(envelopeNameIds));
  const byType = Map.groupBy(sampled, (row) => row.type_id);
  const handled = Map.groupBy(handlers, (one) => one.typeId);
  return rows.map((row): TypeSummaryDto => {
    const events = (byType.get(row.id) ?? []).map((one) => toSampled(one, nameOf));
    const consumers = new Set([
      ...consumersOf(events.map(({ event }) => event)),
      ...(handled.get(row.id) ?? []).map(({ consumer }) => consumer),
    ]);
    return {
      type: row.name,
      policy: row.policy,
      versions: schemas.find(row.name)?.schemas.versions.map(({ version }) => version) ?? [],
      events: Number(row.events),
      judged: Number(row.judged),
      violations: Number(row.violations),
      refused: Number(row.refused),
      sample: summarize(events),
      consumers: [...consumers].toSorted(),
    };
  });
}

export function toSampled(row: EnvelopeRow, nameOf: (id: number) => string): SampledEvent {
  return { position: row.position, event: toEnvelope(row, nameOf) };
}

/** The shape of all payloads that are JSON, and how many those were. */
export function shapeOfAll(events: readonly SampledEvent[]): { shape: Shape | null; read: number } {
  let shape: Shape | null = null;
  let read = 0;
  for (const { event } of events) {
    const one = event.data.encoding === "json" ? shapeOf(event.data.text) : null;
    if (one === null) continue;
    shape = shape === null ? one : mergeShapes(shape, one);
    read += 1;
  }
  return { shape, read };
}

function summarize(events: readonly SampledEvent[]): TypeSummaryDto["sample"] {
  const { shape } = shapeOfAll(events);
  const fields = shape === null ? [] : listFields(shape, MAX_FIELDS + 2).filter(({ path }) => path !== "");
  const [newest] = events;
  return {
    events: events.length,
    versions: commonest(events.map(({ event }) => versionOf(event))),
    producers: commonest(events.map(({ event }) => event.source)).slice(0, MAX_PRODUCERS),
    fields: fields.slice(0, MAX_FIELDS).map(({ path }) => path),
    fieldsCapped: fields.length > MAX_FIELDS,
    lastEventAt: newest ? recordedAt(newest.position) : null,
  };
}

/** The different values, most frequent first. */
function commonest<Value>(values: readonly Value[]): Value[] {
  const groups = [...Map.groupBy(values, (value) => value)];
  return groups.toSorted(([, a], [, b]) => b.length - a.length).map(([value]) => value);
}

/** Who is owed at least one of some events, by the present subscriptions. */
async function loadConsumers({ sql }: Context): Promise<(events: readonly EventEnvelope[]) => string[]> {
  const [channelsOf, rows] = await Promise.all([loadRouting(sql), listSubscriptions(sql)]);
  const subscriptions = rows.filter((row) => !isUnbound(row)).map(toSubscription);
  return (events) =>
    subscriptions
      .filter((one) => events.some((event) => isOwed(one, event, channelsOf)))
      .map(({ consumer }) => consumer);
}
