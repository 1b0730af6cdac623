import type { SqlTx } from "#drizzle/db.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import {
  advanceRule,
  assignUnowned,
  type JudgedLetterRow,
  listParkedAfter,
  listRules,
  type RuleRow,
  tryLockRules,
} from "#drizzle/queries/failure-rules.ts";
import { DEAD_LETTERS_TOPIC, notifyTopic } from "#drizzle/queries/notices.ts";
import { type LetterSelection, MAX_TICKED } from "#server/contract/dead-letters.ts";
import { replayOptionsSchema } from "#server/contract/replays.ts";
import { compileRules, type FailureRule, type RuleVerdict } from "#server/domain/failures/failure-rule.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { discardLetters } from "../dead-letters/discard-letters.ts";
import { createReplay } from "../replays/create-replay.ts";
import { RULES_TOPIC, toRule } from "./rules.ts";
import { toFacts } from "./simulate-rule.ts";

const MINUTE_MS = 60_000;

type Judge = (letter: ReturnType<typeof toFacts>, nowMs: number) => RuleVerdict;

/**
 * Lets each rule that is on look at the parked letters behind its cursor, as far as they are old enough and as its
 * limit allows, and do its work. One process at a time.
 *
 * What was done is done before the cursor is written: a letter that was taken is not parked any more, so whoever looks
 * at it again after a crash passes it over.
 *
 * @returns whether there may be more to look at.
 */
export async function applyRulesOnce(ctx: Context): Promise<boolean> {
  return ctx.sql.begin(async (tx) => {
    if (!(await tryLockRules(tx))) return false;
    const rows = await listRules(tx);
    if (!rows.some((row) => row.is_on)) return false;
    const judge = compileRules(rows.map(toRule));
    let isMore = false;
    for (const row of rows) {
      if (row.is_on && (await applyRule(tx, ctx, row, judge))) isMore = true;
    }
    return isMore;
  });
}

async function applyRule(tx: SqlTx, ctx: Context, row: RuleRow, judge: Judge): Promise<boolean> {
  const rule = toRule(row);
  const letters = await listParkedAfter(tx, row.cursor, MAX_TICKED);
  if (letters.length === 0) return false;
  const nowMs = ctx.clock.now().getTime();
  const refilled = row.allowance + (row.allowance_age_ms / MINUTE_MS) * row.per_minute;
  const look = lookAt(letters, rule, {
    judge,
    nowMs,
    cursor: row.cursor,
    allowance: Math.floor(Math.min(row.per_minute, refilled)),
  });
  const taken = look.taken.length === 0 ? 0 : await act(tx, ctx, row, rule, look.taken);
  const allowance = Math.min(row.per_minute, refilled) - taken;
  await advanceRule(tx, { id: row.id, cursor: look.cursor, allowance, taken });
  if (taken > 0) await notifyTopic(tx, RULES_TOPIC);
  return look.isMore && letters.length === MAX_TICKED;
}

type Look = { taken: JudgedLetterRow[]; cursor: string; isMore: boolean };

/** The letters that the rule takes, and how far it got: up to one that is too young, or over its limit. */
function lookAt(
  letters: readonly JudgedLetterRow[],
  { id, conditions }: FailureRule,
  { judge, nowMs, cursor, allowance }: { judge: Judge; nowMs: number; cursor: string; allowance: number },
): Look {
  const taken: JudgedLetterRow[] = [];
  let reached = cursor;
  for (const letter of letters) {
    if (nowMs - letter.died_ms < (conditions.minAgeMs ?? 0)) return { taken, cursor: reached, isMore: false };
    const verdict = judge(toFacts(letter), nowMs);
    const isMine = verdict.kind === "matched" && verdict.ruleId === id;
    if (isMine && taken.length >= allowance) return { taken, cursor: reached, isMore: false };
    if (isMine) taken.push(letter);
    reached = letter.number;
  }
  return { taken, cursor: reached, isMore: true };
}

/** @returns how many letters something was done with. */
async function act(
  tx: SqlTx,
  ctx: Context,
  row: RuleRow,
  { action }: FailureRule,
  taken: readonly JudgedLetterRow[],
): Promise<number> {
  const acting = { ...ctx, actor: `rule:${row.name}` };
  const selection = {
    kind: "letters" as const,
    letters: taken.map(({ position, consumer }) => ({ position, consumer })),
  };
  switch (action.kind) {
    case "replay":
      return replayFor(acting, row, selection);
    case "discard":
      return (await discardLetters(acting, { selection, reason: action.reason, dryRun: false })).count;
    case "assign":
      await assignCases(tx, acting, row, { owner: action.owner, taken });
      await notifyTopic(tx, DEAD_LETTERS_TOPIC);
      return taken.length;
  }
}

/** What can't be replayed, such as letters of a consumer that delivers on its own, is passed over. */
async function replayFor(ctx: Context, row: RuleRow, selection: LetterSelection): Promise<number> {
  const options = replayOptionsSchema.parse({});
  const reason = `Rule ${row.name}`;
  try {
    const replay = await createReplay(
      ctx,
      { selection, options, reason, dryRun: false, start: true },
      row.id,
    );
    return replay.totals.itemCount;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "invalid")) throw error;
    ctx.log.warn({ rule: row.name, err: error }, "failure-rule.passed-over");
    return 0;
  }
}

async function assignCases(
  tx: SqlTx,
  { actor }: Context,
  row: RuleRow,
  { owner, taken }: { owner: string; taken: readonly JudgedLetterRow[] },
): Promise<void> {
  const ids = [...new Set(taken.map((letter) => letter.case_id))];
  for (const id of await assignUnowned(tx, ids, owner)) {
    const details = { owner, rule: row.id };
    await insertAudit(tx, { actor, action: "failure-case.assigned", subject: `failure-case:${id}`, details });
  }
}
