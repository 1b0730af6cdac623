import {
  type Divergence,
  type DurationPair,
  pairSteps,
  type StepPair,
  type TraceComparison,
} from "#server/domain/sagas/compare-traces.ts";
import type { Trace, TraceStep } from "#server/domain/sagas/trace.ts";

/** A step of both ways, side by side. */
export type ComparedStep = Omit<StepPair, "left" | "right"> & {
  name: string;
  left: ComparedSide | null;
  right: ComparedSide | null;
  divergence: Divergence | null;
  duration: DurationPair | null;
  /** In how many fields the payloads of the step differ; at least so many where they were cut. */
  fields: number;
};

export type ComparedSide = {
  /** Its index in its trace. */
  step: number;
  state: TraceStep["state"];
  service: string | null;
  tookUs: number | null;
  /** The name of the step that it takes back. */
  undoes: string | null;
  answers: string[];
};

type Sides = { left: Trace; right: Trace; comparison: TraceComparison };

/** Both ways through a process aligned, with everything in which their steps differ. */
export function toComparedSteps({ left, right, comparison }: Sides): ComparedStep[] {
  const divergences = new Map(comparison.divergences.map((one) => [nameOf(one), one]));
  const durations = new Map(comparison.durations.map((one) => [nameOf(one), one]));
  const fields = new Map<string, number>();
  for (const { difference, ...pair } of comparison.payloads) {
    const count = difference.kind === "json" ? difference.fields.length : 1;
    fields.set(nameOf(pair), (fields.get(nameOf(pair)) ?? 0) + count);
  }
  return pairSteps(left, right).map((pair): ComparedStep => {
    const name = nameOf(pair);
    return {
      ...pair,
      name: stepName(left, pair.left) ?? stepName(right, pair.right) ?? pair.key,
      left: sideOf(left, pair.left),
      right: sideOf(right, pair.right),
      divergence: divergences.get(name) ?? null,
      duration: durations.get(name) ?? null,
      fields: fields.get(name) ?? 0,
    };
  });
}

/** The same pair has the same name. */
export function nameOf({ key, occurrence }: Pick<StepPair, "key" | "occurrence">): string {
  return `${occurrence} ${key}`;
}

export function stepName({ steps }: Trace, index: number | null): string | null {
  return index === null ? null : (steps[index]?.name ?? null);
}

function sideOf(trace: Trace, index: number | null): ComparedSide | null {
  const step = index === null ? undefined : trace.steps[index];
  if (index === null || step === undefined) return null;
  const undoing = trace.compensations.find((compensation) => compensation.step === index);
  const { startedUs, endedUs } = step;
  return {
    step: index,
    state: step.state,
    service: trace.services.find(({ id }) => id === step.service)?.name ?? step.service,
    tookUs: startedUs === null || endedUs === null ? null : endedUs - startedUs,
    undoes: undoing === undefined ? null : stepName(trace, undoing.undoes),
    answers: [...new Set(step.answers.flatMap((event) => trace.events[event]?.type ?? []))],
  };
}

/** The longest duration of all, to which bars are drawn. */
export function longestUs(steps: readonly ComparedStep[]): number {
  const lengths = steps.flatMap(({ left, right }) => [left?.tookUs ?? 0, right?.tookUs ?? 0]);
  return lengths.reduce((longest, each) => Math.max(longest, each), 0);
}
