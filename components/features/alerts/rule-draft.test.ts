import { describe, expect, test } from "vitest";
import { ALERT_TEMPLATES } from "#server/domain/alerts/templates.ts";
import { readRule } from "./read-rule.ts";
import { draftOf, NEW_RULE, withKind, withMetric } from "./rule-draft.ts";

describe("a rule that is typed", () => {
  test.each(ALERT_TEMPLATES.map((template) => [template.key, template] as const))(
    "like the template %s comes back as it was",
    (name, { key: _key, ...template }) => {
      const read = readRule(draftOf({ ...template, name }), true);
      expect(read).toMatchObject({ kind: "rule", rule: { ...template, name, isOn: true } });
    },
  );

  test("says which of its fields can't be read, all at once", () => {
    const read = readRule({ ...NEW_RULE, value: "many", runbook: "wiki" }, true);
    expect(read).toEqual({
      kind: "invalid",
      problems: [
        { field: "name", reason: "empty" },
        { field: "value", reason: "no-number" },
        { field: "runbook", reason: "no-address" },
      ],
    });
  });

  test.each([
    [{ name: "BILLING FAILS" }, { field: "name", reason: "taken" }],
    [{ name: "n".repeat(201) }, { field: "name", reason: "too-long", limit: 200 }],
    [{ value: " " }, { field: "value", reason: "empty" }],
    [{ value: "101" }, { field: "value", reason: "no-share" }],
    [
      { kind: "change", byShare: "-5" },
      { field: "byShare", reason: "not-positive" },
    ],
    [
      { kind: "change", byShare: "1e9" },
      { field: "byShare", reason: "too-high", limit: 100_000 },
    ],
    [
      { kind: "change", direction: "falling", byShare: "100" },
      { field: "byShare", reason: "no-fall" },
    ],
    [
      { kind: "burn-rate", factor: "0" },
      { field: "factor", reason: "not-positive" },
    ],
    [
      { kind: "burn-rate", factor: "101" },
      { field: "factor", reason: "too-fast", limit: 100 },
    ],
    [
      { kind: "burn-rate", metric: "processing_time", withinSeconds: "0" },
      { field: "withinSeconds", reason: "not-positive" },
    ],
    [{ note: "n".repeat(5_001) }, { field: "note", reason: "too-long", limit: 5_000 }],
    [{ runbook: "https://no where" }, { field: "runbook", reason: "no-address" }],
  ] as const)("is not taken with %o", (given, problem) => {
    const read = readRule({ ...NEW_RULE, name: "n", ...given }, true, ["Billing fails"]);
    expect(read).toEqual({ kind: "invalid", problems: [problem] });
  });

  test("takes the digits of a Japanese keyboard", () => {
    const read = readRule({ ...NEW_RULE, name: "n", value: "１２．５" }, true);
    expect(read).toMatchObject({ rule: { condition: { value: 0.125 } } });
  });

  test("takes several values of a label, with commas between them", () => {
    const read = readRule(
      { ...NEW_RULE, name: "n", where: { consumer: "billing, mail ,", type: " " } },
      false,
    );
    expect(read).toMatchObject({ rule: { condition: { where: { consumer: ["billing", "mail"] } } } });
  });

  test("keeps a target between nothing and all, and the short span shorter than the long one", () => {
    const draft = { ...withKind(NEW_RULE, "burn-rate"), name: "n", target: "100", shortMs: NEW_RULE.longMs };
    expect(readRule(draft, true)).toMatchObject({
      problems: [
        { field: "target", reason: "no-target" },
        { field: "shortMs", reason: "not-shorter" },
      ],
    });
  });
});

test("another metric leaves behind what it has not", () => {
  const draft = withMetric({ ...NEW_RULE, where: { consumer: "a", type: "t" } }, "backlog");
  expect(draft).toMatchObject({
    metric: "backlog",
    stat: "average",
    by: "consumer",
    where: { consumer: "a" },
  });
  expect(withKind(draft, "burn-rate")).toMatchObject({ metric: "failure_rate", stat: "ratio" });
});
