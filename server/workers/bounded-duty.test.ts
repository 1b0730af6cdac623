import { expect, test } from "vitest";
import { BoundedDuty } from "./bounded-duty.ts";

/** A duty whose pieces take some time, with how long it rested after each, while others are busy by turns. */
function trial(loadAt: (ms: number) => number) {
  const { signal } = new AbortController();
  let nowMs = 0;
  const duty = new BoundedDuty({
    loadSince: () => loadAt(nowMs),
    rest: async (ms) => {
      nowMs += ms;
    },
    elapsedMs: () => nowMs,
  });
  return async (workMs: number, isMore = true) => {
    await duty.work(signal, async () => {
      nowMs += workMs;
      return isMore;
    });
    const endedMs = nowMs;
    nowMs = 0;
    return Math.round(endedMs - workMs);
  };
}

test("work takes its share of the time, a small one while others are busy", async () => {
  const busy = trial(() => 0.9);
  expect(await busy(80)).toBe(920);
  expect(await busy(400)).toBe(4_600);
  const idle = trial(() => 0.1);
  await idle(80);
  expect(await idle(600)).toBe(400);
  expect(await idle(600, false)).toBe(0);
});

test("a rest ends soon after others are not busy any more", async () => {
  const restedMs = await trial((ms) => (ms < 5_000 ? 0.9 : 0.1))(2_000);
  expect(restedMs).toBeGreaterThan(3_000);
  expect(restedMs).toBeLessThan(5_500);
});

test("a piece that took very long is rested from for half a minute at most", async () => {
  expect(await trial(() => 1)(9_000)).toBe(30_000);
});
