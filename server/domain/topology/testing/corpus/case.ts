import type { ObservedFlow } from "../../observed-flow.ts";
import type { Verdict } from "../../verdict.ts";
import { type System, simulateFlows } from "../simulate-flow.ts";

/** Flows with a known answer. */
export type CorpusCase = {
  name: string;
  expected: Verdict;
  flows: (seed: number) => readonly ObservedFlow[];
};

export const USUAL_FLOWS = 40;

/** A case from a system that runs; `alter` may spoil what was recorded of each flow. */
export function running(
  name: string,
  expected: Verdict,
  system: System,
  {
    count = USUAL_FLOWS,
    alter,
  }: { count?: number; alter?: (flow: ObservedFlow, seed: number) => ObservedFlow } = {},
): CorpusCase {
  return {
    name,
    expected,
    flows: (seed) =>
      simulateFlows(system, count, seed).map((flow, index) =>
        alter === undefined ? flow : alter(flow, seed * 104_729 + index),
      ),
  };
}
