import { expect, test } from "vitest";
import { upcasterSchema } from "./upcasters.ts";

const rename = { kind: "rename", from: "/name", to: "full_name" };

test("an upcaster is taken as it is declared", () => {
  const upcaster = {
    from: "1.0",
    to: "2.0",
    steps: [
      rename,
      { kind: "default", at: "/plan", value: { name: "free" } },
      { kind: "drop", at: "/lines/*/x" },
    ],
  };
  expect(upcasterSchema.parse(upcaster)).toEqual(upcaster);
});

test.each([
  ["no steps", { from: "1.0", to: "2.0", steps: [] }, "steps"],
  ["nowhere to go", { from: "1.0", to: "1.0", steps: [rename] }, ""],
  ["an unknown step", { from: "1.0", to: "2.0", steps: [{ kind: "split", at: "/name" }] }, "steps.0.kind"],
  [
    "a place that is none",
    { from: "1.0", to: "2.0", steps: [rename, { kind: "drop", at: "name" }] },
    "steps.1",
  ],
])("%s is refused", (_, upcaster, path) => {
  const result = upcasterSchema.safeParse(upcaster);
  expect(result.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
