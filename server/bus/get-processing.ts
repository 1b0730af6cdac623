import {
  type ProcessingGroup,
  sumProcessing,
  sumProcessingBins,
} from "#drizzle/queries/processing-counts.ts";
import type { ProcessingDto } from "#server/contract/processing.ts";
import { quantile, RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { isKeptByHour } from "#server/domain/rollups.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LONGEST_MS = 31 * 24 * HOUR_MS;

type ProcessingQuery = {
  from?: string | undefined;
  to?: string | undefined;
  by: ProcessingGroup;
  consumer?: string | null | undefined;
};

/**
 * How consumers fared, or how events of each type did, in a window of whole minutes, or of whole hours where it begins
 * more than a day ago: the last hour, if none is given.
 */
export async function getProcessing(
  { sql, clock }: Pick<Context, "sql" | "clock">,
  { from, to, by, consumer = null }: ProcessingQuery,
): Promise<ProcessingDto> {
  const now = clock.now().getTime();
  const latest = to === undefined ? now : Date.parse(to);
  const earliest = from === undefined ? latest - HOUR_MS : Date.parse(from);
  const unit = isKeptByHour(earliest, now) ? HOUR_MS : MINUTE_MS;
  const [start, end] = [Math.floor(earliest / unit) * unit, Math.ceil(latest / unit) * unit];
  if (earliest >= latest)
    throw new AppError("invalid", "The window is empty. Give a `from` that is before `to`.");
  if (end - start > LONGEST_MS)
    throw new AppError("invalid", "The window is longer than 31 days. Ask for less.");
  const window = { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
  const [sums, bins] = await Promise.all([
    sumProcessing(sql, { by, consumer, ...window }),
    sumProcessingBins(sql, { by, consumer, ...window }),
  ]);
  const histograms = new Map<string, { bin: number; count: number }[]>();
  for (const { name, measure, bin, count } of bins) {
    const key = `${measure}/${name}`;
    const known = histograms.get(key);
    const one = { bin, count: Number(count) };
    if (known) known.push(one);
    else histograms.set(key, [one]);
  }
  return {
    window,
    by,
    relative_error: RELATIVE_ERROR,
    items: sums.map((row) => {
      const [succeeded, failed] = [Number(row.succeeded), Number(row.failed)];
      const total = succeeded + failed;
      return {
        name: row.name,
        total_events: total,
        successful_events: succeeded,
        failed,
        retried: Number(row.retried),
        duplicates: Number(row.duplicates),
        dead: Number(row.dead),
        failure_rate: total === 0 ? null : failed / total,
        average_duration: total === 0 ? null : Number(row.duration_us) / total / 1000,
        processing_time: percentiles(histograms.get(`0/${row.name}`) ?? []),
        critical_time: percentiles(histograms.get(`1/${row.name}`) ?? []),
      };
    }),
  };
}

function percentiles(bins: { bin: number; count: number }[]) {
  const at = (q: number) => {
    const micros = quantile(bins, q);
    return micros === null ? null : micros / 1000;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
