import type { EventGroup } from "#drizzle/queries/topology-reading.ts";
import type { UncorrelatedRow } from "#drizzle/queries/topology-samples.ts";
import type { Emissions } from "#server/domain/topology/findings/finding-input.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { CountedFacts } from "./read-facts.ts";
import type { TopologyCtx } from "./topology-context.ts";

/** What services emitted, and how many consumers were owed it. */
export async function describeEmissions(
  { names }: Pick<TopologyCtx, "names">,
  groups: readonly EventGroup[],
  {
    facts,
    services,
    uncorrelated,
    positions,
  }: {
    facts: CountedFacts;
    services: Services;
    /** Events without a correlation id, the newest of each type from each source. */
    uncorrelated: readonly UncorrelatedRow[];
    /** The newest events by type and service. */
    positions: ReadonlyMap<string, string[]>;
  },
): Promise<Emissions[]> {
  const bare = Map.groupBy(uncorrelated, ({ type_id, source_id }) => `${type_id}/${source_id}`);
  const nameOf = await names.resolve(
    groups.flatMap((one) => [one.type_id, one.source_id, ...(one.channel_id === 0 ? [] : [one.channel_id])]),
  );
  const emissions = new Map<string, Emissions>();
  for (const group of groups) {
    const [type, source] = [nameOf(group.type_id), nameOf(group.source_id)];
    const channel = group.channel_id === 0 ? null : nameOf(group.channel_id);
    const service = services.ofSource(source).id;
    const key = `${type} ${service}`;
    const without = Number(group.uncorrelated);
    const seen = without === 0 ? [] : (bare.get(`${group.type_id}/${group.source_id}`) ?? []);
    const caused = seen.filter(({ is_caused }) => is_caused).length;
    const known = emissions.get(key);
    emissions.set(key, {
      type,
      service,
      events: (known?.events ?? 0) + Number(group.events),
      consumers: Math.max(known?.consumers ?? 0, countOwed(facts, { type, source, channel })),
      withoutCorrelation: (known?.withoutCorrelation ?? 0) + without,
      // Told by the share of those looked at.
      causedWithoutCorrelation:
        (known?.causedWithoutCorrelation ?? 0) +
        (seen.length === 0 ? 0 : Math.round((without * caused) / seen.length)),
      positions:
        seen.length > 0
          ? seen.map(({ position }) => position)
          : (known?.positions ?? positions.get(key) ?? []),
    });
  }
  return [...emissions.values()];
}

/** Consumers whose subscriptions take such an event, or that reported having got events of the type. */
function countOwed(
  { consumers, delivered, channelsOf }: CountedFacts,
  event: { type: string; source: string; channel: string | null },
): number {
  const handling = new Set(
    delivered.filter(({ type }) => type === event.type).map(({ subscriptionId }) => subscriptionId),
  );
  const channels = channelsOf(event);
  return consumers.filter(({ subscriptionId, channel, removedMs, isUnbound, takes }) => {
    const isSubscribed = channel === null || channels.includes(channel);
    const isTaken = removedMs === null && !isUnbound && isSubscribed && takes(event);
    // It got the type, and would have got this event, as far as its filters tell.
    return isTaken || (handling.has(subscriptionId) && isSubscribed && (isUnbound || takes(event)));
  }).length;
}
