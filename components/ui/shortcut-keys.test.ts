import { describe, expect, test } from "vitest";
import { matchKeys, readChord, SEQUENCE_MS } from "./shortcut-keys.ts";

const press = (
  key: string,
  modifiers: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", true>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe("a chord", () => {
  test("is the same with Ctrl and with Command", () => {
    expect(readChord(press("k", { ctrlKey: true }))).toBe("mod+k");
    expect(readChord(press("K", { metaKey: true }))).toBe("mod+k");
  });

  test("names shift for letters and named keys, not for signs that need it", () => {
    expect(readChord(press("J", { shiftKey: true }))).toBe("shift+j");
    expect(readChord(press("Enter", { shiftKey: true }))).toBe("shift+enter");
    expect(readChord(press("?", { shiftKey: true }))).toBe("?");
  });

  test("is none for a modifier alone or with Alt", () => {
    expect(readChord(press("Shift", { shiftKey: true }))).toBeNull();
    expect(readChord(press("l", { altKey: true }))).toBeNull();
  });
});

describe("a sequence", () => {
  const bindings = ["g l", "g e", "l", "?"];
  const afterG = { keys: "g", at: 100 };

  test("waits after its first key and matches on its second", () => {
    expect(matchKeys(bindings, null, "g", 100)).toEqual({ kind: "pending", pending: afterG });
    expect(matchKeys(bindings, afterG, "l", 200)).toEqual({ kind: "matched", keys: "g l" });
  });

  test("is forgotten after its time", () => {
    expect(matchKeys(bindings, afterG, "l", 101 + SEQUENCE_MS)).toEqual({ kind: "matched", keys: "l" });
  });

  test("that leads nowhere leaves the second key its own meaning", () => {
    expect(matchKeys(bindings, afterG, "?", 200)).toEqual({ kind: "matched", keys: "?" });
    expect(matchKeys(bindings, afterG, "x", 200)).toEqual({ kind: "none" });
    expect(matchKeys(bindings, afterG, "g", 200)).toEqual({
      kind: "pending",
      pending: { keys: "g", at: 200 },
    });
  });
});
