import { getSafePosition } from "#drizzle/queries/event-log.ts";
import {
  claimMetricsPosition,
  countEventSeconds,
  type EventCount,
  extendCoverage,
  moveMetricsPosition,
} from "#drizzle/queries/metric-counting.ts";
import { countPoint, type MetricPoint } from "#server/domain/metrics/points.ts";
import { versionOf } from "#server/domain/schemas/event-version.ts";
import type { Context } from "#server/platform/context.ts";
import { recordPoints } from "./record-points.ts";

const CHUNK = 100_000;

/**
 * Counts one chunk of new events into the metrics. Several processes may do this: the checkpoint's row lock lets one
 * work at a time, and counts and checkpoint are written together.
 *
 * @returns whether there is more to count at once.
 */
export async function countEventsOnce(
  { sql, names, clock }: Pick<Context, "sql" | "names" | "clock">,
  chunk = CHUNK,
): Promise<boolean> {
  const safe = await getSafePosition(sql);
  return sql.begin(async (tx) => {
    const after = await claimMetricsPosition(tx);
    if (after === null || Number(after) >= Number(safe)) return false;
    const counts = await countEventSeconds(tx, { after, upTo: safe, limit: chunk });
    const nameOf = await names.resolve(new Set(counts.flatMap(nameIdsOf)), tx);
    const points = counts.flatMap((count) => toPoints(count, nameOf));
    await recordPoints(tx, points, { nowMs: clock.now().getTime() });
    const first = counts.reduce((least, { second }) => Math.min(least, second), Infinity);
    if (after === "0" && Number.isFinite(first))
      await extendCoverage(tx, "events", String(first * 1_000_000));
    const counted = counts.reduce((sum, { events }) => sum + events, 0);
    const isMore = counted === chunk;
    const last = counts.reduce((highest, { last }) => Math.max(highest, Number(last)), Number(after));
    await moveMetricsPosition(tx, isMore ? String(last) : safe);
    return isMore;
  });
}

function nameIdsOf({ type_id, source_id, channel_id, data_schema_id }: EventCount): number[] {
  return [type_id, source_id, channel_id, data_schema_id].filter((id) => id !== null);
}

function toPoints(count: EventCount, nameOf: (id: number) => string): MetricPoint[] {
  const at = { atMs: count.second * 1000, count: count.events };
  const channel = count.channel_id === null ? null : nameOf(count.channel_id);
  const dataSchema = count.data_schema_id === null ? null : nameOf(count.data_schema_id);
  const extensions = count.version === null ? null : { dataversion: count.version };
  const version = versionOf({ extensions, dataSchema });
  const labels = {
    type: nameOf(count.type_id),
    source: nameOf(count.source_id),
    ...(version === null ? {} : { version }),
    ...(channel === null ? {} : { channel }),
  };
  const events = countPoint("events", labels, at);
  return channel === null ? [events] : [events, countPoint("channel_in", { channel }, at)];
}
