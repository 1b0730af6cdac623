import type { ConsumerRow } from "#drizzle/queries/topology-reading.ts";
import { targetSchema } from "#server/contract/bus.ts";
import { retryPolicySchema } from "#server/contract/retry-policy.ts";
import { quantile, valueOfBin } from "#server/domain/log-histogram.ts";
import type { FindingConsumer, ReceivedType } from "#server/domain/topology/findings/finding-input.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { CountedFacts } from "./read-facts.ts";
import type { TopologyWindow } from "./window.ts";

/** The consumers that are there, with what became of them in a window. */
export function describeConsumers(
  rows: readonly ConsumerRow[],
  facts: CountedFacts,
  {
    window,
    services,
    mostAttempts,
  }: { window: TopologyWindow; services: Services; mostAttempts: ReadonlyMap<number, number> },
): FindingConsumer[] {
  const delivered = Map.groupBy(facts.delivered, ({ subscriptionId }) => subscriptionId);
  const times = Map.groupBy(facts.handling, ({ subscriptionId, type }) => `${subscriptionId} ${type}`);
  const backlogs = new Map(facts.consumers.map(({ subscriptionId, backlog }) => [subscriptionId, backlog]));
  const endMs = Date.parse(window.from) + window.seconds * 1000;
  return rows
    .filter(({ deleted_at }) => deleted_at === null)
    .map((row) => {
      const isExternal = targetSchema.parse(row.target).kind === "external";
      return {
        service: services.ofConsumer(row.consumer).id,
        consumer: row.consumer,
        subscribedMs: Math.max(0, endMs - Date.parse(row.created_at)),
        isPaused: row.paused_at !== null,
        isExternal,
        isOrdered: row.ordering === "key",
        concurrency: row.concurrency,
        // What another program does about failures, only that one knows.
        retry: isExternal ? null : retryPolicySchema.parse(row.retry),
        hasDeadLetters: isExternal ? null : true,
        received: (delivered.get(row.id) ?? []).map((one) =>
          describeReceived(one, times.get(`${row.id} ${one.type}`) ?? []),
        ),
        backlog: backlogs.get(row.id) ?? null,
        mostAttempts: mostAttempts.get(row.id) ?? (delivered.has(row.id) ? 1 : 0),
      };
    });
}

function describeReceived(
  { type, succeeded, failed, retried, dead }: CountedFacts["delivered"][number],
  bins: readonly { bin: number; count: number }[],
): ReceivedType {
  const timed = bins.reduce((sum, { count }) => sum + count, 0);
  const total = bins.reduce((sum, { bin, count }) => sum + count * valueOfBin(bin), 0);
  const p95 = quantile(bins, 0.95);
  return {
    type,
    attempts: succeeded + failed,
    failed,
    retried,
    dead,
    meanMs: timed === 0 ? null : total / timed / 1000,
    p95Ms: p95 === null ? null : p95 / 1000,
  };
}
