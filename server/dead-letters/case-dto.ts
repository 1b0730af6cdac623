import type { Sql, SqlTx } from "#drizzle/db.ts";
import { type CaseListRow, listCaseSeries } from "#drizzle/queries/case-reading.ts";
import type { CaseWindow, FailureCaseDto } from "#server/contract/failure-cases.ts";
import { statusAt } from "#server/domain/failures/failure-case.ts";
import type { NormalizedError } from "#server/domain/failures/normalize-error.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { toFailureCase } from "./case-state.ts";

/** Seconds of a bucket, and how many of them a window has. Deaths are counted by five minutes, so none is finer. */
const BUCKETS: Record<CaseWindow, { step: number; count: number }> = {
  "1h": { step: 300, count: 12 },
  "24h": { step: 3_600, count: 24 },
  "7d": { step: 6 * 3_600, count: 28 },
};

export type Buckets = { from: string; to: string; step: number; count: number };

/** The buckets of a window that ends with the present one. */
export function bucketsOf(window: CaseWindow, nowMs: number): Buckets {
  const { step, count } = BUCKETS[window];
  const end = (Math.floor(nowMs / (step * 1000)) + 1) * step * 1000;
  const from = end - count * step * 1000;
  return { from: new Date(from).toISOString(), to: new Date(end).toISOString(), step, count };
}

/** Cases as they are shown, each with its deaths in the buckets. */
export async function toCaseDtos(
  sql: Sql | SqlTx,
  rows: readonly CaseListRow[],
  { buckets, nowMs, nameOf }: { buckets: Buckets; nowMs: number; nameOf: (id: number) => string },
): Promise<FailureCaseDto[]> {
  const counts = await listCaseSeries(sql, { caseIds: rows.map(({ id }) => id), ...buckets });
  const byCase = Map.groupBy(counts, (row) => row.case_id);
  return rows.map((row) => {
    const series = Array.from({ length: buckets.count }, () => 0);
    for (const { since, deaths } of byCase.get(row.id) ?? []) {
      const bucket = Math.floor((Date.parse(since) - Date.parse(buckets.from)) / (buckets.step * 1000));
      if (bucket < series.length) series[bucket] = deaths;
    }
    return toCaseDto(row, { series, nowMs, nameOf });
  });
}

function toCaseDto(
  row: CaseListRow,
  { series, nowMs, nameOf }: { series: number[]; nowMs: number; nameOf: (id: number) => string },
): FailureCaseDto {
  const status = statusAt(toFailureCase(row), nowMs);
  const isOpen = status === "open";
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    consumer: row.consumer,
    type: nameOf(row.type_id),
    error: row.error as NormalizedError, // the keeper writes no others
    message: row.message,
    status,
    statusBy: isOpen ? null : row.status_by,
    statusAt: isOpen || row.status_at === null ? null : isoTime(row.status_at),
    mutedUntil: status !== "muted" || row.muted_until === null ? null : isoTime(row.muted_until),
    owner: row.owner,
    ticketUrl: row.ticket_url,
    returns: row.returns,
    deaths: row.deaths,
    letters: {
      parked: row.parked,
      replaying: row.replaying,
      resolved: row.resolved,
      discarded: row.discarded,
    },
    firstSeenAt: isoTime(row.first_at),
    lastSeenAt: isoTime(row.last_at),
    isFailingNow: row.is_failing_now,
    series,
  };
}
