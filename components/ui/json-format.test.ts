import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatJson, MAX_FORMATTED_CHARS } from "./json-format.ts";

/** The tokens of a JSON text, in order. */
function tokens(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
}

describe("laying JSON out", () => {
  test("leaves numbers, escapes and repeated keys as they were written", () => {
    const text = '{"big":12345678901234567890,"exact":1.10,"e":1E+2,"s":"\\u00e9\\/","a":[],"o":{},"a":[{}]}';
    expect(formatJson(text)).toEqual({
      kind: "formatted",
      text: [
        "{",
        '  "big": 12345678901234567890,',
        '  "exact": 1.10,',
        '  "e": 1E+2,',
        '  "s": "\\u00e9\\/",',
        '  "a": [],',
        '  "o": {},',
        '  "a": [',
        "    {}",
        "  ]",
        "}",
      ].join("\n"),
    });
  });

  test("changes nothing but white space, whatever the JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, 4), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const formatted = formatJson(text);
        expect(formatted.kind).toBe("formatted");
        expect(tokens(formatted.text)).toEqual(tokens(text));
      }),
    );
  });

  test("takes a bare value", () => {
    expect(formatJson(" 9007199254740993 \n")).toEqual({ kind: "formatted", text: "9007199254740993" });
  });

  test("leaves alone what is no JSON, comments and trailing commas too", () => {
    for (const text of ["", "{", "{a:1}", "[1,]", "// note\n1"]) {
      expect(formatJson(text)).toEqual({ kind: "invalid", text });
    }
  });

  test("leaves alone what is too large to lay out", () => {
    const text = `"${"x".repeat(MAX_FORMATTED_CHARS)}"`;
    expect(formatJson(text).kind).toBe("too-large");
  });
});
