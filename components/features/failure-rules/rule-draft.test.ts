import { describe, expect, test } from "vitest";
import { ruleInputSchema } from "#server/contract/failure-rules.ts";
import { draftOf, NEW_RULE, type RuleDraft, readRule } from "./rule-draft.ts";

const typed = (changes: Partial<RuleDraft>): RuleDraft => ({ ...NEW_RULE, name: "Retry mail", ...changes });

describe("Reading a rule as it is typed", () => {
  test("gives conditions only for what was typed, with ages in milliseconds", () => {
    const read = readRule(typed({ consumer: " mail-* ", minAge: "1.5", maxAttempts: "3" }), false);
    expect(read).toEqual({
      kind: "rule",
      rule: {
        name: "Retry mail",
        isOn: false,
        conditions: { consumer: "mail-*", minAgeMs: 90_000, maxAttempts: 3 },
        action: { kind: "replay" },
        perMinute: 60,
        takesParked: false,
      },
    });
    if (read.kind === "rule") expect(ruleInputSchema.safeParse(read.rule).success).toBe(true);
  });

  test.each([
    ["name", { name: " " }, "empty"],
    ["reason", { action: "discard" }, "empty"],
    ["owner", { action: "assign", owner: "" }, "empty"],
    ["minAge", { minAge: "soon" }, "no-number"],
    ["maxAge", { maxAge: "-1" }, "no-number"],
    ["maxAttempts", { maxAttempts: "2.5" }, "no-whole-number"],
    ["perMinute", { perMinute: "" }, "no-whole-number"],
    ["perMinute", { perMinute: "0" }, "no-whole-number"],
  ] as const)("names what is wrong with %s", (field, changes, reason) => {
    expect(readRule(typed(changes), true)).toEqual({ kind: "invalid", problems: [{ field, reason }] });
  });

  test("a stored rule read into a draft and back is the same", () => {
    const conditions = { type: "order.*", message: "*timeout*", minAgeMs: 300_000, maxAgeMs: 3_600_000 };
    const action = { kind: "discard" as const, reason: "Nobody waits for it any more." };
    const stored = {
      id: 7,
      name: "Old timeouts",
      place: 1,
      isOn: true,
      conditions,
      action,
      perMinute: 5,
      taken: 0,
      actedAt: null,
      waiting: 0,
      updatedAt: "2025-11-22T10:00:00Z",
      updatedBy: "console",
    };
    expect(readRule(draftOf(stored), true)).toEqual({
      kind: "rule",
      rule: { name: "Old timeouts", isOn: true, conditions, action, perMinute: 5, takesParked: false },
    });
  });
});
