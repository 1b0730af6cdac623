// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { buildPages } from "./build.mjs";
import { findSystemChromium } from "./chromium.mjs";
import { checkNode, findNode, installPackages, linkPostgresLibraries, npm } from "./prepare.mjs";
import { root, runLogged, runScript, runToEnd, StepError, seconds, step } from "./steps.mjs";
import { describeFailure, joinRuns, readPlaywrightReport, readVitestReport } from "./test-reports.mjs";

/** @typedef {import("./test-reports.mjs").Outcome} Outcome */
/** @typedef {{ name: string, run: () => Promise<Outcome> }} Stage */

const reports = path.join(root, "test-results");
/** @type {Outcome} */
const PASSED = { passed: 1, failures: [], unsteady: [] };
const STAGE_LIMIT_MS = 9 * 60_000;

await runScript(async () => {
  checkNode();
  await installPackages();
  await linkPostgresLibraries();
  const node = await findNode();

  /** @type {Stage[]} */
  const stages = [
    checkStage("format"),
    checkStage("lint"),
    checkStage("types"),
    vitestStage("unit", "unit"),
    vitestStage("db", "test:db"),
    { name: "build", run: () => buildPages(node).then(() => PASSED) },
    { name: "e2e", run: runBrowserTests },
  ];
  const results = [];
  for (const stage of stages) results.push(await runStage(stage));

  console.log("");
  for (const { name, passed, failures, ms } of results) {
    console.log(`${name.padEnd(8)} ${passed} passed, ${failures.length} failed (${seconds(ms)})`);
  }
  list(
    "Passed only when run once more:",
    results.flatMap(({ unsteady }) => unsteady),
  );
  const failures = results.flatMap((result) => result.failures);
  list("Failed:", failures);
  const passed = results.reduce((total, result) => total + result.passed, 0);
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
});

/**
 * @param {string} title
 * @param {Outcome["failures"]} failures
 */
function list(title, failures) {
  if (failures.length === 0) return;
  console.log(`\n${title}`);
  for (const failure of failures) console.log(`  ${describeFailure(failure)}`);
  console.log("");
}

/**
 * A stage that fails says why and doesn't hide those after it.
 *
 * @param {Stage} stage
 */
async function runStage({ name, run }) {
  console.log(`\n── ${name} ──`);
  const startedAt = performance.now();
  try {
    return { name, ...(await run()), ms: performance.now() - startedAt };
  } catch (error) {
    const why = error instanceof StepError ? error.message : String(error);
    console.error(error instanceof StepError ? why : error);
    return { name, ...failed(name, why.trim().split("\n").at(-1) ?? ""), ms: performance.now() - startedAt };
  }
}

/**
 * One of the scripts of package.json that only passes or fails.
 *
 * @param {string} script
 * @returns {Stage}
 */
function checkStage(script) {
  return {
    name: script,
    run: async () => {
      const code = await runNpmScript(script, []);
      return code === 0 ? PASSED : failed(script, `It ended with exit code ${code}.`);
    },
  };
}

/**
 * Files with a test that failed are run once more, alone: what a busy machine broke is told from what is broken.
 *
 * @param {string} name
 * @param {string} script
 * @returns {Stage}
 */
function vitestStage(name, script) {
  const report = path.join(reports, `${name}.json`);
  const args = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const run = async (/** @type {string[]} */ files) => {
    rmSync(report, { force: true });
    const code = await runNpmScript(script, [...args, ...files]);
    return withExitCode(code, readVitestReport(readReport(code, report)));
  };
  return {
    name,
    run: async () => {
      const first = await run([]);
      const files = [...new Set(first.failures.map(({ file }) => file))];
      if (files.length === 0 || files.includes("")) return first;
      console.log(`\n── ${name}, once more ──`);
      return joinRuns(first, await run(files));
    },
  };
}

async function runBrowserTests() {
  const report = path.join(reports, "e2e.json");
  rmSync(report, { force: true });
  await installBrowser();
  const code = await runNpmScript("test:e2e", ["--retries=1", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return withExitCode(code, readPlaywrightReport(readReport(code, report)));
}

/** The one of the system, or Playwright's own, or, where that can't be fetched, the one of the system's packages. */
async function installBrowser() {
  if (findSystemChromium() !== null) return;
  const playwright = await import("playwright");
  if (existsSync(playwright.chromium.executablePath())) return;
  const [command, args] = npm(["exec", "--", "playwright", "install", "chromium"]);
  try {
    await step("Fetching a browser", () => runLogged("browser", command, args));
  } catch (error) {
    const isDebianRoot = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
    if (!isDebianRoot) throw new StepError(`${error}\nInstall Chromium and name it in CHROMIUM_PATH.`);
    await step("Installing Chromium", async () => {
      await runLogged("browser", "apt-get", ["update"]);
      await runLogged("browser", "apt-get", ["install", "--yes", "--no-install-recommends", "chromium"]);
    });
  }
}

/**
 * @param {string} script
 * @param {string[]} args
 * @param {Record<string, string>} [settings]
 */
function runNpmScript(script, args, settings = {}) {
  mkdirSync(reports, { recursive: true });
  const [command, npmArgs] = npm(["run", "--silent", script, "--", ...args]);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...settings };
  return runToEnd(command, npmArgs, {
    env,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: STAGE_LIMIT_MS,
  });
}

/**
 * @param {number} exitCode
 * @param {string} file
 */
function readReport(exitCode, file) {
  if (!existsSync(file)) throw new StepError(`It ended with exit code ${exitCode} before it wrote a report.`);
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * A leak, or an error outside of any test, fails the run without a failed test.
 *
 * @param {number} code
 * @param {Outcome} outcome
 * @returns {Outcome}
 */
function withExitCode(code, outcome) {
  if (code === 0 || outcome.failures.length > 0) return outcome;
  return {
    ...outcome,
    failures: failed("", `The run ended with exit code ${code} without a failed test.`).failures,
  };
}

/**
 * @param {string} name
 * @param {string} why
 * @returns {Outcome}
 */
function failed(name, why) {
  return { passed: 0, failures: [{ file: "", name, why }], unsteady: [] };
}
