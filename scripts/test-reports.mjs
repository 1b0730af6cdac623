// @ts-check
import path from "node:path";
import { root } from "./steps.mjs";

/**
 * A test that failed, as its report tells of it.
 *
 * @typedef {{ file: string, name: string, why: string }} Failure
 */

/**
 * What a run of tests came to. Unsteady are those that failed, and passed when they were run once more.
 *
 * @typedef {{ passed: number, failures: Failure[], unsteady: Failure[] }} Outcome
 */

/**
 * @param {any} report as Vitest writes it with its `json` reporter
 * @returns {Outcome}
 */
export function readVitestReport(report) {
  /** @type {Failure[]} */
  const failures = [];
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = path.relative(root, name);
    const failed = assertionResults.filter((/** @type {any} */ test) => test.status === "failed");
    for (const test of failed)
      failures.push({ file, name: test.fullName, why: firstLine(test.failureMessages[0]) });
    // A file that can't be loaded has no tests that could fail.
    if (status === "failed" && failed.length === 0)
      failures.push({ file, name: "", why: firstLine(message) });
  }
  return { passed: report.numPassedTests, failures, unsteady: [] };
}

/**
 * @param {any} report as Playwright writes it with its `json` reporter
 * @returns {Outcome}
 */
export function readPlaywrightReport(report) {
  /** @type {Outcome} */
  const outcome = { passed: report.stats.expected, failures: [], unsteady: [] };
  for (const { message } of report.errors)
    outcome.failures.push({ file: "", name: "", why: firstLine(message) });
  /** @param {any} suite @param {string[]} titles */
  const read = (suite, titles) => {
    for (const inner of suite.suites ?? []) read(inner, [...titles, inner.title]);
    for (const { file, title, tests } of suite.specs ?? []) {
      for (const { status, results } of tests) {
        if (status !== "unexpected" && status !== "flaky") continue;
        const failed = results.find((/** @type {any} */ result) => result.error !== undefined);
        const failure = { file, name: [...titles, title].join(" › "), why: firstLine(failed?.error.message) };
        (status === "flaky" ? outcome.unsteady : outcome.failures).push(failure);
      }
    }
  };
  for (const suite of report.suites) read(suite, []);
  outcome.passed += outcome.unsteady.length;
  return outcome;
}

/**
 * What a first run and one of the files that failed in it came to together.
 *
 * @param {Outcome} first
 * @param {Outcome} again
 * @returns {Outcome}
 */
export function joinRuns(first, again) {
  const isSame = (/** @type {Failure} */ a) => (/** @type {Failure} */ b) =>
    a.file === b.file && a.name === b.name;
  const unsteady = first.failures.filter((failure) => !again.failures.some(isSame(failure)));
  return {
    passed: first.passed + unsteady.filter(({ name }) => name !== "").length,
    failures: again.failures,
    unsteady,
  };
}

/** @param {Failure} failure */
export function describeFailure({ file, name, why }) {
  return `${[file, name].filter((part) => part !== "").join(" › ")}\n    ${why}`;
}

/**
 * Without the colours of a terminal.
 *
 * @param {string | undefined} text
 */
function firstLine(text) {
  const [line = ""] = (text ?? "It doesn't say why.").trim().split("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  return line.replace(/\u001b\[[\d;]*m/g, "");
}
