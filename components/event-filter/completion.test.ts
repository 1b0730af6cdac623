import { describe, expect, test } from "vitest";
import { EVENT_GRAMMAR } from "#components/lib/event-filter-text.ts";
import { completeField, completeValue, completionAt } from "./completion.ts";

describe("The completion of a filter", () => {
  test("offers every field where no word stands", () => {
    const fields = ["type", "source", "subject", "kind", "correlation"];
    expect(completionAt(EVENT_GRAMMAR, "", 0)).toEqual({ kind: "field", start: 0, end: 0, fields });
    expect(completionAt(EVENT_GRAMMAR, "type:a ", 7)).toEqual({ kind: "field", start: 7, end: 7, fields });
  });

  test("offers the fields that a word begins", () => {
    expect(completionAt(EVENT_GRAMMAR, "s", 1)).toMatchObject({
      kind: "field",
      fields: ["source", "subject"],
    });
    expect(completionAt(EVENT_GRAMMAR, "hello So", 8)).toEqual({
      kind: "field",
      start: 6,
      end: 8,
      fields: ["source"],
    });
    expect(completionAt(EVENT_GRAMMAR, "hello", 5)).toEqual({ kind: "none" });
  });

  test("offers values of the field under the caret, by the longest part of a glob", () => {
    expect(completionAt(EVENT_GRAMMAR, "type:", 5)).toEqual({
      kind: "value",
      start: 0,
      end: 5,
      field: "type",
      contains: "",
    });
    expect(completionAt(EVENT_GRAMMAR, "text type:or*placed x", 12)).toEqual({
      kind: "value",
      start: 5,
      end: 19,
      field: "type",
      contains: "placed",
    });
    expect(completionAt(EVENT_GRAMMAR, "kind:com type:x", 15)).toMatchObject({
      field: "type",
      contains: "x",
    });
  });

  test("puts what was chosen in the place of the word and leaves the rest", () => {
    expect(completeField("a so b", { start: 2, end: 4 }, "source")).toEqual({
      text: "a source: b",
      caret: 9,
    });
    const condition = { field: "type", value: "order placed" } as const;
    expect(completeValue(EVENT_GRAMMAR, "type:or b", { start: 0, end: 7 }, condition)).toEqual({
      text: 'type:"order placed" b',
      caret: 19,
    });
  });
});
