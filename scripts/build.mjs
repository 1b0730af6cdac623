// @ts-check
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runLogged, step } from "./steps.mjs";

/** Everything that ends up in the pages. A change elsewhere needs no build. */
const SOURCES = [
  "app",
  "components",
  "public",
  "server/contract",
  "server/domain",
  "next.config.mjs",
  "package.json",
  "package-lock.json",
  "postcss.config.mjs",
  "scripts/finish-assets.mjs",
  "scripts/first-chunks.mjs",
  "tsconfig.json",
];
const MARK = path.join(".next", "nagare-build.json");
const FINISH = path.join("scripts", "finish-assets.mjs");
const NEXT = path.join("node_modules", "next", "dist", "bin", "next");

/**
 * Builds the pages, unless the present build is of the same sources.
 *
 * @param {string} node
 */
export async function buildPages(node) {
  const sources = hashSources(".");
  if (isBuiltFrom(sources)) {
    console.log("Reusing the build of the pages");
    return;
  }
  const env = { ...process.env, NODE_ENV: /** @type {const} */ ("production"), NEXT_TELEMETRY_DISABLED: "1" };
  await step("Building the pages", async () => {
    await runLogged("build", node, [NEXT, "build"], { env });
    await runLogged("finish", node, [FINISH]);
  });
  writeFileSync(MARK, `${JSON.stringify({ sources })}\n`);
}

/** @param {string} sources */
function isBuiltFrom(sources) {
  if (!existsSync(path.join(".next", "BUILD_ID"))) return false;
  try {
    return JSON.parse(readFileSync(MARK, "utf8")).sources === sources;
  } catch {
    return false;
  }
}

/**
 * A digest of the names and contents of all sources of the pages; tests are not among them.
 *
 * @param {string} folder of the project
 */
export function hashSources(folder) {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => listFiles(folder, source))) {
    const content = readFileSync(path.join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string[]} in an order that is the same everywhere
 */
function listFiles(folder, name) {
  const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
  if (stats === undefined || /\.test\.tsx?$/.test(name)) return [];
  if (!stats.isDirectory()) return [name];
  const entries = readdirSync(path.join(folder, name)).sort();
  return entries.flatMap((entry) => listFiles(folder, `${name}/${entry}`));
}
