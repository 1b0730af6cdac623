// @ts-check
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Has V8 compile all functions of a file while it is loaded, on other threads, and keep them in the browser's code cache.
 * The functions of a chunk are called only when all chunks are there, which is too late for that cache: without this,
 * every visit of a page compiles them anew. https://github.com/WICG/explicit-javascript-compile-hints-file-based
 */
export const COMPILE_HINT = "//# allFunctionsCalledOnLoad\n";

/**
 * Lets browsers compile at once what pages load first; what they load when it is needed is left as it is.
 *
 * @param {string} build the folder that Next.js built into
 */
export function hintFirstChunks(build) {
  for (const name of listFirstChunks(build)) {
    const file = path.join(build, name);
    const content = readFileSync(file, "utf8");
    if (!content.startsWith(COMPILE_HINT)) writeFileSync(file, COMPILE_HINT + content);
  }
}

/**
 * The scripts that pages begin with, as the build's manifests name them.
 *
 * @param {string} build
 * @returns {string[]} paths within the build
 */
export function listFirstChunks(build) {
  const pages = path.join(build, "server", "app");
  const manifests = readdirSync(pages, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("_client-reference-manifest.js"))
    .map((name) => readFileSync(path.join(pages, name), "utf8"));
  const { rootMainFiles } = JSON.parse(readFileSync(path.join(build, "build-manifest.json"), "utf8"));
  const named = manifests.flatMap((text) => text.match(/static\/chunks\/[\w~.()[\]-]+\.js/g) ?? []);
  return [...new Set([...rootMainFiles, ...named])];
}
