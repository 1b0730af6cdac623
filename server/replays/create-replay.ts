import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic, REPLAYS_TOPIC } from "#drizzle/queries/notices.ts";
import { updateReplay } from "#drizzle/queries/replay-advancing.ts";
import { insertReplay, insertReplayItems } from "#drizzle/queries/replay-writing.ts";
import type { ReplayDto, ReplayInput } from "#server/contract/replays.ts";
import { moveReplay, newReplayRun, problemOfOptions } from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { resolveSelection } from "../dead-letters/resolve-selection.ts";
import { checkEdits } from "./check-edits.ts";
import { getReplay } from "./get-replay.ts";
import { countNewer, sourceOf } from "./plan-replay.ts";
import { toRunOptions } from "./replay-delivery.ts";
import { writeStoredRun } from "./stored-run.ts";

/**
 * Freezes a selection of dead letters as the items of a replay, and starts it unless it is to wait. Letters that die
 * from now on are no part of it, nor are those that are not parked. Throws `invalid` where nothing is left.
 *
 * @param ruleId of the rule that asks for it; null for a person.
 */
export async function createReplay(
  ctx: Context,
  { selection, options, reason, view, start }: ReplayInput,
  ruleId: number | null = null,
): Promise<ReplayDto> {
  if (reason === "") {
    throw new AppError("invalid", "Say why: a replay needs a reason, which stands in the audit trail.");
  }
  const runOptions = toRunOptions(options);
  const problem = problemOfOptions(runOptions);
  if (problem !== null) throw new AppError("invalid", problem);
  const resolved = await resolveSelection(ctx.sql, selection);
  const edits =
    options.edit === null
      ? null
      : await checkEdits(ctx.sql, ctx.schemas, sourceOf(ctx.sql, resolved, options), options.edit);
  const newer = await countNewer(ctx.sql, resolved);
  const { to, retries, edit } = options;
  const id = await ctx.sql.begin(async (tx) => {
    const planned = newReplayRun(runOptions, 0);
    const replay = await insertReplay(tx, {
      reason,
      view: view ?? null,
      actor: ctx.actor,
      ruleId,
      selection,
      cutOff: resolved.upTo,
      newer,
      delivery: { to, retries, edit },
      status: planned.status,
      run: writeStoredRun({ run: planned, recent: [] }),
    });
    const items = await insertReplayItems(tx, replay, sourceOf(tx, resolved, options), edits?.failed ?? []);
    if (items === 0) throw nothingToReplay(edits?.failed.length ?? 0);
    const frozen = newReplayRun(runOptions, items);
    const move = start ? moveReplay(frozen, "start") : null;
    const run = move?.kind === "moved" ? move.run : frozen;
    await updateReplay(tx, replay, { status: run.status, run: writeStoredRun({ run, recent: [] }) });
    const { actor } = ctx;
    await insertAudit(tx, {
      actor,
      action: start ? "replay.started" : "replay.planned",
      subject: `replay:${replay}`,
      details: { reason, items, newer, upTo: resolved.upTo, selection, to, retries, view: view ?? null },
    });
    await notifyTopic(tx, REPLAYS_TOPIC);
    return replay;
  });
  return getReplay(ctx, id);
}

function nothingToReplay(notEditable: number): AppError {
  const why =
    notEditable > 0
      ? `The edit can't be applied to any of its ${notEditable} payloads. Ask with dryRun to see why.`
      : "None of its letters is parked in a consumer that Nagare delivers to.";
  return new AppError("invalid", `There is nothing to replay in this selection. ${why}`);
}
