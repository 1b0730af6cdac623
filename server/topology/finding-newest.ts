import type { EventGroup } from "#drizzle/queries/topology-reading.ts";
import {
  type KeyRow,
  lookAtNewest,
  type NewestSeen,
  type PositionRange,
  type TypeOfSource,
} from "#drizzle/queries/topology-samples.ts";
import type { KeyCount } from "#server/domain/topology/findings/finding-input.ts";
import type { TopologyCtx } from "./topology-context.ts";

/** Types from sources, the busiest, whose newest events are looked at, and whose events without a correlation id. */
const MAX_PAIRS = 100;
const MAX_KEYED_TYPES = 50;
/** Events of each type from each source that are looked at, and of those without a correlation id. */
const SAMPLE = { newest: 20, uncorrelated: 10 };

/** What findings are told by of the newest events: of the busiest types from the busiest sources. */
export async function findNewest(
  { sql, names }: TopologyCtx,
  groups: readonly EventGroup[],
  range: PositionRange,
): Promise<Omit<NewestSeen, "keys"> & { keys: KeyCount[] }> {
  const pairs = busiestPairs(groups);
  const tornPairs = busiestPairs(groups.filter(({ uncorrelated }) => Number(uncorrelated) > 0));
  const totals = countTypes(groups);
  const keyed = [...totals].toSorted(([, a], [, b]) => b - a).slice(0, MAX_KEYED_TYPES);
  const typeIds = new Set([
    ...keyed.map(([typeId]) => typeId),
    ...[...pairs, ...tornPairs].map((one) => one.typeId),
  ]);
  const seen = await lookAtNewest(sql, { typeIds: [...typeIds], pairs, tornPairs, ...SAMPLE }, range);
  const nameOf = await names.resolve(seen.keys.map(({ type_id }) => type_id));
  return {
    ...seen,
    keys: seen.keys.map((row) => toKeyCount(row, nameOf(row.type_id), totals.get(row.type_id))),
  };
}

/** The counts of what was looked at, as parts of all that came. */
function toKeyCount(
  { key, events, looked_at, positions }: KeyRow,
  type: string,
  total = looked_at,
): KeyCount {
  const share = Math.max(1, total / looked_at);
  return { type, key, events: Math.round(events * share), all: total, positions };
}

function busiestPairs(groups: readonly EventGroup[]): TypeOfSource[] {
  const pairs = new Map<string, TypeOfSource>();
  for (const { type_id, source_id } of groups) {
    if (pairs.size === MAX_PAIRS) break;
    pairs.set(`${type_id}/${source_id}`, { typeId: type_id, sourceId: source_id });
  }
  return [...pairs.values()];
}

function countTypes(groups: readonly EventGroup[]): Map<number, number> {
  const totals = new Map<number, number>();
  for (const { type_id, events } of groups) totals.set(type_id, (totals.get(type_id) ?? 0) + Number(events));
  return totals;
}
