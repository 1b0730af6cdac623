import { expect, test } from "vitest";
import { type EditDraft, readEdit } from "./edit-draft.ts";

const problemOf = (draft: EditDraft, original: string | null = null) => {
  const read = readEdit(draft, original);
  return read.kind === "invalid" ? read.problem : null;
};

test("without an edit nothing is sent", () => {
  expect(readEdit({ kind: "none", text: "{" }, null)).toEqual({ kind: "valid", edit: null });
});

test("numbers stay as they were typed", () => {
  const text = '{ "id": 12345678901234567890, "total": 1.10 }';
  expect(readEdit({ kind: "payload", text }, '{"id":12345678901234567891,"total":1.10}')).toEqual({
    kind: "valid",
    edit: { kind: "payload", text },
  });
});

test("a payload that was only laid out anew is no edit", () => {
  expect(problemOf({ kind: "payload", text: '{\n  "a": 1\n}' }, '{"a":1}')).toBe("unchanged");
  expect(problemOf({ kind: "payload", text: '{"a": 1.0}' }, '{"a":1}')).toBeNull();
  expect(problemOf({ kind: "payload", text: '{"a":1}' })).toBeNull();
});

test.each([
  [{ kind: "payload", text: " " }, "required"],
  [{ kind: "payload", text: '{"a":}' }, "not-json"],
  [{ kind: "merge-patch", text: "[]" }, "not-an-object"],
  [{ kind: "merge-patch", text: "{\n  \n}" }, "unchanged"],
  [{ kind: "json-patch", text: '{"op":"add"}' }, "not-a-list"],
  [{ kind: "json-patch", text: "[\n  \n]" }, "unchanged"],
  [{ kind: "json-patch", text: '[{"op":"fly","path":"/a"}]' }, "not-an-operation"],
  [{ kind: "merge-patch", text: `{"a":"${"x".repeat(1_000_000)}"}` }, "too-long"],
] satisfies [EditDraft, string][])("%o is not sent", (draft, problem) => {
  expect(problemOf(draft)).toBe(problem);
});
