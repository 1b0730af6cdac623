import type { Sql, SqlTx } from "#drizzle/db.ts";
import { listFlowMinutes } from "#drizzle/queries/topology-flows.ts";
import type { JudgedFlowType } from "#server/domain/topology/judge-window.ts";
import type { Services } from "#server/domain/topology/services.ts";
import type { FlowWay, Mediation } from "#server/domain/topology/verdict.ts";
import type { Context } from "#server/platform/context.ts";
import { mergeFlowMinutes, type ReadFlowMinute, readFlowMinute } from "./merge-examined.ts";
import type { TopologyWindow } from "./window.ts";

/** The flows of a window that begin alike and ran in one way, merged. */
export type WindowFlows = ReadFlowMinute & { type: string; startedBy: string };

/** What was found out about the flows that began in a window, all or those that begin with a type. */
export async function readFlows(
  { sql, names }: Pick<Context, "names"> & { sql: Sql | SqlTx },
  window: Pick<TopologyWindow, "from" | "to">,
  {
    services,
    withTraffic,
    startedWith = null,
  }: { services: Services; withTraffic: boolean; startedWith?: string | null },
): Promise<WindowFlows[]> {
  const rows = (await listFlowMinutes(sql, { ...window, withTraffic, startedWith })).map(readFlowMinute);
  const nameOf = await names.resolve(
    rows.flatMap((row) => [row.typeId, row.sourceId]),
    sql,
  );
  const alike = Map.groupBy(rows, ({ typeId, sourceId, way }) => `${typeId}/${sourceId}/${way}`);
  return [...alike.values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const merged = rest.reduce((all, one) => mergeFlowMinutes(all, one), first);
    const startedBy = services.ofSource(nameOf(merged.sourceId)).id;
    return [{ ...merged, type: nameOf(merged.typeId), startedBy }];
  });
}

/** For the judgement: what is known of each way that flows ran. */
export function toSummaries(flows: readonly WindowFlows[]) {
  return flows.map(({ type, startedBy, way, summary }) => ({
    type,
    startedBy,
    way: way as FlowWay,
    summary,
  })); // checked by the table
}

/** How the mediators among flow types go about it. */
export function mediationsOf(flowTypes: readonly JudgedFlowType[]): Mediation[] {
  return flowTypes
    .filter(({ judgement }) => judgement.verdict === "mediator" || judgement.verdict === "mixed")
    .flatMap(({ mediations }) => mediations);
}
