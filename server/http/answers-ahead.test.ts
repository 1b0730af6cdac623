import { expect, test, vi } from "vitest";
import { AnswersAhead } from "./answers-ahead.ts";

function open() {
  let nowMs = 0;
  const answers = new AnswersAhead<number>({ elapsedMs: () => nowMs });
  return { answers, pass: (ms: number) => (nowMs += ms) };
}

test("An answer is worked out once for who was announced, and given once", async () => {
  const { answers } = open();
  const work = vi.fn(async () => 7);
  answers.begin("a", work);
  answers.begin("a", work);
  expect(work).toHaveBeenCalledTimes(1);
  expect(answers.take("b")).toBeNull();
  expect(await answers.take("a")).toBe(7);
  expect(answers.take("a")).toBeNull();
});

test("What nobody comes for is forgotten, and makes room", () => {
  const { answers, pass } = open();
  const work = vi.fn(async () => 7);
  for (let n = 0; n < 20; n += 1) answers.begin(`${n}`, work);
  const most = work.mock.calls.length;
  expect(most).toBeLessThan(20);
  pass(5_000);
  expect(answers.take("0")).toBeNull();
  answers.begin("another", work);
  expect(work).toHaveBeenCalledTimes(most + 1);
});

test("What could not be worked out is said to who comes for it, and to nobody else", async () => {
  const { answers } = open();
  const fail = () => Promise.reject(new Error("There is no such flow."));
  answers.begin("a", fail);
  answers.begin("nobody comes", fail);
  await expect(answers.take("a")).rejects.toThrow("There is no such flow.");
});
