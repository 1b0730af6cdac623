import { expect, test } from "vitest";
import { LOCALES } from "./locale.ts";
import en from "./messages/en.json" with { type: "json" };
import ja from "./messages/ja.json" with { type: "json" };

const MESSAGES: Record<(typeof LOCALES)[number], unknown> = { en, ja };
const BRANCHING = new Set(["plural", "selectordinal", "select"]);

/** Every message of a language by its dotted key. */
function flatten(node: unknown, path: string[] = []): [string, string][] {
  if (typeof node === "string") return [[path.join("."), node]];
  if (typeof node !== "object" || node === null)
    throw new Error(`${path.join(".")} is neither text nor group`);
  return Object.entries(node).flatMap(([key, child]) => flatten(child, [...path, key]));
}

/** The arguments of an ICU message with their types, those inside plural and select branches too. */
function readArguments(message: string): string[] {
  const found = new Set<string>();
  for (const block of readBlocks(message)) {
    const [name = "", type = "", ...rest] = block.split(",").map((part) => part.trim());
    found.add(type === "" ? name : `${name}: ${type === "number" || type === "plural" ? "quantity" : type}`);
    if (!BRANCHING.has(type)) continue;
    for (const branch of readBlocks(rest.join(","))) {
      for (const inner of readArguments(branch)) found.add(inner);
    }
  }
  return [...found].sort();
}

/** What stands in the outermost braces. */
function readBlocks(text: string): string[] {
  const blocks: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter === "{" && depth++ === 0) start = index + 1;
    if (letter === "}" && --depth === 0) blocks.push([...text].slice(start, index).join(""));
  }
  if (depth !== 0) throw new Error(`Unbalanced braces in: ${text}`);
  return blocks;
}

const reference = new Map(flatten(en));

test.each(LOCALES.filter((locale) => locale !== "en"))("%s has exactly the messages of en", (locale) => {
  const keys = flatten(MESSAGES[locale]).map(([key]) => key);
  expect(keys.sort()).toEqual([...reference.keys()].sort());
});

test.each(LOCALES)("%s leaves no message empty", (locale) => {
  const empty = flatten(MESSAGES[locale]).filter(([, message]) => message.trim() === "");
  expect(empty).toEqual([]);
});

test.each(LOCALES)("every message of %s takes the arguments that en takes", (locale) => {
  for (const [key, message] of flatten(MESSAGES[locale])) {
    expect([key, readArguments(message)]).toEqual([key, readArguments(reference.get(key) ?? "")]);
  }
});

test("arguments are found in branches and not among branch names", () => {
  expect(readArguments("{n, plural, one {# of {total}} other {none}} by {who}")).toEqual([
    "n: quantity",
    "total",
    "who",
  ]);
});
