import { describe, expect, test } from "vitest";
import { type DestinationDraft, readDestination, toChange, toInput } from "./destination-draft.ts";

const NEW = { isNew: true, others: ["Operations"] };
const draft = (given: Partial<DestinationDraft>): DestinationDraft => ({
  kind: "webhook",
  name: "On call",
  language: "en",
  address: "https://hooks.example.com/alerts",
  ...given,
});

describe("a destination that is typed", () => {
  test("is made of its trimmed name and address", () => {
    const typed = draft({ name: " On call ", address: " https://hooks.example.com/alerts " });
    expect(readDestination(typed, NEW)).toEqual({
      kind: "destination",
      name: "On call",
      url: "https://hooks.example.com/alerts",
    });
  });

  test("takes several mail addresses, however they are told apart", () => {
    const typed = draft({
      kind: "mail",
      address: "a@example.com, b@example.com;c@example.com\nd@example.com",
    });
    const read = readDestination(typed, NEW);
    if (read.kind !== "destination") throw new Error("It can be read.");
    expect(toInput(typed, read)).toEqual({
      kind: "mail",
      name: "On call",
      language: "en",
      to: ["a@example.com", "b@example.com", "c@example.com", "d@example.com"],
    });
  });

  test("keeps its address when nothing is typed in its place", () => {
    const typed = draft({ address: " " });
    const read = readDestination(typed, { isNew: false, others: [] });
    if (read.kind !== "destination") throw new Error("It can be read.");
    const change = { kind: "webhook", name: "On call", language: "en", renewSecret: true };
    expect(toChange(typed, read, true)).toEqual(change);
  });

  test("says which of its fields can't be used, all at once", () => {
    expect(readDestination(draft({ name: " ", address: "" }), NEW)).toEqual({
      kind: "invalid",
      problems: [
        { field: "name", reason: "empty" },
        { field: "address", reason: "empty" },
      ],
    });
  });

  test.each([
    [{ name: "OPERATIONS" }, { field: "name", reason: "taken" }],
    [{ name: "n".repeat(201) }, { field: "name", reason: "too-long", limit: 200 }],
    [{ address: "hooks.example.com" }, { field: "address", reason: "no-address" }],
    [{ address: "ftp://example.com" }, { field: "address", reason: "no-address" }],
    [{ address: "https://exa mple.com" }, { field: "address", reason: "no-address" }],
    [
      { kind: "mail", address: "a@example.com, nobody" },
      { field: "address", reason: "no-mail", text: "nobody" },
    ],
    [
      { kind: "mail", address: " , " },
      { field: "address", reason: "empty" },
    ],
  ] as const)("refuses %o and says why", (given, problem) => {
    expect(readDestination(draft(given), NEW)).toEqual({ kind: "invalid", problems: [problem] });
  });
});
