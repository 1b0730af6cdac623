import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonObject, scanArray, scanObject, skipValue } from "./json-slices.ts";
import { jsonObjectText } from "./testing/arbitrary-event.ts";

function scan(text: string, start = 0): JsonObject {
  const object = scanObject(text, start, text.length);
  if (object === null) throw new Error(`Not an object: ${text}`);
  return object;
}

function members(object: JsonObject): [string, string][] {
  return Array.from({ length: object.memberCount }, (_, member) => [
    object.key(member),
    object.rawValue(member),
  ]);
}

function elements(text: string): [string, boolean][] | null {
  const found: [string, boolean][] = [];
  const end = scanArray(text, 0, text.length, (element, start, stop) => {
    found.push([text.slice(start, stop), element !== null]);
  });
  return end === text.length ? found : null;
}

function depthOf(text: string): number | null {
  const cursor = { at: 0, depth: 0 };
  return skipValue(text, cursor) && cursor.at === text.length ? cursor.depth : null;
}

describe("An object's members", () => {
  test("are found with their values as they are written", () => {
    const text = ' {"a" : 1.10 , "b\\"c":"x,}\\\\", "d":[{"e":"]"}],"f":null}tail';
    const object = scan(text, 1);
    expect(members(object)).toEqual([
      ["a", "1.10"],
      ['b"c', '"x,}\\\\"'],
      ["d", '[{"e":"]"}]'],
      ["f", "null"],
    ]);
    expect(text.slice(object.end)).toBe("tail");
    expect(object.rawKey(1)).toBe('"b\\"c"');
  });

  test("are found by name, however the name is escaped, the last one of a name", () => {
    const object = scan('{"data":1,"d\\u0061ta":2,"other":3}');
    expect(object.raw("data")).toBe("2");
    expect(object.raw("other")).toBe("3");
    expect(object.raw("missing")).toBeNull();
    expect(object.findRepeatedKey()).toBe("data");
    expect(scan('{"a":{"b":1,"b":2}}').findRepeatedKey()).toBeNull();
  });

  test("are found by name in a large object too", () => {
    const text = `{${Array.from({ length: 100 }, (_, at) => `"k${at}":${at}`).join(",")},"k\\u0037":"last"}`;
    expect(scan(text).raw("k7")).toBe('"last"');
    expect(scan(text).raw("k99")).toBe("99");
    expect(scan(text).raw("k100")).toBeNull();
  });

  test("keep their names when a key with a backslash was parsed before", () => {
    JSON.parse('{"first":1,"\\\\":2}');
    expect(Object.keys(scan('{"first":1,"\\u0041":2}').parse())).toEqual(["first", "A"]);
  });

  test("beyond the length that is asked for are passed over", () => {
    const object = scanObject('{"a":1,"b":"long enough","c":3}', 0, 10);
    expect(object?.memberCount).toBe(1);
    expect(object?.end).toBe(31);
  });

  test("of any JSON object are those that JSON.parse finds", () => {
    fc.assert(
      fc.property(jsonObjectText, (text) => {
        const object = scan(text);
        expect(object.end).toBe(text.length);
        const parsed = object.parse();
        expect(new Set(members(object).map(([key]) => key))).toEqual(new Set(Object.keys(parsed)));
        for (const key of Object.keys(parsed)) expect(JSON.parse(object.raw(key) ?? "")).toEqual(parsed[key]);
        expect(object.findRepeatedKey() !== null).toBe(Object.keys(parsed).length < object.memberCount);
      }),
    );
  });

  test.each([
    "",
    "[]",
    '"{}"',
    "{",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    "{a:1}",
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":"x',
    '{"a":[1}',
    '{"a":"\\"}',
    "{,}",
  ])("are not found in %j", (text) => {
    expect(scanObject(text, 0, text.length)).toBeNull();
  });
});

describe("An array's elements", () => {
  test("are found as they are written, and objects among them known", () => {
    expect(elements('[ {"a":[1]} ,2.0, "x]" ,[{}],null ]')).toEqual([
      ['{"a":[1]}', true],
      ["2.0", false],
      ['"x]"', false],
      ["[{}]", false],
      ["null", false],
    ]);
    expect(elements("[ ]")).toEqual([]);
  });

  test.each(["[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", '["x]', "[{]", "[[]", "{}"])(
    "are not found in %j",
    (text) => {
      expect(elements(text)).toBeNull();
    },
  );
});

describe("Depth", () => {
  test.each([
    ["1", 0],
    ['"[[["', 0],
    ["{}", 1],
    ['[1,{"a":[]}]', 3],
    ['{"a":{},"b":[[]]}', 3],
  ])("of %s is %i", (text, depth) => {
    expect(depthOf(text)).toBe(depth);
  });

  test("is measured in a text that would cost seconds to parse", () => {
    expect(depthOf("[".repeat(1_000_000) + "]".repeat(1_000_000))).toBe(1_000_000);
    expect(depthOf("[".repeat(1_000_000))).toBeNull();
  });
});
