import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashSources } from "./build.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "nagare-build-"));
  write("app/page.tsx", "export default 1");
  write("server/domain/event.ts", "export const a = 1");
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
}

test("the same sources have the same hash, whenever they were written", () => {
  const before = hashSources(folder);
  write("app/page.tsx", "export default 1");
  expect(hashSources(folder)).toBe(before);
});

test("a changed, added, renamed or removed source changes the hash", () => {
  const seen = [hashSources(folder)];
  write("server/domain/event.ts", "export const a = 2");
  seen.push(hashSources(folder));
  write("components/ui/button.tsx", "");
  seen.push(hashSources(folder));
  renameSync(path.join(folder, "components/ui/button.tsx"), path.join(folder, "components/ui/knob.tsx"));
  seen.push(hashSources(folder));
  rmSync(path.join(folder, "app/page.tsx"));
  seen.push(hashSources(folder));
  expect(new Set(seen).size).toBe(5);
});

test("what the pages are not made of does not change the hash", () => {
  const before = hashSources(folder);
  write("app/page.test.tsx", "test");
  write("server/http/server.ts", "listen");
  write("drizzle/db.ts", "connect");
  expect(hashSources(folder)).toBe(before);
});
