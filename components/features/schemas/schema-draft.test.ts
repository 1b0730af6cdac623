import { describe, expect, test } from "vitest";
import { nextVersion, readDraft, type SchemaDraft } from "./schema-draft.ts";

const draft: SchemaDraft = {
  version: " 2.0 ",
  compatibility: "none",
  schema: '{"type": "object"}',
  upcasters: '[{"from": "1.0", "steps": [{"kind": "rename", "from": "/name", "to": "full_name"}]}]',
};

describe("A draft", () => {
  test("is read as the API takes it", () => {
    expect(readDraft(draft)).toEqual({
      kind: "valid",
      version: "2.0",
      body: {
        schema: { type: "object" },
        compatibility: "none",
        upcasters: [{ from: "1.0", steps: [{ kind: "rename", from: "/name", to: "full_name" }] }],
      },
    });
    expect(readDraft({ ...draft, upcasters: " " })).toMatchObject({ body: { upcasters: [] } });
  });

  test.each([
    ["a version with a space", { version: "2 0" }, ["version"]],
    ["a schema that is no JSON", { schema: "{" }, ["schema"]],
    ["a schema that is a list", { schema: "[]" }, ["schema"]],
    ["upcasters that are no list", { upcasters: "{}" }, ["upcasters"]],
    [
      "a step to nowhere",
      { upcasters: '[{"from": "1", "steps": [{"kind": "drop", "at": "x"}]}]' },
      ["upcasters"],
    ],
    ["everything", { version: "", schema: "", upcasters: "[" }, ["version", "schema", "upcasters"]],
  ])("with %s says so", (_, change, fields) => {
    const read = readDraft({ ...draft, ...change });
    expect(read.kind === "invalid" ? read.problems.map(({ field }) => field) : []).toEqual(fields);
  });
});

test.each([
  [[], "1.0"],
  [["1.0"], "2.0"],
  [["1.0", "1.12.3"], "2.0.0"],
  [["v9"], "v10"],
  [["2026-11-22"], ""],
])("after %j comes %s", (versions, next) => {
  expect(nextVersion(versions)).toBe(next);
});
