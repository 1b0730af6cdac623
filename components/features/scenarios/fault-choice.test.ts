import { expect, test } from "vitest";
import { faultInputSchema } from "#server/contract/scenarios.ts";
import { choicesIn, FAULT_CHOICES, NO_FAULT } from "#server/domain/fault-injection.ts";
import { toFault } from "./fault-choice.ts";

const amount = { share: 0.5, latencyMs: 100, poisonKey: "customer-7" };

test("every choice makes a fault of its own that the API takes", () => {
  const faults = FAULT_CHOICES.map((choice) => toFault(choice, amount));
  for (const fault of faults) expect(faultInputSchema.parse(fault)).not.toMatchObject(NO_FAULT);
  expect(faults.map((fault) => choicesIn({ ...NO_FAULT, ...fault }))).toEqual(
    FAULT_CHOICES.map((choice) => [choice]),
  );
  expect(new Set(faults.map((fault) => JSON.stringify(fault))).size).toBe(FAULT_CHOICES.length);
});

test("nothing is sent while what a choice needs is missing", () => {
  expect(toFault("retryable", { ...amount, share: 0 })).toBeNull();
  expect(toFault("latency", { ...amount, latencyMs: 0 })).toBeNull();
  expect(toFault("poison", { ...amount, poisonKey: "" })).toBeNull();
});
