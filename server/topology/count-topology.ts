import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  claimTopologyPosition,
  countTopology,
  type FlowLimits,
  moveTopologyPosition,
  type TraceLimits,
} from "#drizzle/queries/topology-counting.ts";
import type { Context } from "#server/platform/context.ts";

const CHUNK = 40_000;

/**
 * Looking for a cause costs as much as counting some ten events: of a chunk, at most so many are looked for, so that
 * taking events in stays cheap. A cause that lies further back counts as one that is not there.
 */
const TRACE: TraceLimits = { causes: 800, lookBackUs: 3_600_000_000, flowEvents: 200 };

/** Examining a flow takes some milliseconds. */
const FLOWS: FlowLimits = { ofOneStart: 10, inAll: 40, waiting: 2_000, settleMs: 5_000 };

export type CountLimits = { chunk: number; trace: TraceLimits; flows: FlowLimits };
export const COUNT_LIMITS: CountLimits = { chunk: CHUNK, trace: TRACE, flows: FLOWS };

/**
 * Counts one chunk of new events for the topology. Several processes may do this: the checkpoint's row lock lets one
 * work at a time, and counts and checkpoint are written together.
 *
 * @returns whether there is more to count at once.
 */
export async function countTopologyOnce(
  { sql }: Pick<Context, "sql">,
  { chunk, trace, flows }: CountLimits = COUNT_LIMITS,
): Promise<boolean> {
  const safe = await getSafePosition(sql);
  return sql.begin(async (tx) => {
    const after = await claimTopologyPosition(tx);
    if (after === null || Number(after) >= Number(safe)) return false;
    const { counted, last } = await countTopology(tx, { after, upTo: safe, limit: chunk, trace, flows });
    const isMore = counted === chunk;
    await moveTopologyPosition(tx, isMore ? (last ?? after) : safe);
    return isMore;
  });
}
