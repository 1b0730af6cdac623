import type { Sql, SqlTx } from "#drizzle/db.ts";
import { insertReservedAudit, reserveAudit } from "#drizzle/queries/audit-log.ts";
import { LETTER_STATUS, type LetterStatusNumber } from "#drizzle/queries/dead-letters.ts";
import { countByStatus, discardParked, restoreDiscarded } from "#drizzle/queries/letter-discarding.ts";
import { countLetters, letterConditions } from "#drizzle/queries/letter-selection.ts";
import { DEAD_LETTERS_TOPIC, notifyTopic } from "#drizzle/queries/notices.ts";
import type { DiscardInput, LetterActionAnswerDto, RestoreInput } from "#server/contract/dead-letters.ts";
import type { Context } from "#server/platform/context.ts";
import { withinStatementTime } from "./bounded-search.ts";
import { resolveSelection } from "./resolve-selection.ts";

type LetterAction = {
  name: "dead-letters.discarded" | "dead-letters.restored";
  from: LetterStatusNumber;
  apply: (tx: SqlTx, action: { where: ReturnType<Sql>; auditId: string }) => Promise<number>;
};

const DISCARD: LetterAction = {
  name: "dead-letters.discarded",
  from: LETTER_STATUS.parked,
  apply: discardParked,
};
const RESTORE: LetterAction = {
  name: "dead-letters.restored",
  from: LETTER_STATUS.discarded,
  apply: restoreDiscarded,
};

/**
 * Discards parked letters of a selection: nobody has to handle them any more, and what waits behind them in their keys
 * goes on. With `dryRun` it only counts. Letters that are not parked are left alone.
 */
export function discardLetters(ctx: Context, input: DiscardInput): Promise<LetterActionAnswerDto> {
  return actOnLetters(ctx, DISCARD, input);
}

/** Takes the discarding of letters back: they are parked again, and block their keys where they did. */
export function restoreLetters(ctx: Context, input: RestoreInput): Promise<LetterActionAnswerDto> {
  return actOnLetters(ctx, RESTORE, input);
}

async function actOnLetters(
  { sql, actor }: Context,
  { name, from, apply }: LetterAction,
  { selection, dryRun, reason, view }: DiscardInput | RestoreInput,
): Promise<LetterActionAnswerDto> {
  return withinStatementTime(sql, async (tx) => {
    const { terms, upTo } = await resolveSelection(tx, selection);
    const where = letterConditions(tx, terms, { upTo });
    const { having, others } = await countByStatus(tx, where, from);
    const newer =
      selection.kind === "letters" ? 0 : await countLetters(tx, letterConditions(tx, terms, { after: upTo }));
    if (dryRun) return { count: having, skipped: others, newer, upTo, done: false };
    const auditId = await reserveAudit(tx);
    const count = await apply(tx, { where, auditId });
    // Between the count and the change, others may have changed some.
    const skipped = Math.max(0, having + others - count);
    if (count > 0) {
      await insertReservedAudit(tx, auditId, {
        actor,
        action: name,
        subject: "dead-letters",
        details: { reason, view: view ?? null, selection, upTo, count, skipped, newer },
      });
      await notifyTopic(tx, DEAD_LETTERS_TOPIC);
      await notifyTopic(tx, "deliveries");
    }
    return { count, skipped, newer, upTo, done: true };
  });
}
