import { describe, expect, test } from "vitest";
import { consumerState, failureRate } from "./consumer-state.ts";

const CALM = {
  state: "active" as const,
  attemptsLastHour: { succeeded: 100, failed: 0 },
  oldestWaitingSeconds: null,
};

describe("A consumer", () => {
  test("is active when it keeps up, and when there is nothing to do", () => {
    expect(consumerState({ ...CALM, oldestWaitingSeconds: 2 })).toBe("active");
    expect(consumerState({ ...CALM, attemptsLastHour: { succeeded: 0, failed: 0 } })).toBe("active");
  });

  test("is failing from every tenth attempt on, and that comes before being behind", () => {
    expect(consumerState({ ...CALM, attemptsLastHour: { succeeded: 91, failed: 9 } })).toBe("active");
    const failing = { ...CALM, attemptsLastHour: { succeeded: 90, failed: 10 }, oldestWaitingSeconds: 900 };
    expect(consumerState(failing)).toBe("failing");
  });

  test("is behind when an event has waited for long", () => {
    expect(consumerState({ ...CALM, oldestWaitingSeconds: 30 })).toBe("behind");
  });

  test("is paused whatever its numbers say", () => {
    const failing = { ...CALM, attemptsLastHour: { succeeded: 0, failed: 10 }, oldestWaitingSeconds: 900 };
    expect(consumerState({ ...failing, state: "paused" })).toBe("paused");
  });

  test("is failing too when its own system delivers, and external while that goes well", () => {
    const external = { ...CALM, state: "external" as const };
    expect(consumerState(external)).toBe("external");
    expect(consumerState({ ...external, attemptsLastHour: { succeeded: 5, failed: 5 } })).toBe("failing");
  });

  test("has no failure rate without attempts", () => {
    expect(failureRate({ attemptsLastHour: { succeeded: 0, failed: 0 } })).toBeNull();
    expect(failureRate({ attemptsLastHour: { succeeded: 3, failed: 1 } })).toBe(0.25);
  });
});
