// @ts-check
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { hintFirstChunks } from "./first-chunks.mjs";
import { root } from "./steps.mjs";

/** Nearly as small as the highest level, in a small part of its time. */
const BROTLI_QUALITY = 9;
const TEXT = /\.(js|css|svg)$/;

const build = path.join(root, ".next");
hintFirstChunks(build);

const folder = path.join(build, "static");
// Lays compressed files beside those that a build made for browsers, as the server hands them out.
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name)) continue;
  const file = path.join(entry.parentPath, entry.name);
  const content = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${file}.gz`, gzipSync(content));
}
