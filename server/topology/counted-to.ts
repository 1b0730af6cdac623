import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { findTopologyPosition } from "#drizzle/queries/topology-counting.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { TopologyCtx } from "./topology-context.ts";

/** What was recorded until then is counted: until now, where nothing is left to count. Null before anything was. */
export async function getCountedTo({ sql, clock }: TopologyCtx): Promise<string | null> {
  const counted = await findTopologyPosition(sql);
  if (counted === null) return null;
  const safe = await getSafePosition(sql);
  return Number(counted) >= Number(safe) ? clock.now().toISOString() : recordedAt(counted);
}
