// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { buildPages } from "./build.mjs";
import { checkNode, findNode, installPackages, linkPostgresLibraries } from "./prepare.mjs";
import { runScript, runToEnd, StepError } from "./steps.mjs";

/**
 * What is in flight lives for a moment: with the little room that Node gives to young objects, much of it is copied twice.
 * Without a least room, Node gives it back at rest, and what comes after that is slow.
 */
const NODE_FLAGS = ["--min-semi-space-size=32", "--max-semi-space-size=64"];

const args = process.argv.slice(2);
const isDevelopment = args.includes("--dev");

await runScript(async () => {
  checkNode();
  loadSettings();
  await refuseBesideRunning();
  await installPackages();
  await linkPostgresLibraries();
  const node = await findNode();
  if (!isDevelopment) await buildPages(node);
  /** @type {"development" | "production"} */
  const mode = isDevelopment ? "development" : "production";
  const env = { ...process.env, NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: "1" };
  return runToEnd(node, [...NODE_FLAGS, "server/main.ts", ...args], { stdio: "inherit", env });
});

/** Where the data is, and whether a database is given, is needed before the server reads its settings itself. */
function loadSettings() {
  try {
    process.loadEnvFile?.(".env");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/**
 * A second server is refused by the database, but that comes too late for one in the same folder: installing and
 * building would take the packages and the pages away from the first one.
 */
async function refuseBesideRunning() {
  if (process.env.DATABASE_URL) return;
  const dataDir = path.resolve(process.env.NAGARE_DATA_DIR || ".nagare");
  const running = findInstance(path.join(dataDir, "instance.json"));
  if (running === null || !(await answers(running.url))) return;
  throw new StepError(
    `Another server (pid ${running.pid}, ${running.url}) works on the data in ${dataDir}. ` +
      `Stop it first (\`kill ${running.pid}\`), or give this one data of its own with NAGARE_DATA_DIR and PORT.`,
  );
}

/** @param {string} file */
function findInstance(file) {
  try {
    const { pid, url } = JSON.parse(readFileSync(file, "utf8"));
    process.kill(pid, 0);
    return typeof url === "string" ? { pid, url } : null;
  } catch {
    return null;
  }
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(new URL("/api/v1/health/live", url), { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}
