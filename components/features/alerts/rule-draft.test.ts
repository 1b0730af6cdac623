import { describe, expect, test } from "vitest";
import { ALERT_TEMPLATES } from "#server/domain/alerts/templates.ts";
import { draftOf, NEW_RULE, readRule, withKind, withMetric } from "./rule-draft.ts";

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
        { field: "runbook", reason: "no-address" },
        { field: "value", reason: "no-number" },
      ],
    });
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
        { field: "target", reason: "no-share" },
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
