import { describe, expect, it, vi } from "vitest";
import { judge } from "./judge-flows.ts";
import { drawMatrix, type Judged } from "./testing/confusion-matrix.ts";
import { randomBroker, randomMediator, randomMixture } from "./testing/random-systems.ts";
import { simulateFlows } from "./testing/simulate-flow.ts";
import { withGaps } from "./testing/spoil-flow.ts";
import { summarizeAll } from "./testing/summarize-all.ts";

// Simulating systems takes its time on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const FAMILIES = [
  { expected: "broker", make: randomBroker },
  { expected: "mediator", make: randomMediator },
  { expected: "mixed", make: randomMixture },
] as const;

/** Systems of each family. The rules and their borders were fixed before these seeds were drawn. */
const SYSTEMS = 25;
const FIRST_SEED = 700_000;

describe("the verdict on systems that nobody has looked at", () => {
  it("is right on each", () => {
    const judged = FAMILIES.flatMap(({ expected, make }, family) =>
      Array.from({ length: SYSTEMS }, (_, index): Judged => {
        const seed = FIRST_SEED + family * 1_000 + index;
        const gaps = withGaps(index % 4 === 0 ? 0.1 : 0);
        const flows = simulateFlows(make(seed), 20 + (seed % 40), seed).map((flow, at) =>
          gaps(flow, seed + at),
        );
        const { verdict, confidence } = judge(summarizeAll(flows));
        return { name: `${expected} ${seed}`, expected, found: verdict, confidence };
      }),
    );
    console.log(drawMatrix(judged));
    expect(judged.filter(({ expected, found }) => expected !== found)).toEqual([]);
  });
});
