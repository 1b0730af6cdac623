import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  classifyHttpStatus,
  DEFAULT_RETRY_POLICY,
  isRetryable,
  JITTERS,
  longestDelayMs,
  NonRetryableError,
  nextDelayMs,
  type RetryPolicy,
} from "./retry-policy.ts";

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  retries: fc.integer({ min: 0, max: 10_000 }),
  baseMs: fc.integer({ min: 0, max: 3_600_000 }),
  factor: fc.double({ min: 1, max: 100, noNaN: true }),
  capMs: fc.integer({ min: 0, max: 86_400_000 }),
  jitter: fc.constantFrom(...JITTERS),
});
const attempts = fc.integer({ min: 1, max: 10_000 });
/** What `Math.random` may give. */
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("delays", () => {
  test("the default waits at most 1, 2 and 4 seconds, then gives up", () => {
    const delays = [1, 2, 3, 4].map((attempt) => nextDelayMs(DEFAULT_RETRY_POLICY, attempt, () => 1 - 1e-9));
    expect(delays).toEqual([1000, 2000, 4000, null]);
  });

  test("without jitter the delay is the exponential itself, up to the cap", () => {
    const policy: RetryPolicy = { retries: 9, baseMs: 100, factor: 3, capMs: 1000, jitter: "none" };
    const delays = [1, 2, 3, 4].map((attempt) => nextDelayMs(policy, attempt, () => 0));
    expect(delays).toEqual([100, 300, 900, 1000]);
  });

  test("full jitter spreads from nothing up to the whole delay", () => {
    const at = (random: number) => nextDelayMs(DEFAULT_RETRY_POLICY, 3, () => random);
    expect([at(0), at(0.25), at(0.5)]).toEqual([0, 1000, 2000]);
  });

  test("there are exactly as many retries as the policy says", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        expect(nextDelayMs(policy, attempt, () => random) === null).toBe(attempt > policy.retries);
      }),
    );
  });

  test("a delay is a whole number from 0 up to the cap, however large the numbers grow", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        const delay = nextDelayMs({ ...policy, retries: attempt }, attempt, () => random);
        expect(delay).toSatisfy(Number.isInteger);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(policy.capMs);
      }),
    );
  });

  test("the longest delay never shrinks from one retry to the next", () => {
    fc.assert(
      fc.property(policies, attempts, (policy, attempt) => {
        expect(longestDelayMs(policy, attempt + 1)).toBeGreaterThanOrEqual(longestDelayMs(policy, attempt));
      }),
    );
  });

  test("jitter only ever shortens the delay", () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (policy, attempt, random) => {
        const jittered = nextDelayMs({ ...policy, jitter: "full" }, attempt, () => random);
        const plain = nextDelayMs({ ...policy, jitter: "none" }, attempt, () => random);
        expect(jittered ?? 0).toBeLessThanOrEqual(plain ?? 0);
      }),
    );
  });

  test("a consumer is never tried earlier than it asked for", () => {
    fc.assert(
      fc.property(policies, randoms, fc.nat(3_600_000), (policy, random, retryAfterMs) => {
        const delay = nextDelayMs({ ...policy, retries: 1 }, 1, () => random, retryAfterMs);
        expect(delay).toBeGreaterThanOrEqual(retryAfterMs);
      }),
    );
  });

  test("Retry-After gives no attempt that the policy doesn't", () => {
    expect(nextDelayMs(DEFAULT_RETRY_POLICY, 4, () => 0, 1000)).toBeNull();
  });
});

describe("HTTP answers", () => {
  test.each([200, 201, 202, 204, 299])("%i succeeds", (status) => {
    expect(classifyHttpStatus(status)).toBe("success");
  });

  test.each([400, 401, 403, 404, 410, 422])("%i is dead at once", (status) => {
    expect(classifyHttpStatus(status)).toBe("dead");
  });

  test.each([301, 304, 408, 409, 425, 429, 500, 501, 502, 503, 504, 599])("%i is tried again", (status) => {
    expect(classifyHttpStatus(status)).toBe("retry");
  });
});

describe("errors of handlers", () => {
  test("a handler's error is tried again, whatever was thrown", () => {
    for (const thrown of [new Error("lost connection"), "text", null, undefined, 7, { retryable: true }]) {
      expect(isRetryable(thrown)).toBe(true);
    }
  });

  test("an error that says so is final, also when it comes from another copy of this class", () => {
    expect(isRetryable(new NonRetryableError("no such currency"))).toBe(false);
    expect(isRetryable(Object.assign(new Error("no such currency"), { retryable: false }))).toBe(false);
  });

  test("a final error keeps its cause", () => {
    const cause = new Error("unknown code XXX");
    expect(new NonRetryableError("no such currency", { cause }).cause).toBe(cause);
  });
});
