import { describe, expect, test } from "vitest";
import { frameAt, framesOf, windowBefore } from "./time-frames.ts";

const now = Date.parse("2026-01-05T10:07:31.500Z");

describe("A playback", () => {
  test("goes in whole minutes up to the last one that has passed, without gaps", () => {
    const frames = framesOf("1h", now);
    expect(frames).toHaveLength(30);
    expect(frames.at(0)?.from).toBe("2026-01-05T09:07:00.000Z");
    expect(frames.at(-1)?.to).toBe("2026-01-05T10:07:00.000Z");
    for (const [index, frame] of frames.slice(1).entries()) expect(frame.from).toBe(frames[index]?.to);
  });

  test("finds the frame of a window, and the nearest one for another window", () => {
    const frames = framesOf("6h", now);
    expect(frameAt(frames, frames[7] ?? { to: "" })).toBe(7);
    expect(frameAt(frames, { to: "2026-01-01T00:00:00.000Z" })).toBe(0);
    expect(frameAt(frames, { to: "2027-01-01T00:00:00.000Z" })).toBe(frames.length - 1);
  });
});

test("a window is compared with the one just before it, or with the same time on an earlier day", () => {
  const window = { from: "2026-01-05T10:00:00.000Z", to: "2026-01-05T10:15:00.000Z" };
  expect(windowBefore(window, "previous")).toEqual({
    from: "2026-01-05T09:45:00.000Z",
    to: "2026-01-05T10:00:00.000Z",
  });
  expect(windowBefore(window, "day").from).toBe("2026-01-04T10:00:00.000Z");
  expect(windowBefore(window, "week").to).toBe("2025-12-29T10:15:00.000Z");
});

test("a window is compared with any other, whose open end makes both as long", () => {
  const window = { from: "2026-01-05T10:00:00.000Z", to: "2026-01-05T10:15:00.000Z" };
  const before = (from: string | null, to: string | null) => windowBefore(window, "chosen", { from, to });
  const [start, end] = ["2026-01-02T08:00:00.000Z", "2026-01-02T09:30:00.000Z"];
  expect(before(start, end)).toEqual({ from: start, to: end });
  expect(before(start, null)).toEqual({ from: start, to: "2026-01-02T08:15:00.000Z" });
  expect(before(null, end)).toEqual({ from: "2026-01-02T09:15:00.000Z", to: end });
  const previous = windowBefore(window, "previous");
  for (const [from, to] of [
    [null, null],
    [end, start],
    ["yesterday", end],
  ] as const) {
    expect(before(from, to)).toEqual(previous);
  }
});
