import type { SqlTx } from "#drizzle/db.ts";
import {
  claimUngrouped,
  findLastError,
  numberLetters,
  type UngroupedRow,
} from "#drizzle/queries/dead-letters.ts";
import {
  addCaseCounts,
  addToCases,
  type CaseCount,
  type CaseRow,
  ensureCases,
  type NewCase,
  type SeenCase,
  tryLockKeeper,
  updateSeenCases,
} from "#drizzle/queries/failure-cases.ts";
import { DEAD_LETTERS_TOPIC, notifyTopic } from "#drizzle/queries/notices.ts";
import { describeError } from "#server/domain/error-record.ts";
import { type FailureCase, moveCase } from "#server/domain/failures/failure-case.ts";
import type { Context } from "#server/platform/context.ts";
import { CaseDeltas } from "./case-deltas.ts";
import { toFailureCase } from "./case-state.ts";
import { toErrorRecord } from "./error-of.ts";
import type { Fingerprint, Fingerprints } from "./fingerprints.ts";

const AT_ONCE = 1_000;
const COUNT_MS = 5 * 60_000;

type Grouped = { letter: UngroupedRow; fingerprint: Fingerprint };

/**
 * Puts the oldest letters that are in no case yet into their cases, and numbers them. One process at a time, so that
 * numbers grow in the order in which they become visible: what is cut off at a number stays as it is.
 *
 * @returns whether there is more to do at once.
 */
export async function groupLettersOnce(ctx: Context, fingerprints: Fingerprints): Promise<boolean> {
  return ctx.sql.begin(async (tx) => {
    if (!(await tryLockKeeper(tx))) return false;
    const letters = await claimUngrouped(tx, AT_ONCE);
    if (letters.length === 0) return false;
    const grouped = await fingerprintAll(tx, ctx, letters, fingerprints);
    const cases = await seeCases(tx, ctx, grouped);
    const deltas = new CaseDeltas();
    const counts = new Map<string, CaseCount>();
    const numbered = grouped.map(({ letter, fingerprint }) => {
      const caseId = cases.get(fingerprint.fingerprint);
      if (caseId === undefined) throw new Error("A case is gone that was made in the same transaction.");
      const { position, subscription_id: subscriptionId, case_id, counted_as, status } = letter;
      const formerNumber = letter.former_number;
      if (case_id !== null && counted_as !== null) deltas.add(case_id, counted_as, -1);
      deltas.add(caseId, status, 1);
      deltas.addDeath(caseId);
      addCount(counts, caseId, letter.died_ms);
      return { position, subscriptionId, caseId, formerNumber };
    });
    await numberLetters(tx, numbered);
    await addToCases(tx, deltas.list());
    await addCaseCounts(tx, [...counts.values()]);
    await notifyTopic(tx, DEAD_LETTERS_TOPIC);
    return letters.length === AT_ONCE;
  });
}

async function fingerprintAll(
  tx: SqlTx,
  { names }: Context,
  letters: readonly UngroupedRow[],
  fingerprints: Fingerprints,
): Promise<Grouped[]> {
  const nameOf = await names.resolve(
    letters.map((letter) => letter.type_id),
    tx,
  );
  const grouped: Grouped[] = [];
  for (const letter of letters) {
    const { consumer, type_id, message, error_hash } = letter;
    const key = `${consumer}/${type_id}/${error_hash ?? `none/${message}`}`;
    let fingerprint = fingerprints.find(key);
    if (fingerprint === null) {
      const error =
        error_hash === null
          ? describeError("reported", message)
          : toErrorRecord(await findLastError(tx, letter));
      fingerprint = await fingerprints.compute(key, { consumer, type: nameOf(type_id), error });
    }
    grouped.push({ letter, fingerprint });
  }
  return grouped;
}

/** Tells the cases of new deaths, and gives their ids by fingerprint. */
async function seeCases(
  tx: SqlTx,
  { clock }: Context,
  grouped: readonly Grouped[],
): Promise<Map<string, number>> {
  const groups = Map.groupBy(grouped, ({ fingerprint }) => fingerprint.fingerprint);
  const wanted = [...groups].map(([fingerprint, members]): NewCase => {
    const first = firstOf(members);
    return {
      fingerprint,
      subscriptionId: first.letter.subscription_id,
      typeId: first.letter.type_id,
      error: first.fingerprint.error,
      message: first.letter.message,
      seenAt: new Date(first.letter.died_ms).toISOString(),
    };
  });
  const rows = await ensureCases(tx, wanted);
  const seen = rows.map((row) => see(row, groups.get(row.fingerprint) ?? [], clock.now().getTime()));
  await updateSeenCases(tx, seen);
  return new Map(rows.map(({ fingerprint, id }) => [fingerprint, id]));
}

function see(row: CaseRow, members: readonly Grouped[], nowMs: number): SeenCase {
  // They come in the order in which they died.
  const newest = members.at(-1)?.letter;
  const firstSeenMs = firstOf(members).letter.died_ms;
  const lastSeenMs = newest?.died_ms ?? firstSeenMs;
  const before = toFailureCase(row);
  const move = moveCase(before, { kind: "see", count: members.length, firstSeenMs, lastSeenMs }, nowMs);
  const after = move.kind === "moved" ? move.failureCase : before;
  const isNewest = lastSeenMs >= before.lastSeenMs;
  return {
    id: row.id,
    subscriptionId: newest?.subscription_id ?? row.subscription_id,
    message: isNewest ? (newest?.message ?? row.message) : row.message,
    ...statusColumns(row, after),
    returns: after.returns,
    firstAt: new Date(after.firstSeenMs).toISOString(),
    lastAt: new Date(after.lastSeenMs).toISOString(),
  };
}

function statusColumns(row: CaseRow, { status }: FailureCase) {
  if (status === "open") return { status, statusBy: null, statusAt: null, mutedUntil: null };
  return { status, statusBy: row.status_by, statusAt: row.status_at, mutedUntil: row.muted_until };
}

function firstOf(members: readonly Grouped[]): Grouped {
  const [first] = members;
  if (first === undefined) throw new Error("A group has a member at least.");
  return first;
}

function addCount(counts: Map<string, CaseCount>, caseId: number, diedMs: number): void {
  const since = new Date(Math.floor(diedMs / COUNT_MS) * COUNT_MS).toISOString();
  const key = `${caseId}/${since}`;
  const known = counts.get(key);
  if (known) known.deaths += 1;
  else counts.set(key, { caseId, since, deaths: 1 });
}
