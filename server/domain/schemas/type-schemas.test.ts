import { describe, expect, test } from "vitest";
import { emptyEnvelope } from "../envelope/attributes.ts";
import type { EventEnvelope } from "../event.ts";
import { describeViolation, TypeSchemas, withUpcast } from "./type-schemas.ts";

const schemaOf = (required: string) => JSON.stringify({ type: "object", required: [required] });

/** `name` became `full_name` in 2.0. */
const users = new TypeSchemas([
  {
    version: "2.0",
    schema: schemaOf("full_name"),
    upcasters: [{ from: "1.0", steps: [{ kind: "rename", from: "/name", to: "full_name" }] }],
  },
  { version: "1.0", schema: schemaOf("name"), upcasters: [] },
]);

function user(data: unknown, version?: string): EventEnvelope {
  return {
    ...emptyEnvelope("internal"),
    type: "user.registered",
    extensions: version === undefined ? null : { dataversion: version },
    data: { encoding: "json", text: JSON.stringify(data) },
  };
}

describe("An event", () => {
  test("is held against the version that it names, in any spelling", () => {
    expect(users.judge(user({ name: "Ada" }, "1"))).toEqual({ kind: "valid", version: "1.0" });
    expect(users.judge(user({ name: "Ada" }, "v2"))).toEqual({
      kind: "violation",
      version: "v2",
      judgedBy: "2.0",
      problems: [{ path: "/full_name", reason: "is required" }],
    });
  });

  test("that names no version is of the newest one that takes it", () => {
    expect(users.judge(user({ name: "Ada" }))).toEqual({ kind: "valid", version: "1.0" });
    expect(users.judge(user({ name: "Ada", full_name: "Ada" }))).toEqual({ kind: "valid", version: "2.0" });
    expect(users.judge(user({}))).toMatchObject({ kind: "violation", version: null, judgedBy: "2.0" });
  });

  test("of a version that nobody registered is a violation", () => {
    const judgement = users.judge(user({ name: "Ada" }, "3.0"));
    expect(judgement).toMatchObject({ kind: "violation", version: "3.0", judgedBy: null });
    if (judgement.kind === "violation")
      expect(describeViolation("user.registered", judgement)).toBe(
        "It violates the schemas of user.registered: the payload is of version 3.0, which is not registered; registered: 1.0, 2.0.",
      );
  });

  test.each([
    ["none", { encoding: "none" }, "has no data"],
    ["text", { encoding: "text", text: "{}" }, "is no JSON"],
    ["bytes", { encoding: "binary", bytes: new Uint8Array([1]) }, "is no JSON"],
  ] as const)("with %s for a payload is a violation", (_, data, reason) => {
    expect(users.judge({ ...user({}), data })).toMatchObject({ problems: [{ path: "", reason }] });
  });
});

describe("Upcasting", () => {
  test("shows an older payload as the newest version has it", () => {
    const view = users.upcast(user({ id: 12, name: "Ada" }, "1.0"));
    expect(view).toEqual({ kind: "upcast", from: "1.0", to: "2.0", text: '{"id":12,"full_name":"Ada"}' });
    expect(withUpcast(user({ name: "Ada" }, "1.0"), view)).toMatchObject({
      extensions: { dataversion: "2.0" },
      data: { text: '{"id":12,"full_name":"Ada"}' },
    });
  });

  test("finds out the version of an event that names none", () => {
    expect(users.upcast(user({ name: "Ada" }))).toMatchObject({ kind: "upcast", from: "1.0", to: "2.0" });
  });

  test("leaves what is new enough, of no version, or no JSON", () => {
    for (const event of [
      user({ full_name: "Ada" }, "2.0"),
      user({}),
      user({ name: "Ada" }, "0.9"),
      { ...user({}), data: { encoding: "none" } as const },
    ])
      expect(users.upcast(event)).toEqual({ kind: "current" });
  });

  test("says why a step failed, and leaves the event as it is", () => {
    const event = user({ name: "Ada", full_name: "Ada" }, "1.0");
    const view = users.upcast(event);
    expect(view).toMatchObject({ kind: "failed", from: "1.0", to: "2.0" });
    expect(withUpcast(event, view)).toBe(event);
  });

  test("goes as far as upcasters lead", () => {
    const steps = [{ kind: "drop", at: "/old" }] as const;
    const version = (name: string, from: string | null) => ({
      version: name,
      schema: "true",
      upcasters: from === null ? [] : [{ from, steps }],
    });
    const chain = new TypeSchemas([
      version("1", null),
      version("2", "1"),
      version("3", "2"),
      version("4", null),
    ]);
    expect(chain.upcast(user({ old: 1, kept: 2 }, "1"))).toMatchObject({ to: "3", text: '{"kept":2}' });
  });
});

test("a sentence tells the first problem and how many more there are", () => {
  const problems = [
    { path: "/email", reason: "is required" },
    { path: "/name", reason: "must be string" },
  ];
  expect(describeViolation("user.registered", { judgedBy: "2.0", problems })).toBe(
    "It violates the schema of user.registered 2.0: /email is required (and 1 more).",
  );
});
