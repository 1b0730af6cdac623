import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_LEVELS, MAX_MEMBERS, mergeShapes, type Shape, shapeOf } from "./payload-shape.ts";

function shape(...payloads: string[]): Shape {
  return payloads.map(shapeOrThrow).reduce(mergeShapes);
}

function shapeOrThrow(payload: string): Shape {
  const found = shapeOf(payload);
  if (found === null) throw new Error(`no shape of ${payload.slice(0, 100)}`);
  return found;
}

describe("a shape", () => {
  test("counts what was seen at each place", () => {
    expect(shape('{"id":1,"tags":["a"]}', '{"id":null,"tags":[]}')).toEqual({
      count: 2,
      types: { object: 2 },
      members: {
        id: { count: 2, types: { integer: 1, null: 1 } },
        tags: {
          count: 2,
          types: { array: 2 },
          elements: { count: 1, types: { string: 1 }, texts: { values: { a: 1 }, format: null } },
        },
      },
    });
  });

  test.each([
    ["1", "integer", undefined],
    ["-0", "integer", undefined],
    ["1.0", "number", undefined],
    ["1e3", "number", undefined],
    ["9007199254740991", "integer", undefined],
    ["9007199254740993", "integer", "wide"],
    ["-9223372036854775808", "integer", "wide"],
    ["9223372036854775808", "integer", "beyond"],
    ["123456789012345678901234567890", "integer", "beyond"],
  ])("%s is an %s", (number, type, integers) => {
    expect(shape(number)).toEqual({ count: 1, types: { [type]: 1 }, ...(integers && { integers }) });
  });

  test("keeps the words of a field while they are few and short", () => {
    expect(shape('"a"', '"b"', '"a"').texts?.values).toEqual({ a: 2, b: 1 });
    expect(shape(...Array.from({ length: 13 }, (_, n) => `"${n}"`)).texts?.values).toBeNull();
    expect(shape(`"${"x".repeat(100)}"`).texts?.values).toBeNull();
  });

  test("knows the format that all texts share", () => {
    expect(shape('"2026-01-31"', '"2026-02-01"').texts?.format).toBe("date");
    expect(shape('"2026-01-31"', '"later"').texts?.format).toBeNull();
  });

  test("takes an object with very many names for a map", () => {
    const map = JSON.stringify(
      Object.fromEntries(Array.from({ length: MAX_MEMBERS + 1 }, (_, n) => [`u${n}`, n])),
    );
    const seen = shape('{"u1":"x"}', map, '{"v":null}');
    expect(seen.members).toBeUndefined();
    expect(seen.anyMember).toMatchObject({ count: 103, types: { integer: 101, string: 1, null: 1 } });
  });

  test("takes names that Postgres refuses, or that are no names, for those of a map", () => {
    for (const name of ["\\u0000", "\\ud800", "x".repeat(300)]) {
      expect(shape(`{"${name}":"\\u0000"}`)).toEqual({
        count: 1,
        types: { object: 1 },
        anyMember: { count: 1, types: { string: 1 }, texts: { values: null, format: null } },
      });
    }
  });

  test("keeps names apart from what every object has", () => {
    const seen = shape('{"__proto__":1,"constructor":2}', '{"__proto__":1}');
    expect(Object.keys(seen.members ?? {}).sort()).toEqual(["__proto__", "constructor"]);
    expect(seen.members?.constructor).toMatchObject({ count: 1 });
  });

  test("of what is no JSON doesn't exist", () => {
    for (const text of ["", "{", "{'a':1}", "[1,]", "// a\n1", "NaN", "[".repeat(100_000)]) {
      expect(shapeOf(text)).toBeNull();
    }
  });
});

describe("bounds", () => {
  const deep = (levels: number, inner: string) => `${'{"a":'.repeat(levels)}${inner}${"}".repeat(levels)}`;

  test("what stands too deep is not looked into", () => {
    expect(JSON.stringify(shape(deep(MAX_LEVELS - 2, "[1]")))).toContain('"integer"');
    expect(JSON.stringify(shape(deep(MAX_LEVELS, "[1]")))).not.toContain('"array"');
  });

  test("a shape doesn't grow for ever, and what was left out once stays out", () => {
    const wide = (prefix: string) =>
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 50 }, (_, n) => [
            `${prefix}${n}`,
            Object.fromEntries(Array.from({ length: 30 }, (_, m) => [`${prefix}${m}`, { x: m }])),
          ]),
        ),
      );
    const seen = shape(wide("a"), '{"a0":{"a0":{"x":"text"}}}', wide("b"));
    expect(JSON.stringify(seen).length).toBeLessThan(100_000);
    expect(JSON.stringify(seen)).not.toContain('"string"');
    expect(seen.members?.a0).toEqual({ count: 2, types: { object: 2 }, isCut: true });
  });
});

const payloads = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc
    .array(
      fc.record(
        { id: fc.bigInt().map(Number), at: fc.constantFrom("2026-01-31", "x"), n: fc.float() },
        { requiredKeys: [] },
      ),
    )
    .map((value) => JSON.stringify(value)),
);

describe("laws", () => {
  test("shapes merge to the same in any order and grouping", () => {
    fc.assert(
      fc.property(payloads, payloads, payloads, (a, b, c) => {
        const [x, y, z] = [shapeOrThrow(a), shapeOrThrow(b), shapeOrThrow(c)];
        expect(mergeShapes(x, y)).toEqual(mergeShapes(y, x));
        expect(mergeShapes(mergeShapes(x, y), z)).toEqual(mergeShapes(x, mergeShapes(y, z)));
      }),
    );
  });

  test("a shape can be stored and taken up again", () => {
    fc.assert(
      fc.property(payloads, payloads, (a, b) => {
        const stored: Shape = JSON.parse(JSON.stringify(shapeOrThrow(a)));
        expect(mergeShapes(stored, shapeOrThrow(b))).toEqual(shape(a, b));
      }),
    );
  });

  test("merging changes neither of the two", () => {
    fc.assert(
      fc.property(payloads, payloads, (a, b) => {
        const [x, y] = [shapeOrThrow(a), shapeOrThrow(b)];
        mergeShapes(x, y);
        expect([x, y]).toEqual([shapeOf(a), shapeOf(b)]);
      }),
    );
  });
});
