import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { type EnvelopeRow, listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import { type FlowDeliveryRow, listDeliveriesOfEvents } from "#drizzle/queries/topology-flows.ts";
import { listConsumerNames } from "#drizzle/queries/topology-reading.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { versionOf } from "#server/domain/schemas/event-version.ts";
import type { PayloadShapes, VersionCount } from "#server/domain/topology/findings/finding-input.ts";
import { commonFields, readFields } from "#server/domain/topology/payload-fields.ts";
import type { Services } from "#server/domain/topology/services.ts";
import { envelopeNameIds, toEnvelope } from "../events/envelopes.ts";
import type { TopologyCtx } from "./topology-context.ts";

type Sampled = { position: string; event: EventEnvelope; service: string };

/** What some events hold, the newest of each type from each source, by version and by payload. */
export async function sampleEvents(
  ctx: TopologyCtx,
  positions: string[],
  services: Services,
): Promise<{ versions: VersionCount[]; payloads: PayloadShapes[]; positions: Map<string, string[]> }> {
  const rows = (await listEnvelopeRows(ctx.sql, positions)).toReversed();
  const nameOf = await ctx.names.resolve(rows.flatMap(envelopeNameIds));
  const sampled = rows.map((row) => toSampled(row, nameOf, services));
  const named = sampled.filter(({ event }) => versionOf(event) !== null);
  const deliveries = await listDeliveriesOfEvents(
    ctx.sql,
    named.map(({ position }) => position),
  );
  const consumerOf = await listConsumerNames(
    ctx.sql,
    deliveries.map(({ subscription_id }) => subscription_id),
  );
  const groups = [...Map.groupBy(sampled, ({ event, service }) => `${event.type} ${service}`)];
  return {
    versions: countVersions(named, deliveries, (id) => {
      const consumer = consumerOf.get(id);
      return consumer === undefined ? null : services.ofConsumer(consumer).id;
    }),
    payloads: groups.flatMap(([, own]) => describePayloads(own)),
    positions: new Map(groups.map(([key, own]) => [key, own.map(({ position }) => position)])),
  };
}

function toSampled(row: EnvelopeRow, nameOf: (id: number) => string, services: Services): Sampled {
  const event = toEnvelope(row, nameOf);
  return { position: row.position, event, service: services.ofSource(event.source).id };
}

function describePayloads(own: readonly Sampled[]): PayloadShapes[] {
  const [first] = own;
  const read = own.flatMap(({ position, event }) => {
    const fields = event.data.encoding === "json" ? readFields(event.data.text) : null;
    return fields === null ? [] : [{ position, ...fields }];
  });
  if (!first || read.length === 0) return [];
  return [
    {
      type: first.event.type,
      service: first.service,
      looked: read.length,
      idOnly: read.filter(({ isIdOnly }) => isIdOnly).length,
      fields: commonFields(read),
      positions: read.map(({ position }) => position),
    },
  ];
}

function countVersions(
  named: readonly Sampled[],
  deliveries: readonly FlowDeliveryRow[],
  serviceOf: (subscriptionId: number) => string | null,
): VersionCount[] {
  const byPosition = Map.groupBy(deliveries, ({ position }) => position);
  const groups = Map.groupBy(named, ({ event }) => JSON.stringify([event.type, versionOf(event)]));
  return [...groups.values()].flatMap((own): VersionCount[] => {
    const [first] = own;
    if (!first) return [];
    const producers = Map.groupBy(own, ({ service }) => service);
    const taken = own.flatMap(({ position }) =>
      (byPosition.get(position) ?? []).flatMap(({ subscription_id, status, attempts }) => {
        const service = serviceOf(subscription_id);
        return service === null || attempts === 0 ? [] : [{ service, position, status }];
      }),
    );
    return [
      {
        type: first.event.type,
        version: versionOf(first.event) ?? "",
        producers: [...producers].map(([service, events]) => ({ service, events: events.length })),
        consumers: [...Map.groupBy(taken, ({ service }) => service)].map(([service, some]) => {
          const failed = some.filter(({ status }) => status === STATUS.dead || status === STATUS.retrying);
          return {
            service,
            handled: some.filter(({ status }) => status === STATUS.succeeded).length,
            failed: failed.length,
            positions: failed.map(({ position }) => position),
          };
        }),
      },
    ];
  });
}
