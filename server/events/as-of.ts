import { getSafePosition } from "#drizzle/queries/event-log.ts";
import type { AsOfDto } from "#server/contract/events.ts";
import type { Context } from "#server/platform/context.ts";

/** How fresh an answer is that is read from now on. */
export async function getAsOf(ctx: Context): Promise<AsOfDto> {
  return freshness(ctx, await getSafePosition(ctx.sql));
}

/** The same for a position that is known already. */
export function freshness(ctx: Context, position: string): AsOfDto {
  return {
    position,
    ingestLagMs: Math.round(ctx.ingest.lagMs),
    ingestPerSecond: Math.round(ctx.ingest.perSecond * 10) / 10,
  };
}
