import { expect, test } from "vitest";
import { stepKey } from "#server/domain/sagas/step-context.ts";
import { readStepName, stepLine } from "./step-name.ts";

test("a step that nobody declared is called by its service, with what began it", () => {
  const step = { key: stepKey("service:payment", "order.placed"), name: "order.placed" };
  expect(readStepName(step)).toEqual({ title: "payment", detail: "order.placed" });
  expect(stepLine(step)).toBe("payment (order.placed)");
});

test.each(["charge payment", "[broken", '["one"]', stepKey("", "charge")])(
  "a step with the key %o is called by its name",
  (key) => {
    expect(stepLine({ key, name: "charge" })).toBe("charge");
  },
);
