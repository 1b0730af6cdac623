import { expect, test } from "vitest";
import { upcastersSchema } from "./upcasters.ts";

const rename = { kind: "rename", from: "/name", to: "full_name" };

test("upcasters are taken as they are declared", () => {
  const upcasters = [
    {
      from: "1.0",
      steps: [
        rename,
        { kind: "default", at: "/plan", value: { name: "free" } },
        { kind: "drop", at: "/lines/*/x" },
      ],
    },
    { from: "1.5", steps: [rename] },
  ];
  expect(upcastersSchema.parse(upcasters)).toEqual(upcasters);
});

test.each([
  ["no steps", [{ from: "1.0", steps: [] }], "0.steps"],
  [
    "the same origin twice",
    [
      { from: "1.0", steps: [rename] },
      { from: "1.0", steps: [rename] },
    ],
    "",
  ],
  ["an unknown step", [{ from: "1.0", steps: [{ kind: "split", at: "/name" }] }], "0.steps.0.kind"],
  ["a place that is none", [{ from: "1.0", steps: [rename, { kind: "drop", at: "name" }] }], "0.steps.1"],
])("%s is refused", (_, upcasters, path) => {
  const result = upcastersSchema.safeParse(upcasters);
  expect(result.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
