import {
  countHeldBack,
  findReplay,
  listReplayRows,
  type StoredReplayRow,
} from "#drizzle/queries/replay-reading.ts";
import type { ReplayDto, ReplayListDto } from "#server/contract/replays.ts";
import { type ReplayStatus, replayTotals } from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getAsOf } from "../events/as-of.ts";
import { toReplayDto } from "./replay-dto.ts";
import { readStoredRun } from "./stored-run.ts";

export async function getReplay(ctx: Context, id: number): Promise<ReplayDto> {
  const row = await findReplay(ctx.sql, id);
  if (row === null) throw noReplay(id);
  return describeReplay(ctx, row);
}

/** The newest first. */
export async function listReplays(
  ctx: Context,
  {
    before,
    status,
    limit,
  }: { before?: number | undefined; status?: ReplayStatus[] | undefined; limit: number },
): Promise<ReplayListDto> {
  const rows = await listReplayRows(ctx.sql, { before: before ?? null, statuses: status ?? null, limit });
  const replays: ReplayDto[] = [];
  for (const row of rows) replays.push(await describeReplay(ctx, row));
  const nextBefore = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
  return { replays, nextBefore, asOf: await getAsOf(ctx) };
}

export function noReplay(id: number): AppError {
  return new AppError("not-found", `There is no replay ${id}.`);
}

async function describeReplay({ sql, clock }: Context, row: StoredReplayRow): Promise<ReplayDto> {
  const { left, ...totals } = replayTotals(readStoredRun(row.run).run);
  const isHoldingPossible = left > 0 && totals["failed-same"] + totals["failed-new"] + totals.unknown > 0;
  const heldBack = isHoldingPossible ? await countHeldBack(sql, row.id) : 0;
  return toReplayDto(row, heldBack, clock.now().getTime());
}
