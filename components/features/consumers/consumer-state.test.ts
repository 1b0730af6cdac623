import { describe, expect, test } from "vitest";
import { consumerState, failureRate } from "./consumer-state.ts";

const CALM = {
  state: "active" as const,
  attemptsLately: { succeeded: 100, failed: 0 },
  retrying: { count: 0, exact: true },
  oldestWaitingSeconds: null,
};

describe("A consumer", () => {
  test("is active when it keeps up, and when there is nothing to do", () => {
    expect(consumerState({ ...CALM, oldestWaitingSeconds: 2 })).toBe("active");
    expect(consumerState({ ...CALM, attemptsLately: { succeeded: 0, failed: 0 } })).toBe("active");
  });

  test("is failing from every tenth attempt on, and that comes before being behind", () => {
    expect(consumerState({ ...CALM, attemptsLately: { succeeded: 91, failed: 9 } })).toBe("active");
    const failing = { ...CALM, attemptsLately: { succeeded: 90, failed: 10 }, oldestWaitingSeconds: 900 };
    expect(consumerState(failing)).toBe("failing");
  });

  test("is failing while what failed waits for its next attempt, and well again once attempts succeed", () => {
    const retrying = { count: 5, exact: true };
    const waiting = { ...CALM, retrying, attemptsLately: { succeeded: 0, failed: 0 } };
    expect(consumerState(waiting)).toBe("failing");
    expect(consumerState({ ...waiting, state: "external" })).toBe("external");
    expect(consumerState({ ...waiting, attemptsLately: { succeeded: 40, failed: 1 } })).toBe("active");
    expect(consumerState({ ...waiting, retrying: { count: 0, exact: true } })).toBe("active");
  });

  test("is behind when an event has waited for long", () => {
    expect(consumerState({ ...CALM, oldestWaitingSeconds: 30 })).toBe("behind");
  });

  test("is paused whatever its numbers say", () => {
    const failing = { ...CALM, attemptsLately: { succeeded: 0, failed: 10 }, oldestWaitingSeconds: 900 };
    expect(consumerState({ ...failing, state: "paused" })).toBe("paused");
  });

  test("is failing too when its own system delivers, and external while that goes well", () => {
    const external = { ...CALM, state: "external" as const };
    expect(consumerState(external)).toBe("external");
    expect(consumerState({ ...external, attemptsLately: { succeeded: 5, failed: 5 } })).toBe("failing");
  });

  test("has no failure rate without attempts", () => {
    expect(failureRate({ succeeded: 0, failed: 0 })).toBeNull();
    expect(failureRate({ succeeded: 3, failed: 1 })).toBe(0.25);
  });
});
