import { readEventCoverage } from "#drizzle/queries/metric-counting.ts";
import { findCoveredSince } from "#drizzle/queries/metric-reading.ts";
import { findUncountedSince } from "#drizzle/queries/processing-tallies.ts";
import { type MetricName, type MetricSource, sourceOf } from "#server/domain/metrics/catalogue.ts";
import { RESOLUTIONS } from "#server/domain/metrics/resolution.ts";
import type { Context } from "#server/platform/context.ts";
import type { MetricWindow } from "./metric-window.ts";

/**
 * From when until when everything that was recorded is in the points, in milliseconds. Null of what is measured: that is
 * known of each moment in which something was measured, and of no other.
 */
export type Coverage = { sinceMs: number; completeMs: number } | null;

/** Read it before the points: these are at least as new then. */
export function getCoverage(ctx: Pick<Context, "sql" | "clock">, metric: MetricName): Promise<Coverage> {
  return readCoverage(ctx, sourceOf(metric));
}

/** The coverage of each of some sources. */
export async function readCoverages(
  ctx: Pick<Context, "sql" | "clock">,
  sources: readonly MetricSource[],
): Promise<(source: MetricSource) => Coverage> {
  const coverages = new Map(
    await Promise.all(
      [...new Set(sources)].map(async (source) => [source, await readCoverage(ctx, source)] as const),
    ),
  );
  return (source) => coverages.get(source) ?? null;
}

async function readCoverage(
  { sql, clock }: Pick<Context, "sql" | "clock">,
  source: MetricSource,
): Promise<Coverage> {
  if (source === "samples") return null;
  const nowMs = clock.now().getTime();
  const [sinceUs, completeMs] = await Promise.all([
    findCoveredSince(sql, source),
    source === "events" ? findCountedMs(sql, nowMs) : findSettledMs(sql, nowMs),
  ]);
  return { sinceMs: (sinceUs ?? Infinity) / 1000, completeMs };
}

/** Until now, where nothing is left to count and nobody is just adding to the log. */
async function findCountedMs(sql: Context["sql"], nowMs: number): Promise<number> {
  const { counted, last } = await readEventCoverage(sql);
  if (counted === null) return 0;
  return Number(counted) >= Number(last) ? nowMs : Math.min(nowMs, Number(counted) / 1000);
}

async function findSettledMs(sql: Context["sql"], nowMs: number): Promise<number> {
  const sinceUs = await findUncountedSince(sql);
  return sinceUs === null ? nowMs : Math.min(nowMs, sinceUs / 1000);
}

/**
 * How many seconds of a step are known, none if less than one is. Rates are told of these.
 *
 * @param isMeasured whether something was measured in the step.
 */
export function knownSeconds(
  { from, step, resolution }: MetricWindow,
  at: number,
  { coverage, isMeasured, nowMs }: { coverage: Coverage; isMeasured: boolean; nowMs: number },
): number {
  const startMs = (from + at * step) * 1000;
  const endMs = startMs + step * 1000;
  if (coverage === null)
    return isMeasured ? (Math.min(endMs, Math.max(nowMs, startMs + 1_000)) - startMs) / 1000 : 0;
  const keptMs = Math.floor((nowMs - RESOLUTIONS[resolution].keptMs) / 1000) * 1000 - step * 1000;
  const known = Math.min(endMs, coverage.completeMs) - Math.max(startMs, coverage.sinceMs, keptMs);
  return known >= 1_000 ? known / 1000 : 0;
}
