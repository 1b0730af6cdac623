import { expect, test } from "vitest";
import { createFixedClock } from "#server/platform/clock.ts";
import { restUnderPressure } from "./rest-under-pressure.ts";

function setUp(isPressed: () => boolean, signal = new AbortController().signal) {
  const clock = createFixedClock("2026-01-01T00:00:00Z");
  const workedAt: number[] = [];
  const rest = async (ms: number) => clock.advance(ms);
  const run = restUnderPressure({ isPressed, elapsedMs: clock.elapsedMs, rest }, signal, async () => {
    workedAt.push(clock.elapsedMs());
    return true;
  });
  return { clock, workedAt, run };
}

test("without pressure work follows on work", async () => {
  const { workedAt, run } = setUp(() => false);
  for (let round = 0; round < 3; round += 1) expect(await run()).toBe(true);
  expect(workedAt).toEqual([0, 0, 0]);
});

test("under pressure a piece of work is done every four seconds", async () => {
  const { workedAt, run } = setUp(() => true);
  for (let round = 0; round < 3; round += 1) await run();
  expect(workedAt).toEqual([0, 4_000, 8_000]);
});

test("in a turn that lasts, pieces follow each other until none is left or the turn is over", async () => {
  const clock = createFixedClock("2026-01-01T00:00:00Z");
  const rest = async (ms: number) => clock.advance(ms);
  const workedAt: number[] = [];
  const run = restUnderPressure(
    { isPressed: () => true, elapsedMs: clock.elapsedMs, turnMs: 500, rest },
    new AbortController().signal,
    async () => {
      workedAt.push(clock.elapsedMs());
      clock.advance(200);
      return workedAt.length !== 5;
    },
  );
  for (let round = 0; round < 6; round += 1) await run();
  expect(workedAt).toEqual([0, 200, 400, 4_000, 4_200, 8_000]);
});

test("a rest ends when the pressure does", async () => {
  const { clock, workedAt, run } = setUp(() => clock.elapsedMs() < 250);
  for (let round = 0; round < 3; round += 1) await run();
  expect(workedAt).toEqual([0, 300, 300]);
});

test("work that fails has worked, and a stop ends a rest without any", async () => {
  const stopping = new AbortController();
  const clock = createFixedClock("2026-01-01T00:00:00Z");
  let tries = 0;
  const run = restUnderPressure(
    {
      isPressed: () => true,
      elapsedMs: clock.elapsedMs,
      rest: async (ms) => {
        clock.advance(ms);
        if (clock.elapsedMs() === 500) stopping.abort();
      },
    },
    stopping.signal,
    async () => {
      tries += 1;
      throw new Error("It fails.");
    },
  );
  await expect(run()).rejects.toThrow("It fails.");
  expect(await run()).toBe(false);
  expect([tries, clock.elapsedMs()]).toEqual([1, 500]);
});
