import { describe, expect, test } from "vitest";
import {
  byHarm,
  type ConsumerFacts,
  overallHealth,
  type Problem,
  problemOfLag,
  problemOfSilence,
  problemsOfConsumer,
} from "./problems.ts";

const NOW = Date.parse("2026-01-31T12:00:30Z");
const MINUTE_MS = 60_000;

const well: ConsumerFacts = {
  consumer: "billing",
  isPaused: false,
  minutes: [],
  lately: { attempts: 10, failed: 0 },
  lastMinute: { attempts: 60, failed: 0 },
  usualFailureRate: 0.01,
  backlog: 0,
  backlogBefore: 0,
  oldestWaitingS: null,
};
const kinds = (facts: Partial<ConsumerFacts>) =>
  problemsOfConsumer({ ...well, ...facts }, NOW).map(({ kind, health }) => `${kind} ${health}`);

describe("a consumer", () => {
  test("that handles what it gets has no problem", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ lately: { attempts: 0, failed: 0 }, lastMinute: { attempts: 0, failed: 0 } })).toEqual([]);
  });

  test("that has begun to fail a few seconds ago is failing, since the minute in which that began", () => {
    const [problem] = problemsOfConsumer(
      {
        ...well,
        minutes: [
          { attempts: 60, failed: 0 },
          { attempts: 60, failed: 10 },
          { attempts: 30, failed: 10 },
        ],
        lately: { attempts: 10, failed: 9 },
        lastMinute: { attempts: 60, failed: 9 },
      },
      NOW,
    );
    expect(problem).toMatchObject({
      kind: "consumer-failing",
      health: "failing",
      amount: 0.9,
      usual: 0.01,
      sinceMs: Date.parse("2026-01-31T11:59:00Z"),
    });
  });

  test("with something waiting and nothing handled for a minute stands still, unless it is paused", () => {
    const still = {
      backlog: 3,
      oldestWaitingS: 90,
      lately: { attempts: 0, failed: 0 },
      lastMinute: { attempts: 0, failed: 0 },
    };
    expect(kinds(still)).toEqual(["consumer-stalled failing"]);
    expect(kinds({ ...still, isPaused: true })).toEqual([]);
  });

  test("whose backlog grows falls behind; one that is being worked off does not", () => {
    const behind = { backlog: 500, backlogBefore: 100, oldestWaitingS: 45 };
    expect(kinds(behind)).toEqual(["backlog-growing degraded"]);
    expect(kinds({ ...behind, oldestWaitingS: 700 })).toEqual(["backlog-growing failing"]);
    expect(kinds({ ...behind, backlogBefore: 600 })).toEqual([]);
    expect(kinds({ ...behind, backlog: 20, backlogBefore: 1 })).toEqual([]);
  });
});

describe("what is behind", () => {
  const lag = (lagS: number, isBroken = false) =>
    problemOfLag("projection-behind", { name: "orders", lagS, isBroken }, NOW)?.health ?? null;

  test("is a problem from half a minute on, or as soon as it is broken", () => {
    expect([lag(5), lag(40), lag(400), lag(0, true)]).toEqual([null, "degraded", "failing", "failing"]);
  });
});

describe("a source", () => {
  const hours = Array.from({ length: 24 }, () => 3_600);
  const silence = (silentMs: number, counts = hours) =>
    problemOfSilence({ source: "/shop", hours: counts, lastMs: NOW - silentMs }, NOW);

  test("that was steady and has been silent for ten minutes is missed", () => {
    expect(silence(5 * MINUTE_MS)).toBeNull();
    expect(silence(11 * MINUTE_MS)).toMatchObject({ kind: "source-silent", amount: 660, usual: 1 });
  });

  test("that only emits now and then is not", () => {
    expect(silence(60 * MINUTE_MS, [5_000, ...Array.from({ length: 23 }, () => 0)])).toBeNull();
    expect(problemOfSilence({ source: "/shop", hours, lastMs: null }, NOW)).toBeNull();
  });
});

test("problems are ordered by the harm that they do, and the worst says how everything is", () => {
  const problem = (kind: Problem["kind"], health: Problem["health"], amount: number): Problem => ({
    kind,
    health,
    key: kind,
    subject: kind,
    sinceMs: null,
    amount,
    usual: null,
    affected: null,
  });
  const problems = [
    problem("source-silent", "degraded", 900),
    problem("consumer-failing", "degraded", 0.1),
    problem("projection-behind", "failing", 400),
    problem("consumer-failing", "failing", 0.5),
  ];
  expect(problems.toSorted(byHarm).map(({ kind, health }) => `${kind} ${health}`)).toEqual([
    "consumer-failing failing",
    "projection-behind failing",
    "consumer-failing degraded",
    "source-silent degraded",
  ]);
  expect(overallHealth(problems, true)).toBe("failing");
  expect([overallHealth([], true), overallHealth([], false)]).toEqual(["ok", "unknown"]);
});
