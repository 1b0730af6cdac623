import { expect, test } from "vitest";
import { Bell } from "./bell.ts";

const HOUR_MS = 3_600_000;

/** A bell with two sleepers, and who of them is awake. */
function twoAsleep(signal = new AbortController().signal) {
  const bell = new Bell();
  const awake: string[] = [];
  const sleepers = ["first", "second"].map((name) =>
    bell.sleep(HOUR_MS, signal).then(() => {
      awake.push(name);
    }),
  );
  return { bell, awake, sleepers };
}

test("a ring wakes one sleeper, the next one another", async () => {
  const { bell, awake, sleepers } = twoAsleep();
  bell.ring();
  await sleepers[0];
  expect(awake).toEqual(["first"]);
  bell.ring();
  await sleepers[1];
  expect(awake).toEqual(["first", "second"]);
});

test("a ring that nobody heard keeps one from falling asleep, however often it rang", async () => {
  const bell = new Bell();
  const { signal } = new AbortController();
  bell.ring();
  bell.ring();
  await bell.sleep(HOUR_MS, signal);
  const asleep = bell.sleep(HOUR_MS, signal).then(() => "awake");
  expect(await Promise.race([asleep, Promise.resolve("asleep")])).toBe("asleep");
  bell.ring();
  expect(await asleep).toBe("awake");
});

test("time and the signal wake too", async () => {
  const bell = new Bell();
  const stopping = new AbortController();
  await bell.sleep(1, stopping.signal);
  const { sleepers } = twoAsleep(stopping.signal);
  stopping.abort();
  await Promise.all(sleepers);
  await bell.sleep(HOUR_MS, stopping.signal);
});
