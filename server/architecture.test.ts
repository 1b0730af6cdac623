import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findBreaches, ZONES } from "./architecture.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["app", "bench", "components", "drizzle", "e2e", "scripts", "server"];
// Written in two parts, so that this file is not a breach itself.
const ENVIRONMENT = ["process", "env"].join(".");

function readSources(): Map<string, string> {
  const names = FOLDERS.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name.replaceAll(path.sep, "/")}`,
    ),
  );
  const sources = names.filter((name) => /\.(tsx?|mjs)$/.test(name) && !name.endsWith(".d.ts"));
  return new Map(sources.map((name) => [name, readFileSync(path.join(root, name), "utf8")]));
}

function breachesOf(files: Record<string, string>): string[] {
  return findBreaches(new Map(Object.entries(files)));
}

describe("the project", () => {
  test("breaks no rule of the folders", () => {
    expect(findBreaches(readSources())).toEqual([]);
  });

  test("has a zone for every source file, and is read at all", () => {
    const names = [...readSources().keys()];
    expect(names).toContain("server/platform/env.ts");
    expect(names.filter((name) => !ZONES.some(({ files }) => files.test(name)))).toEqual([]);
  });
});

describe("a breach is found", () => {
  test.each([
    ["server/domain/flow.ts", "#server/platform/clock.ts"],
    ["server/domain/flow.ts", "node:fs"],
    ["server/domain/flow.ts", "zod"],
    ["server/contract/events.ts", "#server/events/list-events.ts"],
    ["server/contract/events.ts", "drizzle-orm"],
    ["drizzle/queries/events.ts", "#server/platform/log.ts"],
    ["drizzle/queries/events.ts", "fastify"],
    ["server/bus/publish.ts", "../http/server.ts"],
    ["server/bus/publish.ts", "../live/gateway.ts"],
    ["server/bus/publish.ts", "react"],
    ["server/bus/publish.ts", "next/server"],
    ["server/bus/publish.ts", "#drizzle/testing/database.ts"],
    ["server/http/server.ts", "#components/ui/button.tsx"],
    ["components/ui/button.tsx", "#components/lib/format.ts"],
    ["components/ui/button.tsx", "#server/contract/events.ts"],
    ["components/features/events/table.tsx", "../dead-letters/table.tsx"],
    ["components/features/events/table.tsx", "#server/events/list-events.ts"],
    ["components/shell/frame.tsx", "#components/features/events/table.tsx"],
    ["components/shell/frame.tsx", "#components/event-detail/event-panel.tsx"],
    ["components/event-detail/event-panel.tsx", "#components/features/events/table.tsx"],
    ["components/lib/api-client.ts", "postgres"],
    ["app/page.tsx", "#server/domain/event.ts"],
    ["app/page.tsx", "#drizzle/db.ts"],
    ["app/page.tsx", "../server/start-server.ts"],
    ["e2e/specs/live/pausing.spec.ts", "#server/platform/env.ts"],
    ["e2e/specs/live/pausing.spec.ts", "#components/lib/format.ts"],
    ["scripts/start.mjs", "../server/main.ts"],
  ])("%s may not import %s", (file, target) => {
    for (const form of [
      `import { a } from "${target}";`,
      `import type { A } from "${target}";`,
      `import {\n  a,\n  type B,\n} from "${target}";`,
      `import "${target}";`,
      `export { a } from "${target}";`,
      `const a = await import("${target}");`,
    ]) {
      expect(breachesOf({ [file]: form }), form).toEqual([expect.stringContaining("may not import")]);
    }
  });

  test("the server-only package", () => {
    expect(breachesOf({ "server/bus/publish.ts": 'import "server-only";' })).toHaveLength(1);
  });

  test("areas that need each other, over whatever way", () => {
    const files = {
      "server/bus/publish.ts": 'import { b } from "../dead-letters/park.ts";',
      "server/dead-letters/park.ts": 'import { c } from "#server/sagas/track.ts";',
      "server/sagas/track.ts": 'import { a } from "../bus/claim.ts";',
    };
    expect(breachesOf(files)).toEqual([
      "server areas need each other: sagas -> bus -> dead-letters -> sagas",
    ]);
  });

  test.each([
    [`const port = ${ENVIRONMENT}.PORT;`],
    [`readEnv({ ...${ENVIRONMENT} });`],
    [`if (${ENVIRONMENT}.CI === "true") skip();`],
    [`import { env } from "node:${"process"}";`],
  ])("a second reader of the environment: %s", (text) => {
    expect(breachesOf({ "server/bus/publish.ts": text })).toEqual([
      expect.stringContaining("only server/platform"),
    ]);
  });

  test.each([
    ["server/bus/index.ts"],
    ["components/ui/index.tsx"],
    ["server/utils/text.ts"],
    ["components/helpers/dates.ts"],
    ["server/common/ids.ts"],
    ["server/bus/types.ts"],
    ["components/lib/misc.ts"],
    ["server/bus/helpers.ts"],
  ])("the file %s", (file) => {
    expect(breachesOf({ [file]: "export {};" })).toHaveLength(1);
  });

  test.each([
    ['await page.goto("/events");', "without waiting until it answers"],
    ["await this.#page.reload();", "without waiting until it answers"],
    ["await colleague.goBack();", "without waiting until it answers"],
    ["await page.waitForTimeout(500);", "sleeps"],
    ['import { setTimeout as sleep } from "node:timers/promises";', "sleeps"],
    ["await new Promise((resolve) => setTimeout(resolve, 100));", "sleeps"],
    ["await expect(row).toBeVisible({ timeout: 500 });", "waits less long"],
    ["await expect(row).toBeVisible({ timeout: 10_000 });", "waits less long"],
  ])("a browser test with %s", (text, complaint) => {
    for (const file of ["e2e/specs/live/pausing.spec.ts", "e2e/fixtures/live-screen.ts"]) {
      expect(breachesOf({ [file]: text })).toEqual([expect.stringContaining(complaint)]);
    }
  });

  test("a file over 300 lines", () => {
    const long = "a();\n".repeat(301);
    expect(breachesOf({ "server/bus/publish.ts": long })).toEqual([expect.stringContaining("has 301 lines")]);
    expect(
      breachesOf({ "drizzle/schema/events.ts": long, "server/bus/publish.ts": "a();\n".repeat(300) }),
    ).toEqual([]);
  });
});

describe("what is allowed is no breach", () => {
  test.each([
    ["server/domain/flow.ts", 'import { a } from "./event.ts";'],
    ["server/domain/flow.test.ts", 'import { readFileSync } from "node:fs";'],
    ["server/domain/testing/arbitrary.ts", 'import fc from "fast-check";'],
    ["server/live/testing/open.ts", 'import { createTestDatabase } from "#drizzle/testing/database.ts";'],
    ["server/contract/events.ts", 'import { z } from "zod";\nimport { K } from "#server/domain/event.ts";'],
    [
      "server/bus/publish.ts",
      'import { sql } from "#drizzle/db.ts";\nimport { l } from "../platform/log.ts";',
    ],
    ["server/bus/publish.db.test.ts", 'import { createTestDatabase } from "#drizzle/testing/database.ts";'],
    [
      "server/http/routes/bus.ts",
      'import { publish } from "../../bus/publish.ts";\nimport f from "fastify";',
    ],
    [
      "components/features/events/table.tsx",
      'import { a } from "./row.tsx";\nimport "#components/ui/table.tsx";',
    ],
    [
      "components/features/events/table.tsx",
      'import { a } from "#components/event-filter/filter-bar.tsx";\nimport "#components/event-detail/event-panel.tsx";',
    ],
    ["app/page.tsx", 'import { T } from "#components/features/events/table.tsx";'],
    ["server/start-server.ts", `${ENVIRONMENT}.NAGARE_INTERNAL_URL = url;`],
    ["e2e/fixtures/navigation.ts", "await page.goto(address);"],
    ["e2e/specs/live/pausing.spec.ts", "test.setTimeout(300_000);\nawait poll({ timeout: 30_000 });"],
    ["server/bus/publish.ts", `// Not from ${ENVIRONMENT}: the context has it.`],
  ])("%s: %s", (file, text) => {
    expect(breachesOf({ [file]: text })).toEqual([]);
  });

  test("areas that know each other by types only", () => {
    const files = {
      "server/bus/publish.ts": 'import { park } from "../dead-letters/park.ts";',
      "server/dead-letters/park.ts": 'import type { Bus } from "../bus/publish.ts";',
    };
    expect(breachesOf(files)).toEqual([]);
  });
});
