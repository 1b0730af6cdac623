import { expect, test } from "vitest";
import { readMoment, toWallClock } from "./local-moment.ts";
import { muteEnd, problemOfEnd } from "./mute-end.ts";

const NOW = Date.parse("2026-01-31T17:30:00Z");
const tokyo = {
  write: (at: string) => toWallClock(at, "Asia/Tokyo"),
  read: (text: string) => readMoment(text, "Asia/Tokyo"),
};

test("a mute ends after a while, or tomorrow at nine where the reader is", () => {
  expect(muteEnd("1h", "", NOW, tokyo)).toBe("2026-01-31T18:30:00.000Z");
  expect(muteEnd("4h", "", NOW, tokyo)).toBe("2026-01-31T21:30:00.000Z");
  expect(muteEnd("1w", "", NOW, tokyo)).toBe("2026-02-07T17:30:00.000Z");
  // In Tokyo it is the first of February already.
  expect(muteEnd("tomorrow", "", NOW, tokyo)).toBe("2026-02-02T00:00:00.000Z");
});

test("another end is read as it is typed", () => {
  expect(muteEnd("other", "2026-03-01 08:00", NOW, tokyo)).toBe("2026-02-28T23:00:00.000Z");
  expect(muteEnd("other", "soon", NOW, tokyo)).toBeNull();
});

test("a mute ends in the next ninety days", () => {
  const after = (ms: number) => problemOfEnd(new Date(NOW + ms).toISOString(), NOW);
  const days = (count: number) => count * 86_400_000;
  expect([after(-1), after(0), after(1), after(days(90)), after(days(90) + 1)]).toEqual([
    "past",
    "past",
    null,
    null,
    "far",
  ]);
  expect(problemOfEnd(null, NOW)).toBe("unread");
});
