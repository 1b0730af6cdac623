import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPointer } from "../json-pointer.ts";
import { applyJsonPatch, problemOfJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";

function patched(payload: string, patch: string): unknown {
  const result = applyJsonPatch(payload, patch);
  return result.kind === "patched" ? JSON.parse(result.text) : result;
}

/** RFC 6902, appendix A: title, document, patch, result or the operation that must fail. */
const RFC_6902: [string, string, string, string | { operation: number | null }][] = [
  [
    "A.1 adding an object member",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux"}]',
    '{"baz":"qux","foo":"bar"}',
  ],
  [
    "A.2 adding an array element",
    '{"foo":["bar","baz"]}',
    '[{"op":"add","path":"/foo/1","value":"qux"}]',
    '{"foo":["bar","qux","baz"]}',
  ],
  [
    "A.3 removing an object member",
    '{"baz":"qux","foo":"bar"}',
    '[{"op":"remove","path":"/baz"}]',
    '{"foo":"bar"}',
  ],
  [
    "A.4 removing an array element",
    '{"foo":["bar","qux","baz"]}',
    '[{"op":"remove","path":"/foo/1"}]',
    '{"foo":["bar","baz"]}',
  ],
  [
    "A.5 replacing a value",
    '{"baz":"qux","foo":"bar"}',
    '[{"op":"replace","path":"/baz","value":"boo"}]',
    '{"baz":"boo","foo":"bar"}',
  ],
  [
    "A.6 moving a value",
    '{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}',
    '[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]',
    '{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}',
  ],
  [
    "A.7 moving an array element",
    '{"foo":["all","grass","cows","eat"]}',
    '[{"op":"move","from":"/foo/1","path":"/foo/3"}]',
    '{"foo":["all","cows","eat","grass"]}',
  ],
  [
    "A.8 testing a value: success",
    '{"baz":"qux","foo":["a",2,"c"]}',
    '[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]',
    '{"baz":"qux","foo":["a",2,"c"]}',
  ],
  [
    "A.9 testing a value: error",
    '{"baz":"qux"}',
    '[{"op":"test","path":"/baz","value":"bar"}]',
    { operation: 0 },
  ],
  [
    "A.10 adding a nested member object",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/child","value":{"grandchild":{}}}]',
    '{"foo":"bar","child":{"grandchild":{}}}',
  ],
  [
    "A.11 ignoring unrecognized elements",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux","xyz":123}]',
    '{"foo":"bar","baz":"qux"}',
  ],
  [
    "A.12 adding to a nonexistent target",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz/bat","value":"qux"}]',
    { operation: 0 },
  ],
  [
    "A.13 invalid JSON Patch document",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux","op":"remove"}]',
    { operation: 0 },
  ],
  ["A.14 escape ordering", '{"/":9,"~1":10}', '[{"op":"test","path":"/~01","value":10}]', '{"/":9,"~1":10}'],
  [
    "A.15 comparing strings and numbers",
    '{"/":9,"~1":10}',
    '[{"op":"test","path":"/~01","value":"10"}]',
    { operation: 0 },
  ],
  [
    "A.16 adding an array value",
    '{"foo":["bar"]}',
    '[{"op":"add","path":"/foo/-","value":["abc","def"]}]',
    '{"foo":["bar",["abc","def"]]}',
  ],
];

for (const [title, document, patch, result] of RFC_6902) {
  test(`RFC 6902, ${title}`, () => {
    if (typeof result === "string") expect(patched(document, patch)).toEqual(JSON.parse(result));
    else expect(applyJsonPatch(document, patch)).toMatchObject({ kind: "failed", ...result });
  });
}

/** RFC 7386, appendix A: original, patch, result. */
const RFC_7386: [string, string, string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];

for (const [original, patch, result] of RFC_7386) {
  test(`RFC 7386, appendix A: ${patch} on ${original}`, () => {
    const merged = applyMergePatch(original, patch);
    expect(merged.kind === "patched" ? JSON.parse(merged.text) : merged).toEqual(JSON.parse(result));
  });
}

const EXACT =
  '{\n  "id": 9223372036854775807,\n  "total": 12.340000000000000000001,\n  "rate": 1.50,\n  "n": 1\n}';

test("what is not touched stays as it is written", () => {
  const patch =
    '[{"op":"replace","path":"/n","value":18446744073709551615},{"op":"add","path":"/tax","value":0.10}]';
  const text =
    '{\n  "id": 9223372036854775807,\n  "total": 12.340000000000000000001,\n  "rate": 1.50,\n  "n": 18446744073709551615,\n  "tax": 0.10\n}';
  expect(applyJsonPatch(EXACT, patch)).toEqual({ kind: "patched", text });
  expect(applyMergePatch(EXACT, '{"n":18446744073709551615,"tax":0.10}')).toEqual({ kind: "patched", text });
});

test("numbers move and are copied as they are written", () => {
  const patch = '[{"op":"copy","from":"/id","path":"/ids"},{"op":"move","from":"/total","path":"/sum"}]';
  const result = applyJsonPatch(EXACT, patch);
  expect(result.kind === "patched" && result.text).toContain('"ids": 9223372036854775807');
  expect(result.kind === "patched" && result.text).toContain('"sum": 12.340000000000000000001');
});

test("a test compares numbers by their exact value, and objects in any order", () => {
  const holds = (payload: string, value: string) =>
    applyJsonPatch(payload, `[{"op":"test","path":"","value":${value}}]`).kind === "patched";
  expect(holds("1.50", "15e-1")).toBe(true);
  expect(holds("9007199254740993", "9007199254740992")).toBe(false);
  expect(holds('{"a":[1,{"b":2}],"c":null}', '{"c":null,"a":[1.0,{"b":2}]}')).toBe(true);
  expect(holds('{"a":1}', '{"a":1,"b":2}')).toBe(false);
  expect(holds("[1,2]", "[2,1]")).toBe(false);
});

test("a patch that fails says at which operation and where, and changes nothing", () => {
  const fail = (patch: string, payload = '{"a":[1,2],"b":{"c":1}}') => applyJsonPatch(payload, patch);
  const ok = '{"op":"test","path":"/b/c","value":1}';
  expect(fail(`[${ok},{"op":"remove","path":"/b/x"}]`)).toEqual({
    kind: "failed",
    operation: 1,
    pointer: "/b/x",
    reason: "There is nothing at /b/x.",
  });
  for (const [operation, pointer] of [
    ['{"op":"add","path":"/a/3","value":1}', "/a/3"],
    ['{"op":"add","path":"/a/01","value":1}', "/a/01"],
    ['{"op":"remove","path":"/a/-"}', "/a/-"],
    ['{"op":"replace","path":"/a/2","value":1}', "/a/2"],
    ['{"op":"add","path":"/b/c/d","value":1}', "/b/c/d"],
    ['{"op":"move","from":"/b","path":"/b/c"}', "/b/c"],
    ['{"op":"add","path":"no pointer","value":1}', "no pointer"],
    ['{"op":"add","path":"/z"}', "/z"],
    ['{"op":"copy","path":"/z"}', "/z"],
    ['{"op":"bend","path":"/z"}', "/z"],
    ['{"op":"remove","path":""}', ""],
  ]) {
    expect(fail(`[${ok},${operation}]`)).toMatchObject({ kind: "failed", operation: 1, pointer });
  }
  for (const patch of ["{}", "nonsense", "null", `[${Array(300).fill(ok).join()}]`]) {
    expect(fail(patch)).toMatchObject({ kind: "failed", operation: null });
  }
  expect(fail("[]", "{")).toMatchObject({ kind: "failed", operation: null });
});

test.each([
  ["{oops", null, "The patch is no JSON Patch."],
  ["{}", null, "The patch is no JSON Patch."],
  ['[{"op":"fly","path":"/a"}]', 0, '"op" is none of'],
  ['[{"op":"remove","path":"/a"},{"op":"add","path":"/b"}]', 1, '"value" is missing'],
  ['[{"op":"remove","path":"a"}]', 0, '"a" is no JSON Pointer'],
  ['[{"op":"copy","path":"/a","from":"b"}]', 0, '"b" is no JSON Pointer'],
  ['[{"op":"move","path":"/a"}]', 0, '"from" is missing'],
])("the patch %s is wrong whatever the payload", (patch, operation, reason) => {
  expect(problemOfJsonPatch(patch)).toMatchObject({ operation, reason: expect.stringContaining(reason) });
});

test("a patch that some payload takes has no fault of its own", () => {
  expect(
    problemOfJsonPatch('[{"op":"replace","path":"/a/0/b","value":1},{"op":"test","path":"","value":2}]'),
  ).toBeNull();
});

test("a name that stands twice is not guessed at", () => {
  const twice = '{"a":1,"a":2}';
  expect(applyJsonPatch(twice, '[{"op":"replace","path":"/a","value":3}]')).toMatchObject({
    operation: 0,
    pointer: "/a",
  });
  expect(applyMergePatch(twice, '{"a":3}')).toMatchObject({ kind: "failed", operation: 0, pointer: "/a" });
});

test("a patch that would copy a payload into itself for ever ends", () => {
  const copies = Array.from({ length: 100 }, (_, index) => ({ op: "copy", from: "", path: `/c${index}` }));
  expect(applyJsonPatch(`{"a":"${"x".repeat(1000)}"}`, JSON.stringify(copies))).toMatchObject({
    kind: "failed",
  });
});

/** Values in which every member's name is its own, so that `JSON.parse` agrees with the text. */
const values = fc
  .jsonValue({ maxDepth: 3, stringUnit: "grapheme" })
  .filter((value) => !JSON.stringify(value).includes('"__proto__"'));
const spaces = fc.constantFrom(0, 2);

/** Every place in a value. */
function places(value: unknown, tokens: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [tokens];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [tokens, ...entries.flatMap(([key, inner]) => places(inner, [...tokens, key]))];
}

test("an element or a member that is added, and removed again, leaves the same text value behind", () => {
  fc.assert(
    fc.property(values, values, spaces, fc.nat(), (payload, value, space, pick) => {
      const all = places(payload).filter((tokens) => tokens.length > 0);
      const tokens = all[pick % Math.max(1, all.length)];
      if (tokens === undefined) return;
      const path = typeof tokens.at(-1) === "number" ? formatPointer(tokens) : `${formatPointer(tokens)} new`;
      const text = JSON.stringify(payload, null, space);
      const add = { op: "add", path, value };
      const steps = [
        add,
        { op: "test", path, value },
        { op: "remove", path },
        { op: "test", path: "", value: payload },
      ];
      const result = applyJsonPatch(text, JSON.stringify(steps));
      expect(result.kind === "patched" ? JSON.parse(result.text) : result).toEqual(JSON.parse(text));
    }),
    { numRuns: 300 },
  );
});

/** The pseudo-code of RFC 7386, section 2, on parsed values. */
function mergeByTheBook(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === "object" && target !== null && !Array.isArray(target);
  const merged = new Map<string, unknown>(isObject ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergeByTheBook(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

test("any merge patch does what the pseudo-code of its RFC does", () => {
  const few = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, 1, "x"),
      fc.array(fc.constantFrom(1, null), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(few, few, spaces, (target, patch, space) => {
      const result = applyMergePatch(JSON.stringify(target, null, space), JSON.stringify(patch));
      const merged = mergeByTheBook(target, patch);
      expect(result.kind === "patched" ? JSON.parse(result.text) : result).toEqual(
        JSON.parse(JSON.stringify(merged)),
      );
    }),
    { numRuns: 500 },
  );
});
