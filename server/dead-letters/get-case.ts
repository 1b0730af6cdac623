import { countAffected, findCase, listCaseNotes, listTopKeys } from "#drizzle/queries/case-reading.ts";
import { getLastNumber } from "#drizzle/queries/dead-letters.ts";
import { listCaseSamples } from "#drizzle/queries/letter-reading.ts";
import type { CaseDetailDto, CaseWindow } from "#server/contract/failure-cases.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { getAsOf } from "../events/as-of.ts";
import { bucketsOf, toCaseDtos } from "./case-dto.ts";
import { toLetterSummaries } from "./letter-dto.ts";

/** Parked letters that are looked at for the keys and flows of a case. */
const LOOKED_AT = 20_000;
const TOP_KEYS = 10;
const SAMPLES = 20;

/** One failure case with its notes and what it affects. Throws `not-found`. */
export async function getCase(
  ctx: Context,
  id: number,
  { window }: { window: CaseWindow },
): Promise<CaseDetailDto> {
  const { sql, names, clock } = ctx;
  const nowMs = clock.now().getTime();
  const row = await findCase(sql, id, { now: new Date(nowMs).toISOString() });
  if (row === null) throw noCase(id);
  const buckets = bucketsOf(window, nowMs);
  const asOf = await getAsOf(ctx);
  const nameOf = await names.resolve([row.type_id]);
  const [[shown], notes, affected, topKeys, samples, upTo] = await Promise.all([
    toCaseDtos(sql, [row], { buckets, nowMs, nameOf }),
    listCaseNotes(sql, id),
    countAffected(sql, id, LOOKED_AT),
    listTopKeys(sql, id, { of: LOOKED_AT, limit: TOP_KEYS }),
    listCaseSamples(sql, id, SAMPLES),
    getLastNumber(sql),
  ]);
  if (shown === undefined) throw noCase(id);
  const exact = affected.looked < LOOKED_AT;
  return {
    ...shown,
    buckets,
    notes: notes.map(({ at, by, note }) => ({ at: isoTime(at), by, text: note })),
    affectedKeys: { count: affected.keys, exact },
    affectedFlows: { count: affected.flows, exact },
    topKeys,
    samples: await toLetterSummaries(samples, names),
    upTo,
    asOf,
  };
}

export function noCase(id: number): AppError {
  return new AppError(
    "not-found",
    `There is no failure case ${id}. It may be older than the retention time; GET /api/v1/failure-cases lists those that are kept.`,
  );
}
