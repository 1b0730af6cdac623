// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { buildPages } from "./build.mjs";
import { findSystemChromium } from "./chromium.mjs";
import { checkNode, findNode, installPackages, linkPostgresLibraries, npm } from "./prepare.mjs";
import { root, runLogged, runScript, runToEnd, StepError, seconds, step } from "./steps.mjs";

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ name: string, run: () => Promise<Count> }} Stage */
/** @typedef {(report: any) => Count} ReadReport */

const reports = path.join(root, "test-results");
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
    { name: "build", run: () => buildPages(node).then(() => ({ passed: 1, failed: 0 })) },
    { name: "e2e", run: runBrowserTests },
  ];
  const results = [];
  for (const stage of stages) results.push(await runStage(stage));

  const total = { passed: sum(results, "passed"), failed: sum(results, "failed") };
  console.log("");
  for (const { name, passed, failed, ms } of results) {
    console.log(`${name.padEnd(8)} ${passed} passed, ${failed} failed (${seconds(ms)})`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});

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
    console.error(error instanceof StepError ? error.message : error);
    return { name, passed: 0, failed: 1, ms: performance.now() - startedAt };
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
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

/**
 * @param {string} name
 * @param {string} script
 * @returns {Stage}
 */
function vitestStage(name, script) {
  const file = path.join(reports, `${name}.json`);
  const args = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return {
    name,
    run: async () => {
      rmSync(file, { force: true });
      return countTests(await runNpmScript(script, args), file, (report) => ({
        passed: report.numPassedTests,
        failed: report.numFailedTests,
      }));
    },
  };
}

async function runBrowserTests() {
  const file = path.join(reports, "e2e.json");
  rmSync(file, { force: true });
  await installBrowser();
  const code = await runNpmScript("test:e2e", ["--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  });
  return countTests(code, file, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
  }));
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
 * @param {ReadReport} read
 * @returns {Count}
 */
function countTests(exitCode, file, read) {
  if (!existsSync(file)) throw new StepError(`It ended with exit code ${exitCode} before it wrote a report.`);
  const count = read(JSON.parse(readFileSync(file, "utf8")));
  // A file that does not load, or a leak, fails the run without a failed test.
  return exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/**
 * @param {Count[]} counts
 * @param {"passed" | "failed"} which
 */
function sum(counts, which) {
  return counts.reduce((total, count) => total + count[which], 0);
}
