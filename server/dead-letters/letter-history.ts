import type { EventAttemptRow } from "#drizzle/queries/event-deliveries.ts";
import { listCaseIdsByFingerprint } from "#drizzle/queries/failure-cases.ts";
import { listLetterActions, listLetterReplays } from "#drizzle/queries/letter-history.ts";
import type { LetterRow } from "#drizzle/queries/letter-reading.ts";
import type { LetterHistoryDto } from "#server/contract/dead-letters.ts";
import { fingerprintOf } from "#server/domain/failures/normalize-error.ts";
import { ITEM_OUTCOMES } from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { toErrorRecord } from "./error-of.ts";

/** What became of a letter and what was done about it, oldest first. */
export async function listLetterHistory(
  ctx: Context,
  row: LetterRow,
  attempts: readonly EventAttemptRow[],
): Promise<LetterHistoryDto[]> {
  const [deaths, replays, actions] = await Promise.all([
    listDeaths(ctx, row, attempts),
    listLetterReplays(ctx.sql, row),
    listLetterActions(ctx.sql, row),
  ]);
  const all: LetterHistoryDto[] = [
    ...deaths,
    ...replays.map((replay) => ({
      kind: "replayed" as const,
      at: isoTime(replay.at),
      replay: replay.replay_id,
      by: replay.actor,
      reason: replay.reason,
      isEdited: replay.is_edited,
      outcome: replay.outcome === null ? null : (ITEM_OUTCOMES[replay.outcome] ?? null),
      endedAt: replay.ended_at === null ? null : isoTime(replay.ended_at),
      newCase: replay.new_case_id,
    })),
    ...actions.map(({ at, actor, action, reason }) => ({
      kind: action === "dead-letters.discarded" ? ("discarded" as const) : ("restored" as const),
      at: isoTime(at),
      by: actor,
      reason: reason ?? "",
    })),
  ];
  return all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/**
 * Each death of the delivery: the last attempt of every generation that failed to its end. Of all but the last death,
 * the case is that of the error's fingerprint.
 */
async function listDeaths(
  { sql, names }: Context,
  row: LetterRow,
  attempts: readonly EventAttemptRow[],
): Promise<Extract<LetterHistoryDto, { kind: "died" }>[]> {
  const last = { kind: "died" as const, at: isoTime(row.died_at), case: row.case_id, message: row.message };
  const byGeneration = Map.groupBy(
    attempts.filter(({ generation }) => generation < row.generation),
    ({ generation }) => generation,
  );
  const ends = [...byGeneration.values()].flatMap((all) => {
    const end = all.at(-1);
    return end === undefined || end.outcome === SUCCEEDED ? [] : [end];
  });
  if (ends.length === 0) return [last];
  const nameOf = await names.resolve([row.type_id]);
  const origin = { consumer: row.consumer, type: nameOf(row.type_id) };
  const earlier = ends.map((end) => {
    const error = toErrorRecord(end.error);
    return { end, error, fingerprint: fingerprintOf({ ...origin, error }) };
  });
  const cases = await listCaseIdsByFingerprint(
    sql,
    earlier.map(({ fingerprint }) => fingerprint),
  );
  return [
    ...earlier.map(({ end, error, fingerprint }) => ({
      kind: "died" as const,
      at: isoTime(end.ended_at ?? end.started_at ?? row.first_died_at),
      case: cases.get(fingerprint) ?? null,
      message: error.message,
    })),
    last,
  ];
}

const SUCCEEDED = 0;
