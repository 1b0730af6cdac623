import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactJson, isSameJson } from "./compact-json.ts";
import { jsonText } from "./testing/arbitrary-event.ts";

describe("Comparing JSON texts", () => {
  test("white space between tokens makes no difference, in strings it does", () => {
    expect(compactJson('\n{ "a b" :\t[ 1.0 , "x\\" y" ] }\r\n')).toBe('{"a b":[1.0,"x\\" y"]}');
    expect(isSameJson('{"a": 1}', ' {"a":1 }')).toBe(true);
    expect(isSameJson('{"a":"b c"}', '{"a":"bc"}')).toBe(false);
  });

  test("numbers are compared as they are written", () => {
    expect(isSameJson("9007199254740993", "9007199254740992")).toBe(false);
    expect(isSameJson("1.0", "1")).toBe(false);
  });

  test("a compact text means the same", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(JSON.parse(compactJson(text))).toEqual(JSON.parse(text));
        expect(isSameJson(text, ` ${text}\n`)).toBe(true);
      }),
    );
  });
});
