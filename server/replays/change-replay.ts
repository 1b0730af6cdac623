import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic, REPLAYS_TOPIC } from "#drizzle/queries/notices.ts";
import { updateReplay } from "#drizzle/queries/replay-advancing.ts";
import { lockReplay } from "#drizzle/queries/replay-writing.ts";
import type { ReplayDto } from "#server/contract/replays.ts";
import { moveReplay, type ReplayCommand } from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getReplay, noReplay } from "./get-replay.ts";
import { noteEnded, readStoredRun, writeStoredRun } from "./stored-run.ts";

const ACTIONS: Record<ReplayCommand, string> = {
  start: "replay.started",
  pause: "replay.paused",
  resume: "replay.resumed",
  cancel: "replay.cancelled",
};

/**
 * Starts, pauses, resumes or cancels a replay. What is in flight ends in any case, and is counted. Throws `conflict`
 * where its status doesn't allow it.
 */
export async function changeReplay(
  ctx: Context,
  id: number,
  command: ReplayCommand,
  reason: string,
): Promise<ReplayDto> {
  await ctx.sql.begin(async (tx) => {
    const row = await lockReplay(tx, id);
    if (row === null) throw noReplay(id);
    const stored = readStoredRun(row.run);
    const move = moveReplay(stored.run, command);
    if (move.kind === "refused") {
      throw new AppError("conflict", `Replay ${id} is ${move.status}, so you can't ${command} it.`);
    }
    const { run } = move;
    // What happened before a pause says nothing about the rate after it.
    const after = noteEnded({ run, recent: [] }, ctx.clock.now().getTime());
    await updateReplay(tx, id, { status: run.status, run: writeStoredRun(after) });
    const { actor, view = null } = ctx;
    const subject = `replay:${id}`;
    await insertAudit(tx, { actor, action: ACTIONS[command], subject, details: { reason, view } });
    await notifyTopic(tx, REPLAYS_TOPIC);
  });
  return getReplay(ctx, id);
}
