import { listFlowEvents } from "#drizzle/queries/event-reading.ts";
import type { FlowDto } from "#server/contract/events.ts";
import { arrangeFlow } from "#server/domain/flow-tree.ts";
import type { Context } from "#server/platform/context.ts";
import { nameIds } from "../tail/tail.ts";
import { getAsOf } from "./as-of.ts";
import { toSummary } from "./event-summary.ts";

/** Events of one flow that an answer holds at most. */
export const MAX_FLOW_EVENTS = 2_000;

/** Every event of a correlation id as a tree by causation; an unknown id gives an empty flow. */
export async function getFlow(ctx: Context, correlationId: string): Promise<FlowDto> {
  const asOf = await getAsOf(ctx);
  const rows = await listFlowEvents(ctx.sql, correlationId, MAX_FLOW_EVENTS + 1);
  const nameOf = await ctx.names.resolve(rows.flatMap(nameIds));
  const events = rows.slice(0, MAX_FLOW_EVENTS).map((row) => toSummary(row, nameOf));
  return { correlationId, nodes: arrangeFlow(events), capped: rows.length > MAX_FLOW_EVENTS, asOf };
}
