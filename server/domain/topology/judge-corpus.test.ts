import { describe, expect, it, vi } from "vitest";
import { judge } from "./judge-flows.ts";
import { drawMatrix, type Judged } from "./testing/confusion-matrix.ts";
import { MIXED, UNCLEAR } from "./testing/corpus/borders.ts";
import { BROKERS } from "./testing/corpus/brokers.ts";
import { MEDIATORS } from "./testing/corpus/mediators.ts";
import { summarizeAll } from "./testing/summarize-all.ts";

// Simulating systems takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const CORPUS = [...BROKERS, ...MEDIATORS, ...MIXED, ...UNCLEAR];
const SEEDS = [1, 2, 3];

describe("the verdict on flows with a known answer", () => {
  const judged: Judged[] = [];

  it.each(CORPUS)("$expected: $name", ({ name, expected, flows }) => {
    for (const seed of SEEDS) {
      const { verdict, confidence, evidence } = judge(summarizeAll(flows(seed)));
      judged.push({ name, expected, found: verdict, confidence });
      expect(verdict, JSON.stringify(evidence, null, 1)).toBe(expected);
    }
  });

  it("has at least 40 of them, and mistakes none", () => {
    console.log(drawMatrix(judged));
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThanOrEqual(40);
    expect(judged.filter(({ expected, found }) => expected !== found)).toEqual([]);
  });
});
