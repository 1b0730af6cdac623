import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planUpcast, problemOfStep, type Upcaster, type UpcastStep, upcastPayload } from "./upcast.ts";

const upcast = (payload: string, ...steps: UpcastStep[]) =>
  upcastPayload(payload, [{ from: "1.0", to: "2.0", steps }]);
const textOf = (payload: string, ...steps: UpcastStep[]) => {
  const result = upcast(payload, ...steps);
  return result.kind === "upcast" ? result.text : `failed: ${result.reason}`;
};

test("user.registered 1.0 becomes 2.0: name is now full_name", () => {
  const userRegistered: Upcaster = {
    from: "1.0",
    to: "2.0",
    steps: [{ kind: "rename", from: "/name", to: "full_name" }],
  };
  expect(upcastPayload('{"user_id": 9007199254740993, "name": "Aiko Tanaka"}', [userRegistered])).toEqual({
    kind: "upcast",
    text: '{"user_id": 9007199254740993, "full_name": "Aiko Tanaka"}',
  });
});

describe("a step", () => {
  test.each<[string, string, UpcastStep, string]>([
    ["renames in place", '{"a":1,"b":2}', { kind: "rename", from: "/a", to: "c" }, '{"c":1,"b":2}'],
    ["renames inside", '{"a":{"b":2}}', { kind: "rename", from: "/a/b", to: "c" }, '{"a":{"c":2}}'],
    ["renames to the same", '{"a":1}', { kind: "rename", from: "/a", to: "a" }, '{"a":1}'],
    ["drops the first", '{"a":1, "b":2}', { kind: "drop", at: "/a" }, '{"b":2}'],
    ["drops the last", '{"a":1, "b":2}', { kind: "drop", at: "/b" }, '{"a":1}'],
    ["drops the only", '{ "a": {"x":1} }', { kind: "drop", at: "/a" }, "{  }"],
    ["sets a default", '{"a":1}', { kind: "default", at: "/b", value: "EUR" }, '{"a":1,"b":"EUR"}'],
    ["sets it in an empty object", "{ }", { kind: "default", at: "/b", value: null }, '{"b":null}'],
    ["sets it further in", "{}", { kind: "default", at: "/a/b", value: [1] }, '{"a":{"b":[1]}}'],
    ["keeps what is there", '{"b":null}', { kind: "default", at: "/b", value: 1 }, '{"b":null}'],
    ["leaves what can't have it", '{"a":null}', { kind: "default", at: "/a/b", value: 1 }, '{"a":null}'],
    ["moves", '{"a":{"b":1,"c":2}}', { kind: "move", from: "/a/b", to: "/b" }, '{"a":{"c":2},"b":1}'],
    [
      "moves inwards",
      '{"zip":"1", "a":{}}',
      { kind: "move", from: "/zip", to: "/a/code/zip" },
      '{"a":{"code":{"zip":"1"}}}',
    ],
    ["passes over what isn't there", '{"a":1}', { kind: "move", from: "/x/y", to: "/b" }, '{"a":1}'],
    ["reads escapes", '{"a/b":1}', { kind: "rename", from: "/a~1b", to: 'c"d' }, '{"c\\"d":1}'],
    ["reads escaped names", '{"\\u0061":1}', { kind: "drop", at: "/a" }, "{}"],
  ])("%s", (_, payload, step, wanted) => {
    expect(textOf(payload, step)).toBe(wanted);
  });

  test("at every element of an array", () => {
    const payload = '{"lines":[{"sku":"a","n":1},{"n":2},{"sku":"b"}]}';
    expect(textOf(payload, { kind: "rename", from: "/lines/*/sku", to: "article" })).toBe(
      '{"lines":[{"article":"a","n":1},{"n":2},{"article":"b"}]}',
    );
    expect(textOf(payload, { kind: "default", at: "/lines/*/n", value: 1 })).toBe(
      '{"lines":[{"sku":"a","n":1},{"n":2},{"sku":"b","n":1}]}',
    );
    expect(textOf(payload, { kind: "move", from: "/lines/*/sku", to: "/lines/*/article/sku" })).toBe(
      '{"lines":[{"n":1,"article":{"sku":"a"}},{"n":2},{"article":{"sku":"b"}}]}',
    );
    expect(textOf(payload, { kind: "drop", at: "/lines/*/n" })).toBe(
      '{"lines":[{"sku":"a"},{},{"sku":"b"}]}',
    );
  });

  test("keeps the numbers, the spacing and the order of everything else", () => {
    const payload = '{\n  "id": 12345678901234567890,\n  "price": 0.10000000000000000001,\n  "old": 1e400\n}';
    expect(
      textOf(payload, { kind: "move", from: "/old", to: "/new" }, { kind: "default", at: "/k", value: 1 }),
    ).toBe(
      '{\n  "id": 12345678901234567890,\n  "price": 0.10000000000000000001,\n  "new": 1e400,\n  "k": 1\n}',
    );
  });
});

describe("a step that would lose or invent something fails and says why", () => {
  test.each<[string, string, UpcastStep, string]>([
    [
      "onto a name that is taken",
      '{"a":1,"b":2}',
      { kind: "rename", from: "/a", to: "b" },
      "/b is there already",
    ],
    [
      "onto a place that is taken",
      '{"a":1,"b":2}',
      { kind: "move", from: "/a", to: "/b" },
      "/b is there already",
    ],
    ["into a text", '{"a":1,"b":"x"}', { kind: "move", from: "/a", to: "/b/a" }, "/b is no object"],
    ["of a repeated name", '{"a":1,"a":2}', { kind: "drop", at: "/a" }, "/a is there twice"],
    ["in no JSON", "{", { kind: "drop", at: "/a" }, "no JSON"],
    ["into the depths", `${"[".repeat(5000)}${"]".repeat(5000)}`, { kind: "drop", at: "/a" }, "no JSON"],
  ])("%s", (_, payload, step, reason) => {
    expect(upcast(payload, step)).toEqual({
      kind: "failed",
      reason: expect.stringMatching(new RegExp(`^Step 1 from 1.0 to 2.0 .*${reason}`)),
    });
  });

  test.each<[UpcastStep, string | null]>([
    [{ kind: "drop", at: "/a" }, null],
    [{ kind: "drop", at: "" }, "no JSON Pointer"],
    [{ kind: "drop", at: "a.b" }, "no JSON Pointer"],
    [{ kind: "drop", at: "/a/*" }, "Name a field"],
    [{ kind: "rename", from: "/a", to: "b/c" }, "Use move"],
    [{ kind: "move", from: "/a/*/b", to: "/b" }, "as many *"],
  ])("%j as it is declared", (step, problem) => {
    expect(problemOfStep(step)).toEqual(problem === null ? null : expect.stringContaining(problem));
  });
});

describe("a chain", () => {
  const up = (from: string, to: string): Upcaster => ({
    from,
    to,
    steps: [{ kind: "default", at: `/${to}`, value: true }],
  });
  const upcasters = [up("1", "2"), up("2", "3"), up("3", "4"), up("2", "4"), up("4", "1")];

  test("leads from version to version by the shortest way", () => {
    expect(planUpcast(upcasters, "1", "4")?.map(({ to }) => to)).toEqual(["2", "4"]);
    expect(planUpcast(upcasters, "3", "3")).toEqual([]);
    expect(planUpcast(upcasters, "3", "5")).toBeNull();
  });

  test("applies one after the other", () => {
    const chain = planUpcast(upcasters, "1", "3") ?? [];
    expect(upcastPayload("{}", chain)).toEqual({ kind: "upcast", text: '{"2":true,"3":true}' });
  });

  test("names the version at which it failed", () => {
    const chain = [
      up("1", "2"),
      { from: "2", to: "3", steps: [{ kind: "rename", from: "/2", to: "a" } as const] },
    ];
    expect(upcastPayload('{"a":1}', chain)).toMatchObject({
      reason: expect.stringContaining("from 2 to 3 (rename)"),
    });
  });
});

describe("laws", () => {
  const names = fc.constantFrom("a", "b", "c");
  const places = fc.array(names, { minLength: 1, maxLength: 3 }).map((tokens) => `/${tokens.join("/")}`);
  const steps: fc.Arbitrary<UpcastStep> = fc.oneof(
    fc.record({ kind: fc.constant("rename" as const), from: places, to: names }),
    fc.record({ kind: fc.constant("move" as const), from: places, to: places }),
    fc.record({ kind: fc.constant("default" as const), at: places, value: fc.constantFrom("new", null) }),
    fc.record({ kind: fc.constant("drop" as const), at: places }),
  );
  /** Numbers that no double holds. */
  const numbers = fc
    .tuple(
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
      fc.constantFrom("", ".5", ".000000000000000000001", "e400"),
    )
    .map(([whole, rest]) => `${whole}${rest}`);
  const space = fc.constantFrom("", " ", "\n  ");
  const { object: payloads } = fc.letrec<{ object: string; value: string }>((tie) => ({
    object: fc
      .tuple(fc.uniqueArray(names), fc.array(tie("value"), { minLength: 3, maxLength: 3 }), space)
      .map(
        ([keys, values, gap]) =>
          `{${keys.map((key, index) => `${gap}"${key}":${gap}${values[index]}`).join(",")}${gap}}`,
      ),
    value: fc.oneof({ depthSize: "small" }, numbers, fc.constantFrom('"x"', "null", "[1]"), tie("object")),
  }));

  test("a step does to the text what it does to the data", () => {
    fc.assert(
      fc.property(payloads, steps, (payload, step) => {
        const result = upcast(payload, step);
        const wanted = onData(JSON.parse(payload), step);
        if (wanted === null) expect(result.kind).toBe("failed");
        else expect(result.kind === "upcast" && JSON.parse(result.text)).toEqual(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  test("no number changes a digit, whatever is done to it", () => {
    const digits = (text: string) => text.match(/\d[\d.e]*/g) ?? [];
    fc.assert(
      fc.property(payloads, fc.array(steps, { maxLength: 5 }), (payload, list) => {
        const result = upcast(payload, ...list);
        if (result.kind === "failed") return;
        const before = digits(payload);
        for (const number of digits(result.text)) expect(before).toContain(number);
      }),
      { numRuns: 500 },
    );
  });
});

type Data = { [name: string]: unknown };
const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The same on parsed data, written plainly; null where the step must fail. */
function onData(data: Data, step: UpcastStep): Data | null {
  const [place = ""] = [step.kind === "default" || step.kind === "drop" ? step.at : step.from];
  const tokens = place.slice(1).split("/");
  const last = tokens.at(-1) ?? "";
  const owner = tokens
    .slice(0, -1)
    .reduce<unknown>((value, token) => (isData(value) ? value[token] : undefined), data);
  if (step.kind === "default") return (has(owner, last) ? data : put(data, tokens, step.value)) ?? data;
  if (!isData(owner) || !has(owner, last)) return data;
  const value = owner[last];
  if (step.kind === "rename") {
    if (step.to === last) return data;
    if (has(owner, step.to)) return null;
    owner[step.to] = value;
  }
  delete owner[last];
  return step.kind === "move" ? put(data, step.to.slice(1).split("/"), value) : data;
}

function has(value: unknown, name: string): boolean {
  return isData(value) && Object.hasOwn(value, name);
}

function put(data: Data, tokens: readonly string[], value: unknown): Data | null {
  let owner: unknown = data;
  for (const token of tokens.slice(0, -1)) {
    if (!isData(owner)) return null;
    if (!has(owner, token)) owner[token] = {};
    owner = owner[token];
  }
  const last = tokens.at(-1) ?? "";
  if (!isData(owner) || has(owner, last)) return null;
  owner[last] = value;
  return data;
}
