import { expect, test } from "vitest";
import { DEFAULT_RETRY_POLICY } from "#server/domain/retry-policy.ts";
import { retryPolicySchema } from "./retry-policy.ts";

test("an empty policy is the default one", () => {
  expect(retryPolicySchema.parse({})).toEqual(DEFAULT_RETRY_POLICY);
});

test("what is said replaces its default and nothing else", () => {
  expect(retryPolicySchema.parse({ retries: 0 })).toEqual({ ...DEFAULT_RETRY_POLICY, retries: 0 });
});

test.each([
  { retries: -1 },
  { retries: 1.5 },
  { factor: 0.5 },
  { baseMs: 1e9 },
  { jitter: "some" },
  { max: 3 },
])("%j is refused", (policy) => {
  expect(retryPolicySchema.safeParse(policy).success).toBe(false);
});
