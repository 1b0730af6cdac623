import { compileGlob } from "../glob.ts";

/**
 * What a rule asks of a dead letter. All that is given must hold; what is left out doesn't matter. In globs, `*`
 * stands for any run of characters.
 */
export type RuleConditions = {
  /** Globs. */
  consumer?: string;
  type?: string;
  errorName?: string;
  message?: string;
  fingerprint?: string;
  /** How long ago the delivery died. */
  minAgeMs?: number;
  maxAgeMs?: number;
  /** Attempts in all generations together: what limits how often a rule replays the same letter. */
  minAttempts?: number;
  maxAttempts?: number;
};

export type RuleAction =
  | { kind: "replay" }
  | { kind: "discard"; reason: string }
  | { kind: "assign"; owner: string };

export type FailureRule = {
  id: string;
  isOn: boolean;
  conditions: RuleConditions;
  action: RuleAction;
};

/** What rules look at. */
export type LetterFacts = {
  consumer: string;
  type: string;
  fingerprint: string;
  errorName: string;
  message: string;
  diedAtMs: number;
  attempts: number;
};

export type ConditionName = keyof RuleConditions;
/** One condition of one rule: what it asks for, what the letter has, and whether that is enough. */
export type JudgedCondition = {
  name: ConditionName;
  expected: string | number;
  actual: string | number;
  holds: boolean;
};

export type RuleVerdict =
  /** The first rule, in their order, of which every condition holds. */
  | { kind: "matched"; ruleId: string; action: RuleAction; explanation: readonly JudgedRule[] }
  | { kind: "unmatched"; explanation: readonly JudgedRule[] };
/** Rules behind the one that matched are not looked at, and stand in no explanation. */
export type JudgedRule =
  | { ruleId: string; kind: "judged"; isMatch: boolean; conditions: readonly JudgedCondition[] }
  | { ruleId: string; kind: "off" };

/** What is wrong with a rule, or null. */
export function problemOfRule({ conditions, action }: FailureRule): string | null {
  const {
    minAgeMs = 0,
    maxAgeMs = Number.MAX_VALUE,
    minAttempts = 0,
    maxAttempts = Number.MAX_VALUE,
  } = conditions;
  const asked = CONDITIONS.filter((name) => conditions[name] !== undefined);
  if (asked.length === 0) return "The rule has no conditions, and would take every dead letter. Give it one.";
  if (asked.some((name) => conditions[name] === ""))
    return "A condition is empty. Leave it out, or write * for anything.";
  if (
    !asked.some((name) => typeof conditions[name] === "string" && !/^\*+$/.test(String(conditions[name])))
  ) {
    return "The rule takes letters of any consumer, type and error. Narrow one of them.";
  }
  if (!(minAgeMs >= 0 && maxAgeMs >= minAgeMs))
    return "No letter has such an age. Let the lower bound be the smaller one.";
  if (!(minAttempts >= 0 && maxAttempts >= minAttempts)) {
    return "No letter has so many attempts. Let the lower bound be the smaller one.";
  }
  if (action.kind === "replay" && conditions.maxAttempts === undefined) {
    return "The rule would replay a letter that fails again for ever. Say up to how many attempts (maxAttempts).";
  }
  if (action.kind === "discard" && action.reason.trim() === "")
    return "To discard needs a reason. Write one.";
  if (action.kind === "assign" && action.owner.trim() === "")
    return "Nobody is named to assign to. Name somebody.";
  return null;
}

/**
 * Makes rules ready for many letters. The first rule that matches decides, so that a rule in front is an exception
 * of those behind it; the explanation says of each rule up to that one why it matched or didn't.
 */
export function compileRules(
  rules: readonly FailureRule[],
): (letter: LetterFacts, nowMs: number) => RuleVerdict {
  const compiled = rules.map((rule) => ({ rule, tests: rule.isOn ? testsOf(rule.conditions) : null }));
  return (letter, nowMs) => {
    const explanation: JudgedRule[] = [];
    for (const { rule, tests } of compiled) {
      if (tests === null) {
        explanation.push({ ruleId: rule.id, kind: "off" });
        continue;
      }
      const conditions = tests.map((test) => test(letter, nowMs));
      // Without conditions, which `problemOfRule` refuses, a rule takes nothing rather than everything.
      const isMatch = conditions.length > 0 && conditions.every(({ holds }) => holds);
      explanation.push({ ruleId: rule.id, kind: "judged", isMatch, conditions });
      if (isMatch) return { kind: "matched", ruleId: rule.id, action: rule.action, explanation };
    }
    return { kind: "unmatched", explanation };
  };
}

const CONDITIONS: readonly ConditionName[] = [
  "consumer",
  "type",
  "fingerprint",
  "errorName",
  "message",
  "minAgeMs",
  "maxAgeMs",
  "minAttempts",
  "maxAttempts",
];

type Test = (letter: LetterFacts, nowMs: number) => JudgedCondition;

function testsOf(conditions: RuleConditions): Test[] {
  return CONDITIONS.flatMap((name) => {
    const expected = conditions[name];
    return expected === undefined ? [] : [testOf(name, expected)];
  });
}

function testOf(name: ConditionName, expected: string | number): Test {
  const matches = matcherOf(name, expected);
  return (letter, nowMs) => {
    const actual = actualOf(name, letter, nowMs);
    return { name, expected, actual, holds: matches(actual) };
  };
}

function matcherOf(name: ConditionName, expected: string | number): (actual: string | number) => boolean {
  if (typeof expected === "number") {
    return name.startsWith("min")
      ? (actual) => Number(actual) >= expected
      : (actual) => Number(actual) <= expected;
  }
  if (name === "fingerprint") return (actual) => actual === expected;
  const glob = compileGlob(expected);
  return (actual) => glob(String(actual));
}

function actualOf(name: ConditionName, letter: LetterFacts, nowMs: number): string | number {
  switch (name) {
    case "minAgeMs":
    case "maxAgeMs":
      return nowMs - letter.diedAtMs;
    case "minAttempts":
    case "maxAttempts":
      return letter.attempts;
    default:
      return letter[name];
  }
}
