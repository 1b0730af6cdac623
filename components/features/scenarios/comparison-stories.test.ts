import { expect, test } from "vitest";
import type { ComparedSystemDto, ComparisonDto } from "#server/contract/scenario-comparison.ts";
import { longestTimes, storyUnderWay } from "./comparison-stories.ts";

const NOW = "2026-01-01T00:05:00.000Z";
const figures = {
  orders: 1,
  completed: 1,
  failed: 0,
  refused: 0,
  underWay: 0,
  halfDone: 0,
  answered: 1,
  answerMs: null,
  doneMs: null,
  lastFailed: null,
};

function comparison(systems: Partial<ComparedSystemDto>[]): ComparisonDto {
  return {
    minutes: 5,
    from: "2026-01-01T00:00:00.000Z",
    to: NOW,
    maxRate: 20,
    presets: [],
    systems: systems.map((system) => ({
      name: "orders-sync",
      runningSince: null,
      rate: 1,
      story: null,
      phases: [],
      isCapped: false,
      ...system,
    })),
  };
}

const story = (to: string | null, preset: "mail-is-slow" | null = "mail-is-slow") => ({
  service: "mail",
  preset,
  from: "2026-01-01T00:04:00.000Z",
  to,
});

test("a story goes on until its end, or until somebody ends it", () => {
  const later = "2026-01-01T00:05:10.000Z";
  expect(storyUnderWay(comparison([{}, { story: story(later) }]), "mail-is-slow")?.to).toBe(later);
  expect(storyUnderWay(comparison([{ story: story(null) }]), "mail-is-slow")).not.toBeNull();
  expect(storyUnderWay(comparison([{ story: story(NOW) }]), "mail-is-slow")).toBeNull();
});

test("what goes wrong by hand, or another story, is not that story", () => {
  expect(storyUnderWay(comparison([{ story: story(null, null) }]), "mail-is-slow")).toBeNull();
  expect(storyUnderWay(comparison([{ story: story(null) }]), "stock-is-down")).toBeNull();
});

test("bars are drawn against the longest time of all systems", () => {
  const phase = (answerMs: number | null) => ({
    kind: "whole" as const,
    from: NOW,
    to: NOW,
    figures: { ...figures, answerMs: answerMs === null ? null : { p50: 1, p95: answerMs } },
  });
  const compared = comparison([{ phases: [phase(20), phase(null)] }, { phases: [phase(2_060)] }]);
  expect(longestTimes(compared)).toEqual({ answerMs: 2_060, doneMs: 0 });
  expect(longestTimes(comparison([]))).toEqual({ answerMs: 0, doneMs: 0 });
});
