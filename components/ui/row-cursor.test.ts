import { describe, expect, test } from "vitest";
import { moveCursor } from "./row-cursor.ts";

const ids = ["a", "b", "c", "d"];

describe("the cursor", () => {
  test("steps and stops at both ends", () => {
    expect(moveCursor(ids, "b", 1)).toBe("c");
    expect(moveCursor(ids, "b", -10)).toBe("a");
    expect(moveCursor(ids, "c", 10)).toBe("d");
  });

  test("starts at the first row in view when there is none or it is gone", () => {
    expect(moveCursor(ids, null, 1, 2)).toBe("c");
    expect(moveCursor(ids, "gone", -1, 1)).toBe("b");
  });

  test("has nowhere to go without rows", () => {
    expect(moveCursor([], "a", 1)).toBeNull();
  });
});
