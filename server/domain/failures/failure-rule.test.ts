import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileRules,
  type FailureRule,
  type LetterFacts,
  problemOfRule,
  type RuleConditions,
} from "./failure-rule.ts";

const NOW_MS = 1_000_000;
const letter: LetterFacts = {
  consumer: "billing.invoices",
  type: "order.placed",
  fingerprint: "1-abc",
  errorName: "TimeoutError",
  message: "No answer\nwithin 5 s",
  diedAtMs: NOW_MS - 60_000,
  attempts: 4,
};
const rule = (id: string, conditions: RuleConditions, more: Partial<FailureRule> = {}): FailureRule => ({
  id,
  isOn: true,
  conditions,
  action: { kind: "assign", owner: "ben" },
  ...more,
});
const judge = (...rules: FailureRule[]) => compileRules(rules)(letter, NOW_MS);

test("each condition holds for what it names and for nothing else", () => {
  const holding: RuleConditions[] = [
    { consumer: "billing.*" },
    { type: "order.placed" },
    { fingerprint: "1-abc" },
    { errorName: "*Error" },
    { message: "No answer*5 s" },
    { minAgeMs: 60_000, maxAgeMs: 60_000 },
    { minAttempts: 4, maxAttempts: 4 },
  ];
  for (const conditions of holding) expect(judge(rule("a", conditions)).kind).toBe("matched");
  const failing: RuleConditions[] = [
    { consumer: "billing" },
    { type: "order.*.v2" },
    { fingerprint: "1-*" },
    { errorName: "timeouterror" },
    { message: "No answer" },
    { minAgeMs: 60_001 },
    { maxAgeMs: 59_999 },
    { minAttempts: 5 },
    { maxAttempts: 3 },
    { consumer: "billing.*", type: "order.paid" },
  ];
  for (const conditions of failing) expect(judge(rule("a", conditions)).kind).toBe("unmatched");
});

test("the first rule that matches decides, and every one before it says why it didn't", () => {
  const verdict = judge(
    rule("off", { consumer: "*" }, { isOn: false }),
    rule("young", { consumer: "billing.*", maxAgeMs: 1000 }),
    rule("replay", { errorName: "TimeoutError", maxAttempts: 12 }, { action: { kind: "replay" } }),
    rule("rest", { consumer: "billing.*" }, { action: { kind: "discard", reason: "old" } }),
  );
  expect(verdict).toEqual({
    kind: "matched",
    ruleId: "replay",
    action: { kind: "replay" },
    explanation: [
      { ruleId: "off", kind: "off" },
      {
        ruleId: "young",
        kind: "judged",
        isMatch: false,
        conditions: [
          { name: "consumer", expected: "billing.*", actual: "billing.invoices", holds: true },
          { name: "maxAgeMs", expected: 1000, actual: 60_000, holds: false },
        ],
      },
      {
        ruleId: "replay",
        kind: "judged",
        isMatch: true,
        conditions: [
          { name: "errorName", expected: "TimeoutError", actual: "TimeoutError", holds: true },
          { name: "maxAttempts", expected: 12, actual: 4, holds: true },
        ],
      },
    ],
  });
});

test("a rule that would take everything, nothing, or one letter for ever is refused", () => {
  expect(problemOfRule(rule("a", { consumer: "billing.*" }))).toBeNull();
  expect(problemOfRule(rule("a", { type: "x", maxAttempts: 12 }, { action: { kind: "replay" } }))).toBeNull();
  for (const wrong of [
    rule("a", {}),
    rule("a", { consumer: "*" }),
    rule("a", { minAgeMs: 5 }),
    rule("a", { consumer: "" }),
    rule("a", { type: "x", minAgeMs: 5, maxAgeMs: 4 }),
    rule("a", { type: "x", minAgeMs: -1 }),
    rule("a", { type: "x", minAttempts: 3, maxAttempts: 2 }),
    rule("a", { type: "x" }, { action: { kind: "replay" } }),
    rule("a", { type: "x" }, { action: { kind: "discard", reason: " " } }),
    rule("a", { type: "x" }, { action: { kind: "assign", owner: "" } }),
  ]) {
    expect(problemOfRule(wrong)).toMatch(/\.$/);
  }
  expect(judge(rule("a", {})).kind).toBe("unmatched");
});

test("a rule that is on decides exactly when all its conditions hold and no rule before it matched", () => {
  const conditions: fc.Arbitrary<RuleConditions> = fc.record(
    {
      consumer: fc.constantFrom("billing.*", "mail.*", "*"),
      errorName: fc.constantFrom("*Error", "KeyError"),
      minAttempts: fc.integer({ min: 1, max: 8 }),
      maxAgeMs: fc.constantFrom(30_000, 90_000),
    },
    { requiredKeys: [] },
  );
  const holds = ({ consumer = "*", errorName = "*", minAttempts = 0, maxAgeMs = 90_000 }: RuleConditions) =>
    consumer !== "mail.*" && errorName !== "KeyError" && minAttempts <= 4 && maxAgeMs >= 60_000;
  fc.assert(
    fc.property(fc.array(fc.tuple(conditions, fc.boolean()), { maxLength: 6 }), (list) => {
      const rules = list.map(([asked, isOn], index) => rule(`rule-${index}`, asked, { isOn }));
      const first = rules.find(
        ({ isOn, conditions: asked }) => isOn && Object.keys(asked).length > 0 && holds(asked),
      );
      const verdict = judge(...rules);
      expect(verdict.kind === "matched" ? verdict.ruleId : undefined).toBe(first?.id);
      const seen =
        verdict.kind === "matched" ? rules.findIndex(({ id }) => id === verdict.ruleId) + 1 : rules.length;
      expect(verdict.explanation.map(({ ruleId }) => ruleId)).toEqual(
        rules.slice(0, seen).map(({ id }) => id),
      );
    }),
  );
});
