import { type JudgedLetterRow, listDiedSince, listRules } from "#drizzle/queries/failure-rules.ts";
import type { RuleSimulationDto, RuleSimulationInput } from "#server/contract/failure-rules.ts";
import { DEAD_LETTER_STATUSES } from "#server/domain/dead-letter.ts";
import { compileRules, type LetterFacts, problemOfRule } from "#server/domain/failures/failure-rule.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getLetterRow } from "../dead-letters/get-letter.ts";
import { toLetterSummaries } from "../dead-letters/letter-dto.ts";
import { toDraftRule, toRule } from "./rules.ts";

const DAYS = 7;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The newest so many letters are looked at. */
const MOST_LETTERS = 100_000;
const MOST_CASES = 20;
const SAMPLES = 10;
const DRAFT = "draft";

/**
 * What a rule would have done with the dead letters of the last seven days, had it been on, in its place among those
 * that are. Each letter is judged at the moment from which its age is enough. Changes nothing.
 */
export async function simulateRule(
  ctx: Context,
  { rule, id }: RuleSimulationInput,
): Promise<RuleSimulationDto> {
  const draft = toDraftRule({ ...rule, isOn: true }, DRAFT);
  const problem = problemOfRule(draft);
  if (problem !== null) throw new AppError("invalid", problem);
  const to = ctx.clock.now();
  const from = new Date(to.getTime() - DAYS * DAY_MS);
  const [rows, letters] = await Promise.all([
    listRules(ctx.sql),
    listDiedSince(ctx.sql, from.toISOString(), MOST_LETTERS),
  ]);
  const others = rows.map(toRule);
  const place = id === undefined ? -1 : others.findIndex((one) => one.id === String(id));
  const before = place === -1 ? others : others.slice(0, place);
  const judge = compileRules([...before, draft]);
  const judgeDraft = compileRules([draft]);

  const taken: JudgedLetterRow[] = [];
  const takenBefore = new Map<string, number>();
  for (const letter of letters) {
    const facts = toFacts(letter);
    const atMs = Math.min(to.getTime(), letter.died_ms + (draft.conditions.minAgeMs ?? 0));
    const verdict = judge(facts, atMs);
    if (verdict.kind === "unmatched") continue;
    if (verdict.ruleId === DRAFT) taken.push(letter);
    else if (judgeDraft(facts, atMs).kind === "matched") {
      takenBefore.set(verdict.ruleId, (takenBefore.get(verdict.ruleId) ?? 0) + 1);
    }
  }
  const samples = await Promise.all(taken.slice(0, SAMPLES).map((letter) => getLetterRow(ctx.sql, letter)));
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    letters: letters.length,
    isCut: letters.length === MOST_LETTERS,
    taken: taken.length,
    delayed: countDelayed(taken, rule.perMinute),
    takenBefore: rows.flatMap((row) => {
      const count = takenBefore.get(String(row.id));
      return count === undefined ? [] : [{ id: row.id, name: row.name, letters: count }];
    }),
    became: countStatuses(taken),
    cases: mostFrequentCases(taken),
    days: countDays(taken),
    samples: await toLetterSummaries(samples, ctx.names),
  };
}

/** A letter in the terms of the rules. */
export function toFacts(row: JudgedLetterRow): LetterFacts {
  return {
    consumer: row.consumer,
    type: row.type,
    fingerprint: row.fingerprint,
    errorName: row.error_name,
    message: row.message,
    diedAtMs: row.died_ms,
    attempts: row.attempts,
  };
}

/** Letters beyond what a minute allows, in whole minutes. */
function countDelayed(letters: readonly JudgedLetterRow[], perMinute: number): number {
  const minutes = Map.groupBy(letters, ({ died_ms: ms }) => Math.floor(ms / MINUTE_MS));
  return [...minutes.values()].reduce((sum, { length }) => sum + Math.max(0, length - perMinute), 0);
}

function countStatuses(letters: readonly JudgedLetterRow[]): RuleSimulationDto["became"] {
  const became = { parked: 0, replaying: 0, resolved: 0, discarded: 0 };
  for (const { status } of letters) {
    const name = DEAD_LETTER_STATUSES[status];
    if (name !== undefined) became[name] += 1;
  }
  return became;
}

function mostFrequentCases(letters: readonly JudgedLetterRow[]): RuleSimulationDto["cases"] {
  return [...Map.groupBy(letters, ({ case_id: id }) => id)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_CASES)
    .flatMap(([id, [newest, ...rest]]) =>
      newest === undefined
        ? []
        : [
            {
              case: id,
              consumer: newest.consumer,
              type: newest.type,
              message: newest.message,
              letters: rest.length + 1,
            },
          ],
    );
}

function countDays(letters: readonly JudgedLetterRow[]): RuleSimulationDto["days"] {
  const days = Map.groupBy(letters, ({ died_ms: ms }) => new Date(ms).toISOString().slice(0, 10));
  return [...days]
    .map(([day, { length }]) => ({ day, letters: length }))
    .toSorted((a, b) => a.day.localeCompare(b.day));
}
