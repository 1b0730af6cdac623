import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeError } from "./error-record.ts";
import {
  applyAttemptReport,
  mergeAttempts,
  REPORTED_OUTCOMES,
  type ReportedAttempt,
  statusOfReports,
} from "./reported-attempts.ts";

const started = (attempt: number): ReportedAttempt => ({
  attempt,
  outcome: "running",
  startedAtUs: attempt * 1000,
  endedAtUs: null,
  error: null,
});
const ended = (attempt: number, outcome: ReportedAttempt["outcome"]): ReportedAttempt => ({
  attempt,
  outcome,
  startedAtUs: null,
  endedAtUs: attempt * 1000 + 500,
  error: outcome === "succeeded" ? null : describeError("reported", `attempt ${attempt} failed`),
});
const settle = (reports: readonly ReportedAttempt[]) =>
  reports.reduce<readonly ReportedAttempt[]>(applyAttemptReport, []);

describe("what reports add up to", () => {
  test.each([
    ["nothing was reported", [], "pending"],
    ["an attempt was started", [started(1)], "processing"],
    ["it failed and will be tried again", [started(1), ended(1, "failed")], "retrying"],
    ["the next one was started", [started(1), ended(1, "failed"), started(2)], "processing"],
    ["it was given up", [ended(1, "failed"), ended(2, "dead")], "dead"],
    ["it was taken up again", [ended(1, "dead"), started(2)], "processing"],
    ["it succeeded", [ended(1, "failed"), ended(2, "succeeded")], "succeeded"],
    ["an earlier attempt succeeded late", [started(1), ended(2, "dead"), ended(1, "succeeded")], "succeeded"],
  ] as const)("%s", (_, reports, status) => {
    expect(statusOfReports(settle(reports))).toBe(status);
  });

  test("an end without its start, and a start after its end, make the whole attempt", () => {
    const attempts = settle([ended(1, "failed"), started(1)]);
    expect(attempts).toEqual([{ ...ended(1, "failed"), startedAtUs: 1000 }]);
  });

  test("a discarded delivery stays discarded, unless its consumer succeeded after all", () => {
    expect(statusOfReports(settle([ended(1, "dead")]), true)).toBe("discarded");
    expect(statusOfReports(settle([ended(1, "dead"), ended(2, "succeeded")]), true)).toBe("succeeded");
  });
});

const errors = fc.option(
  fc.constantFrom("declined", "out of stock").map((text) => describeError("reported", text)),
);
/** Few values, so that reports meet on one attempt, agree and contradict each other. */
const reports: fc.Arbitrary<ReportedAttempt> = fc.record({
  attempt: fc.integer({ min: 1, max: 3 }),
  outcome: fc.constantFrom(...REPORTED_OUTCOMES),
  startedAtUs: fc.option(fc.integer({ min: 1, max: 4 })),
  endedAtUs: fc.option(fc.integer({ min: 5, max: 8 })),
  error: errors,
});
const lists = fc.array(reports, { maxLength: 8 });

describe("laws", () => {
  test("any order and any repetition of the same reports settles to the same attempts", () => {
    const shuffled = lists.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([list, again]) => {
        expect(settle(again)).toEqual(settle(list));
      }),
      { numRuns: 500 },
    );
  });

  test("merging is commutative, associative and idempotent", () => {
    const same = fc
      .tuple(reports, reports, reports)
      .map((list) => list.map((report) => ({ ...report, attempt: 1 })));
    fc.assert(
      fc.property(same, ([a, b, c]) => {
        if (a === undefined || b === undefined || c === undefined) return;
        expect(mergeAttempts(a, b)).toEqual(mergeAttempts(b, a));
        expect(mergeAttempts(a, mergeAttempts(b, c))).toEqual(mergeAttempts(mergeAttempts(a, b), c));
        expect(mergeAttempts(a, a)).toEqual(a);
      }),
      { numRuns: 500 },
    );
  });

  test("one more report never takes a success back", () => {
    fc.assert(
      fc.property(lists, reports, (list, report) => {
        const before = settle(list);
        if (statusOfReports(before) !== "succeeded") return;
        expect(statusOfReports(applyAttemptReport(before, report))).toBe("succeeded");
      }),
    );
  });

  test("attempts stand in order, each once", () => {
    fc.assert(
      fc.property(lists, (list) => {
        const numbers = settle(list).map(({ attempt }) => attempt);
        expect(numbers).toEqual([...new Set(list.map(({ attempt }) => attempt))].sort());
      }),
    );
  });
});
