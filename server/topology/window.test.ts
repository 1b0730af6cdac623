import { describe, expect, test } from "vitest";
import { readEarlierWindow, readWindow } from "./window.ts";

const clock = { now: () => new Date("2026-05-04T12:00:00Z") };
const later = readWindow(clock, { from: "2026-05-04T11:00:00Z", to: "2026-05-04T12:00:00Z" });

describe("The window before another one", () => {
  test("is as long, and ends where that begins, if nothing is said", () => {
    expect(readEarlierWindow(clock, {}, later)).toMatchObject({
      from: "2026-05-04T10:00:00.000Z",
      to: "2026-05-04T11:00:00.000Z",
    });
    expect(readEarlierWindow(clock, { beforeTo: "2026-05-03T12:00:00Z" }, later)).toMatchObject({
      from: "2026-05-03T11:00:00.000Z",
      to: "2026-05-03T12:00:00.000Z",
    });
  });

  test.each([
    [{ beforeFrom: "soon" }, "beforeFrom is no moment"],
    [{ beforeTo: "soon" }, "beforeTo is no moment"],
    [{ beforeFrom: "2026-05-04T13:00:00Z" }, "Give a `beforeFrom` that is before `beforeTo`"],
    [{ beforeFrom: "2026-01-01T00:00:00Z" }, "Give a `beforeFrom` that is nearer to `beforeTo`"],
  ])("says which of its moments is wrong: %j", (moments, message) => {
    expect(() => readEarlierWindow(clock, moments, later)).toThrow(message);
  });
});
