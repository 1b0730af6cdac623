import { expect, test } from "vitest";
import { readTemplate } from "./template-parts.ts";

test("a template is read into its words and its placeholders", () => {
  expect(readTemplate("connect ECONNREFUSED <addr>")).toEqual([
    { kind: "text", text: "connect ECONNREFUSED " },
    { kind: "placeholder", name: "addr" },
  ]);
  expect(readTemplate("<id>-<num>")).toEqual([
    { kind: "placeholder", name: "id" },
    { kind: "text", text: "-" },
    { kind: "placeholder", name: "num" },
  ]);
  expect(readTemplate("")).toEqual([]);
});

test("what only looks like a placeholder is text", () => {
  expect(readTemplate("Unexpected token < in <body>")).toEqual([
    { kind: "text", text: "Unexpected token < in <body>" },
  ]);
});
