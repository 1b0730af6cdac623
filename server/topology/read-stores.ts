import { listAggregateTypes } from "#drizzle/queries/topology-samples.ts";
import { compileGlob } from "#server/domain/glob.ts";
import { describeProjection } from "../projections/list-projections.ts";
import { PROJECTIONS } from "../projections/registry.ts";
import type { TopologyCtx } from "./topology-context.ts";
import type { StoreFact } from "./topology-facts.ts";
import type { TopologyWindow } from "./window.ts";

/** Events of one type by one source, and the position of the newest of them. */
type Emitted = { type: string; source: string; lastPosition: string };

const keyOf = ({ type, source }: { type: string; source: string }) => `${type}\n${source}`;

/**
 * The read models, and how they stand where the window reaches to the present. Whether what a source emits belongs to
 * the aggregates that one shows is told by the newest event of each type.
 */
export async function readStores(
  ctx: TopologyCtx,
  { isLive }: TopologyWindow,
  emitted: readonly Emitted[],
): Promise<StoreFact[]> {
  return Promise.all(
    PROJECTIONS.map(async (projection) => {
      const tests = projection.types.map(compileGlob);
      const candidates = emitted.filter(({ type }) => tests.some((test) => test(type)));
      const aggregateTypes = await listAggregateTypes(
        ctx.sql,
        candidates.map(({ lastPosition }) => lastPosition),
      );
      const taken = new Set(
        candidates
          .filter(({ lastPosition }) => aggregateTypes.get(lastPosition) === projection.aggregateType)
          .map(keyOf),
      );
      const standing = isLive ? await describeProjection(ctx, projection) : null;
      return {
        name: projection.name,
        takes: (one) => taken.has(keyOf(one)),
        isPaused: standing !== null && standing.pausedAt !== null,
        isFailing: standing !== null && standing.error !== null,
        backlog: standing?.lag.events ?? null,
      };
    }),
  );
}
