import { findWaiting, followStatuses, takeCaseMoves } from "#drizzle/queries/dead-letters.ts";
import { addToCases, foldCaseCounts, tryLockKeeper } from "#drizzle/queries/failure-cases.ts";
import { type LetterPlace, settleReplaying } from "#drizzle/queries/letter-following.ts";
import { DEAD_LETTERS_TOPIC, notifyTopic } from "#drizzle/queries/notices.ts";
import type { Context } from "#server/platform/context.ts";
import { CaseDeltas } from "./case-deltas.ts";
import { Fingerprints } from "./fingerprints.ts";
import { groupLettersOnce } from "./group-letters.ts";

const FOLLOWED_AT_ONCE = 5_000;
const LOOKED_AT_ONCE = 2_000;
const HOUR_MS = 3_600_000;
const FOLDED_AFTER_HOURS = 2;
/** Hours that are folded a second time, for deaths that were reported late. */
const REPEATED_HOURS = 24;

/**
 * Keeps dead letters and failure cases together: puts letters into their cases, lets the counters of cases follow what
 * becomes of letters, and finds out how those ended that are delivered again. Nothing else writes these counters, and
 * one process at a time does.
 */
export class LetterKeeper {
  readonly #ctx: Context;
  readonly #fingerprints = new Fingerprints();
  /** Where the look at what is delivered again goes on. */
  #place: LetterPlace | null = null;
  /** Deaths of hours up to here are folded. */
  #foldedToMs = 0;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** @returns whether there is more to do at once. */
  async keepOnce(): Promise<boolean> {
    // One look where there is nothing to do, as there mostly is.
    const waiting = await findWaiting(this.#ctx.sql);
    const isMoreToSettle = waiting.replaying && (await this.#settle());
    const isMoreToGroup = waiting.ungrouped && (await groupLettersOnce(this.#ctx, this.#fingerprints));
    // What was settled just now is counted at the next look, which then comes at once.
    const isMoreToFollow = waiting.uncounted && (await followStatusesOnce(this.#ctx));
    await this.#fold();
    return isMoreToSettle || isMoreToGroup || isMoreToFollow;
  }

  async #settle(): Promise<boolean> {
    const { last, moved } = await settleReplayingOnce(this.#ctx, this.#place);
    this.#place = last;
    return moved > 0;
  }

  /** After a while no window looks at five minutes any more. What comes for an hour later on stands beside its row. */
  async #fold(): Promise<void> {
    const beforeMs = Math.floor(this.#ctx.clock.now().getTime() / HOUR_MS - FOLDED_AFTER_HOURS) * HOUR_MS;
    if (beforeMs <= this.#foldedToMs) return;
    const after = new Date(Math.max(0, this.#foldedToMs - REPEATED_HOURS * HOUR_MS)).toISOString();
    const isFolded = await this.#ctx.sql.begin(async (tx) => {
      if (!(await tryLockKeeper(tx))) return false;
      await foldCaseCounts(tx, { after, before: new Date(beforeMs).toISOString() });
      return true;
    });
    if (isFolded) this.#foldedToMs = beforeMs;
  }
}

/** Writes down how some of the letters ended that are delivered again, from a place on. */
async function settleReplayingOnce(ctx: Context, after: LetterPlace | null) {
  return ctx.sql.begin(async (tx) => {
    if (!(await tryLockKeeper(tx))) return { last: after, moved: 0 };
    const settled = await settleReplaying(tx, { after, limit: LOOKED_AT_ONCE });
    if (settled.moved > 0) await notifyTopic(tx, DEAD_LETTERS_TOPIC);
    return settled;
  });
}

/** Lets the counters of cases follow letters whose status has changed. Gives whether there are more. */
async function followStatusesOnce(ctx: Context): Promise<boolean> {
  return ctx.sql.begin(async (tx) => {
    if (!(await tryLockKeeper(tx))) return false;
    const followed = await followStatuses(tx, FOLLOWED_AT_ONCE);
    const taken = await takeCaseMoves(tx, FOLLOWED_AT_ONCE);
    const moves = [...followed, ...taken];
    if (moves.length === 0) return false;
    const deltas = new CaseDeltas();
    for (const move of moves) {
      deltas.add(move.case_id, move.old, -move.letters);
      deltas.add(move.case_id, move.new, move.letters);
    }
    await addToCases(tx, deltas.list());
    await notifyTopic(tx, DEAD_LETTERS_TOPIC);
    const letters = followed.reduce((sum, move) => sum + move.letters, 0);
    return letters === FOLLOWED_AT_ONCE || taken.length === FOLLOWED_AT_ONCE;
  });
}

/** Works until nothing is left to do: for tests, and for whoever needs the counters as they are now. */
export async function settleKeeper(keeper: LetterKeeper): Promise<void> {
  while (await keeper.keepOnce());
}
