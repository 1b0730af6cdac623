import { type CaseTerms, listCases as listRows } from "#drizzle/queries/case-reading.ts";
import { countUngrouped } from "#drizzle/queries/letter-reading.ts";
import type { CASE_SORTS, CaseFilter, CaseListDto, CaseWindow } from "#server/contract/failure-cases.ts";
import { globToLike, textToLike } from "#server/domain/glob.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { bucketsOf, toCaseDtos } from "./case-dto.ts";
import { MAX_UNGROUPED } from "./list-letters.ts";

export const MAX_CASES = 200;

export type ListCasesInput = {
  filter: CaseFilter;
  sort: (typeof CASE_SORTS)[number];
  window: CaseWindow;
  offset: number;
  limit: number;
};

/** A page of failure cases, most harmful first unless another order is asked for. */
export async function listCases(ctx: Context, input: ListCasesInput): Promise<CaseListDto> {
  const { filter, sort, window, offset } = input;
  const limit = Math.min(input.limit, MAX_CASES);
  const nowMs = ctx.clock.now().getTime();
  const buckets = bucketsOf(window, nowMs);
  const asOf = await getAsOf(ctx);
  const [page, ungrouped] = await Promise.all([
    listRows(ctx.sql, termsOf(filter, nowMs), { order: sort, offset, limit }),
    countUngrouped(ctx.sql, MAX_UNGROUPED),
  ]);
  const nameOf = await ctx.names.resolve(page.rows.map((row) => row.type_id));
  return {
    cases: await toCaseDtos(ctx.sql, page.rows, { buckets, nowMs, nameOf }),
    total: page.total,
    parked: page.parked,
    failingNow: page.failingNow,
    buckets,
    nextOffset: offset + page.rows.length < page.total && page.rows.length > 0 ? offset + limit : null,
    ungrouped,
    asOf,
  };
}

function termsOf(
  { status = ["open"], consumer, type, owner, q, parked }: CaseFilter,
  nowMs: number,
): CaseTerms {
  return {
    statuses: status.includes("all") || status.length === 0 ? null : status,
    consumerLikes: consumer?.length ? consumer.map(globToLike) : null,
    typeLikes: type?.length ? type.map(globToLike) : null,
    owner: owner === undefined || owner === "" ? null : { name: owner === "-" ? null : owner },
    textLike: q === undefined ? null : textToLike(q),
    hasParked: parked ?? false,
    now: new Date(nowMs).toISOString(),
  };
}
