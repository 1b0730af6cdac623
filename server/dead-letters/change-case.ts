import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { insertCaseNote, updateCaseStanding } from "#drizzle/queries/case-changing.ts";
import { findCase, listCaseNotes } from "#drizzle/queries/case-reading.ts";
import { DEAD_LETTERS_TOPIC, notifyTopic } from "#drizzle/queries/notices.ts";
import { type CaseCommand, type FailureCase, moveCase } from "#server/domain/failures/failure-case.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { toFailureCase } from "./case-state.ts";
import { noCase } from "./get-case.ts";

/** What people do with a case, without who does it. */
export type CaseWish =
  | { kind: "mute"; untilMs: number }
  | { kind: "unmute" }
  | { kind: "resolve" }
  | { kind: "reopen" }
  | { kind: "assign"; owner: string | null }
  | { kind: "link"; ticketUrl: string | null }
  | { kind: "note"; text: string };

const ACTIONS: Record<CaseWish["kind"], string> = {
  mute: "failure-case.muted",
  unmute: "failure-case.unmuted",
  resolve: "failure-case.resolved",
  reopen: "failure-case.reopened",
  assign: "failure-case.assigned",
  link: "failure-case.linked",
  note: "failure-case.noted",
};

/**
 * Does with a case what is wished, all of it or nothing, each with an audit row. Throws `not-found`, `invalid` for
 * what no case can be given, and `conflict` where this one does not let it be done.
 */
export async function changeCase(ctx: Context, id: number, wishes: readonly CaseWish[]): Promise<void> {
  const { sql, clock, actor, view = null } = ctx;
  await sql.begin(async (tx) => {
    const now = clock.now();
    const row = await findCase(tx, id, { now: now.toISOString(), isLocked: true });
    if (row === null) throw noCase(id);
    const notes = (await listCaseNotes(tx, id)).map(({ at, by, note }) => ({
      atMs: Date.parse(at),
      by,
      text: note,
    }));
    let current: FailureCase = { ...toFailureCase(row), notes };
    for (const wish of wishes) {
      const move = moveCase(current, withActor(wish, actor), now.getTime());
      if (move.kind === "refused") throw new AppError(move.isInput ? "invalid" : "conflict", move.reason);
      if (wish.kind === "note") {
        const text = move.failureCase.notes.at(-1)?.text ?? "";
        await insertCaseNote(tx, { caseId: id, by: actor, text, at: now.toISOString() });
      }
      const { kind, ...details } = wish;
      if (isChanged(current, move.failureCase)) {
        const subject = `failure-case:${id}`;
        await insertAudit(tx, { actor, action: ACTIONS[kind], subject, details: { ...details, view } });
      }
      current = move.failureCase;
    }
    const isMoved = wishes.some(({ kind }) => kind === "mute" || kind === "resolve");
    const statusAt = isMoved ? now.toISOString() : row.status_at;
    await updateCaseStanding(tx, id, {
      ...standingOf(current),
      statusAt: current.status === "open" ? null : statusAt,
    });
    await notifyTopic(tx, DEAD_LETTERS_TOPIC);
  });
}

function withActor(wish: CaseWish, by: string): CaseCommand {
  return wish.kind === "mute" || wish.kind === "resolve" || wish.kind === "note" ? { ...wish, by } : wish;
}

function isChanged(before: FailureCase, after: FailureCase): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function standingOf(failureCase: FailureCase) {
  const { status, owner, ticketUrl } = failureCase;
  return {
    status,
    statusBy: status === "open" ? null : failureCase.by,
    mutedUntil: status === "muted" ? new Date(failureCase.untilMs).toISOString() : null,
    owner,
    ticketUrl,
  };
}
