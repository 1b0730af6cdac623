import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./steps.mjs";
import { joinRuns, readPlaywrightReport, readVitestReport } from "./test-reports.mjs";

const RED = "\u001b[31m";
const file = "server/bus.db.test.ts";
const why = "Error: It is late.";
const failure = (name: string) => ({ file, name, why });
const outcome = (passed: number, ...names: string[]) => ({
  passed,
  failures: names.map(failure),
  unsteady: [],
});

test("a report of Vitest names what failed, also a file that can't be loaded", () => {
  const failed = { fullName: "b", status: "failed", failureMessages: [`${RED}${why}\u001b[39m\n  at x`] };
  const report = {
    numPassedTests: 1,
    testResults: [
      { name: path.join(root, file), status: "failed", assertionResults: [{ status: "passed" }, failed] },
      { name: path.join(root, file), status: "failed", message: why, assertionResults: [] },
    ],
  };
  expect(readVitestReport(report)).toEqual(outcome(1, "b", ""));
});

test("a report of Playwright names what failed, and what passed when it was tried again", () => {
  const results = [{ error: { message: why } }];
  const spec = (title: string, status: string) => ({ file, title, tests: [{ status, results }] });
  const report = {
    stats: { expected: 5 },
    errors: [],
    suites: [
      {
        title: file,
        specs: [spec("a", "expected"), spec("b", "unexpected")],
        suites: [{ title: "Inner", specs: [spec("c", "flaky")] }],
      },
    ],
  };
  expect(readPlaywrightReport(report)).toEqual({
    passed: 6,
    failures: [failure("b")],
    unsteady: [failure("Inner › c")],
  });
});

test("what passes when it is run once more is unsteady, and what fails twice has failed", () => {
  const joined = joinRuns(outcome(10, "a", "b"), outcome(3, "b"));
  expect(joined).toEqual({ passed: 11, failures: [failure("b")], unsteady: [failure("a")] });
});
