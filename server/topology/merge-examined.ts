import type { SqlTx } from "#drizzle/db.ts";
import {
  type FlowCandidate,
  type FlowMinute,
  listFlowMinutesOf,
  putFlowMinutes,
} from "#drizzle/queries/topology-flows.ts";
import type { FlowKey } from "#server/domain/topology/flow-key.ts";
import { type FlowSummary, mergeSummaries } from "#server/domain/topology/flow-summary.ts";
import { type FlowTraffic, mergeTraffic, NO_TRAFFIC } from "./flow-traffic.ts";

export type ExaminedFlow = {
  candidate: FlowCandidate;
  traffic: FlowTraffic;
  /** Null where nothing is left of the flow. */
  found: { key: FlowKey; summary: FlowSummary } | null;
};

export type FlowExample = { correlationId: string; position: string };

/** A row with what stands in its columns. */
export type ReadFlowMinute = Omit<FlowMinute, "summary" | "traffic" | "examples"> & {
  summary: FlowSummary;
  traffic: FlowTraffic;
  examples: FlowExample[];
};

/** Flows that are kept of each minute. */
const MAX_EXAMPLES = 10;
const MINUTE_US = 60_000_000;

/** Adds what was found out about flows to the minutes in which they began. */
export async function mergeExamined(tx: SqlTx, flows: readonly ExaminedFlow[]): Promise<void> {
  const fresh = new Map<string, ReadFlowMinute>();
  for (const flow of flows) {
    if (flow.found === null) continue;
    const row = toFlowMinute(flow, flow.found);
    const known = fresh.get(keyOf(row));
    fresh.set(keyOf(row), known ? mergeFlowMinutes(known, row) : row);
  }
  if (fresh.size === 0) return;
  const keys = [...fresh.values()].map(({ minute, typeId, sourceId, way }) => ({
    minute,
    typeId,
    sourceId,
    way,
  }));
  for (const row of (await listFlowMinutesOf(tx, keys)).map(readFlowMinute)) {
    const added = fresh.get(keyOf(row));
    if (added) fresh.set(keyOf(row), mergeFlowMinutes(row, added));
  }
  await putFlowMinutes(tx, [...fresh.values()]);
}

/** Both in one, under the key of the first. */
export function mergeFlowMinutes(a: ReadFlowMinute, b: ReadFlowMinute): ReadFlowMinute {
  return {
    ...a,
    flows: a.flows + b.flows,
    summary: mergeSummaries(a.summary, b.summary),
    traffic: mergeTraffic(a.traffic, b.traffic),
    examples: mergeExamples(a.examples, b.examples),
  };
}

/** Newest first. */
export function mergeExamples(a: readonly FlowExample[], b: readonly FlowExample[]): FlowExample[] {
  return [...a, ...b]
    .toSorted((one, other) => Number(other.position) - Number(one.position))
    .slice(0, MAX_EXAMPLES);
}

/** What `putFlowMinutes` wrote, which only this module calls; traffic that was not read is none. */
export function readFlowMinute(row: FlowMinute): ReadFlowMinute {
  return {
    ...row,
    minute: new Date(row.minute).toISOString(),
    summary: row.summary as FlowSummary,
    traffic: (row.traffic ?? NO_TRAFFIC) as FlowTraffic,
    examples: row.examples as FlowExample[],
  };
}

function toFlowMinute(
  { candidate, traffic }: ExaminedFlow,
  { key, summary }: { key: FlowKey; summary: FlowSummary },
): ReadFlowMinute {
  const { start_position: position, correlation_id: correlationId, type_id, source_id } = candidate;
  return {
    minute: new Date((Math.floor(Number(position) / MINUTE_US) * MINUTE_US) / 1000).toISOString(),
    typeId: type_id,
    sourceId: source_id,
    way: key.way,
    flows: 1,
    summary,
    traffic,
    examples: [{ correlationId, position }],
  };
}

function keyOf({ minute, typeId, sourceId, way }: ReadFlowMinute): string {
  return `${minute}/${typeId}/${sourceId}/${way}`;
}
