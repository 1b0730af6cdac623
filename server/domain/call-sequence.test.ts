import { expect, test } from "vitest";
import { type CallOutcome, callInTurn } from "./call-sequence.ts";

/** Services that take their time by a clock that only they move. */
function openServices(answers: Record<string, { ms: number; outcome?: CallOutcome }>) {
  let now = 1_000;
  const called: string[] = [];
  const call = async (service: string) => {
    called.push(service);
    const { ms = 0, outcome = "answered" } = answers[service] ?? {};
    now += ms;
    return outcome;
  };
  return { called, run: () => callInTurn(Object.keys(answers), call, () => now) };
}

test("the response takes the sum of all calls, in their order", async () => {
  const { called, run } = openServices({ inventory: { ms: 40 }, mail: { ms: 60 }, points: { ms: 15 } });
  const { calls, responseMs, done, failed } = await run();
  expect(called).toEqual(["inventory", "mail", "points"]);
  expect(calls.map(({ ms }) => ms)).toEqual([40, 60, 15]);
  expect(responseMs).toBe(115);
  expect(done).toEqual(called);
  expect(failed).toBeNull();
});

test("the first that fails ends it: what was done stays done, and the others are never called", async () => {
  const { called, run } = openServices({
    inventory: { ms: 40 },
    mail: { ms: 2_000, outcome: "timed-out" },
    points: { ms: 15 },
  });
  const { responseMs, done, failed } = await run();
  expect(called).toEqual(["inventory", "mail"]);
  expect(responseMs).toBe(2_040);
  expect(done).toEqual(["inventory"]);
  expect(failed).toEqual({ service: "mail", outcome: "timed-out", ms: 2_000 });
});

test("where the first is down, nothing was done", async () => {
  const { run } = openServices({ inventory: { ms: 1, outcome: "unreachable" }, mail: { ms: 60 } });
  expect(await run()).toMatchObject({ done: [], failed: { service: "inventory" }, calls: { length: 1 } });
});

test("two calls of the same service wait for each other", async () => {
  let open = 0;
  let most = 0;
  const call = async (): Promise<CallOutcome> => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return "answered";
  };
  await callInTurn(["mail", "mail", "mail"], call, () => 0);
  expect(most).toBe(1);
});
