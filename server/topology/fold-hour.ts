import type { SqlTx } from "#drizzle/db.ts";
import { claimHourToFold, foldHour, moveFoldedHour } from "#drizzle/queries/rollup-folding.ts";
import {
  deleteFlowMinutes,
  listFlowMinutes,
  lockFlows,
  putFlowMinutes,
} from "#drizzle/queries/topology-flows.ts";
import { MINUTES_KEPT_MS } from "#server/domain/rollups.ts";
import type { Context } from "#server/platform/context.ts";
import { mergeFlowMinutes, readFlowMinute } from "./merge-examined.ts";

const HOUR_MS = 3_600_000;

/**
 * Folds the minutes of one hour that has passed long ago into one row each, in one transaction with remembering how far
 * that went. What is still added to such a minute later stays there, and is counted with its hour.
 *
 * @returns whether there may be more to fold at once.
 */
export async function foldHourOnce({ sql, clock }: Pick<Context, "sql" | "clock">): Promise<boolean> {
  const before = new Date(clock.now().getTime() - MINUTES_KEPT_MS).toISOString();
  return sql.begin(async (tx) => {
    const hour = await claimHourToFold(tx, before);
    if (hour === null) return false;
    await foldHour(tx, hour);
    await foldFlows(tx, hour);
    await moveFoldedHour(tx, hour);
    return true;
  });
}

async function foldFlows(tx: SqlTx, hour: string): Promise<void> {
  await lockFlows(tx);
  const range = { from: hour, to: new Date(Date.parse(hour) + HOUR_MS).toISOString() };
  const rows = (await listFlowMinutes(tx, { ...range, withTraffic: true })).map(readFlowMinute);
  if (rows.length === 0) return;
  const alike = Map.groupBy(rows, ({ typeId, sourceId, way }) => `${typeId}/${sourceId}/${way}`);
  const folded = [...alike.values()].flatMap(([first, ...rest]) =>
    first ? [{ ...rest.reduce((all, one) => mergeFlowMinutes(all, one), first), minute: hour }] : [],
  );
  await deleteFlowMinutes(tx, range);
  await putFlowMinutes(tx, folded);
}
