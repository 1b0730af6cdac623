import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COMPILE_HINT, hintFirstChunks } from "./first-chunks.mjs";

let build: string;

beforeEach(() => {
  build = mkdtempSync(path.join(os.tmpdir(), "nagare-chunks-"));
  for (const name of ["main", "page", "later"]) write(`static/chunks/${name}.js`, `// ${name}`);
  write("build-manifest.json", JSON.stringify({ rootMainFiles: ["static/chunks/main.js"] }));
  write(
    "server/app/(console)/events/page_client-reference-manifest.js",
    'globalThis.__RSC_MANIFEST={"a":{"chunks":["/_next/static/chunks/page.js","/_next/static/chunks/main.js"]}}',
  );
});

afterEach(() => rmSync(build, { recursive: true }));

function write(name: string, content: string): void {
  mkdirSync(path.dirname(path.join(build, name)), { recursive: true });
  writeFileSync(path.join(build, name), content);
}

test("what pages begin with is compiled at once, what they load later is not; twice is as good as once", () => {
  hintFirstChunks(build);
  hintFirstChunks(build);
  const read = (name: string) => readFileSync(path.join(build, `static/chunks/${name}.js`), "utf8");
  expect(read("main")).toBe(`${COMPILE_HINT}// main`);
  expect(read("page")).toBe(`${COMPILE_HINT}// page`);
  expect(read("later")).toBe("// later");
});
