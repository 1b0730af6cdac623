import { END, type ProcessMap, readEnd, START, type StepCounts } from "./process-map.ts";
import type { SagaState } from "./saga.ts";
import { quantileOf } from "./saga-norms.ts";

export type MapStep = Omit<StepCounts, "took" | "wentOnAfter"> & {
  key: string;
  /** Microseconds; null where no such step has ended. Off by at most 4.8 percent. */
  medianUs: number | null;
  p95Us: number | null;
  p99Us: number | null;
};

/** From a step, or the start, to a step, or the end. */
export type MapBranch = {
  from: string | null;
  to: string | null;
  /** How flows that ended here ended; null for a branch to a step. */
  end: SagaState | null;
  flows: number;
  times: number;
  /** Of the flows that had the step it comes from. */
  share: number;
};

export type MapVariant = {
  stages: string[][];
  flows: number;
  share: number;
  ends: { [state: string]: number };
  medianUs: number | null;
  p95Us: number | null;
};

/** A process map to be looked at: branches and variants with most flows first. */
export type ReadMap = {
  flows: number;
  steps: MapStep[];
  branches: MapBranch[];
  variants: MapVariant[];
  /** Flows whose variant is not among them, because there were too many. */
  otherFlows: number;
  ends: { [state: string]: number };
};

export function readMap({ flows, steps, branches, variants, ends }: ProcessMap): ReadMap {
  const flowsOf = (key: string) => (key === START ? flows : (steps[key]?.flows ?? 0));
  const found = Object.values(variants).map(
    ({ stages, flows: own, ends: ended, took }): MapVariant => ({
      stages,
      flows: own,
      share: flows === 0 ? 0 : own / flows,
      ends: ended,
      medianUs: quantileOf(took, 0.5),
      p95Us: quantileOf(took, 0.95),
    }),
  );
  return {
    flows,
    steps: Object.entries(steps)
      .map(([key, counts]) => readStep(key, counts))
      .sort((a, b) => b.flows - a.flows || (a.key < b.key ? -1 : 1)),
    branches: Object.entries(branches)
      .map(([key, { flows: own, times }]) => {
        const [from, to] = JSON.parse(key) as [string, string]; // written by `mapTrace`
        const end = readEnd(to);
        const share = flowsOf(from) === 0 ? 0 : own / flowsOf(from);
        return {
          from: from === START ? null : from,
          to: end === null ? to : null,
          end,
          flows: own,
          times,
          share,
        };
      })
      .sort(
        (a, b) => b.flows - a.flows || (`${a.from} ${a.to ?? END}` < `${b.from} ${b.to ?? END}` ? -1 : 1),
      ),
    variants: found.sort(
      (a, b) => b.flows - a.flows || (JSON.stringify(a.stages) < JSON.stringify(b.stages) ? -1 : 1),
    ),
    otherFlows: flows - found.reduce((sum, variant) => sum + variant.flows, 0),
    ends,
  };
}

function readStep(key: string, { took, wentOnAfter: _, ...counts }: StepCounts): MapStep {
  return {
    ...counts,
    key,
    medianUs: quantileOf(took, 0.5),
    p95Us: quantileOf(took, 0.95),
    p99Us: quantileOf(took, 0.99),
  };
}
