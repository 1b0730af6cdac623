import { binOf } from "../log-histogram.ts";
import { keepSmallest } from "../topology/bounded-table.ts";
import { addCounts, type Counts, type Table } from "../topology/flow-summary.ts";
import type { Saga, SagaState } from "./saga.ts";
import type { StepNorm } from "./saga-norms.ts";
import type { Trace, TraceStep } from "./trace.ts";
import { variantOf } from "./variants.ts";

export type StepCounts = StepNorm & {
  name: string;
  service: string | null;
  /** Times that the step was taken; a flow may take it more than once. */
  visits: number;
  compensating: number;
  /** How those stood when they were counted. */
  states: Counts;
};

export type BranchCounts = { flows: number; times: number };

export type VariantCounts = {
  flows: number;
  /** Steps in the order of the stages in which they ran, in parallel within one. */
  stages: string[][];
  ends: Counts;
  /** How long such flows took, by bin. */
  took: Counts;
};

/**
 * Many traces of one kind, as counts: maps of any traces add up, in any order and any grouping, as long as none of the
 * tables is full.
 */
export type ProcessMap = {
  flows: number;
  steps: Table<StepCounts>;
  /** By [from, to]: keys of steps, or `START` and `[END, state]`. */
  branches: Table<BranchCounts>;
  /** By the steps that were taken and their order. */
  variants: Table<VariantCounts>;
  ends: Counts;
};

export const START = "start";
export const END = "end";

/**
 * The most rows of each table. A step or branch that is kept has lost nothing, for which ones are kept depends on their
 * names alone. Of variants the most frequent are kept; one that was cut off before may have been taken more often.
 */
export const MAP_LIMITS = { steps: 512, branches: 2_048, variants: 512 };

export const EMPTY_MAP: ProcessMap = { flows: 0, steps: {}, branches: {}, variants: {}, ends: {} };

/**
 * The map of one trace. Branches are counted from each step to those that its answer led to. What is to say how steps
 * normally go (`SagaNorms`) is the map of sagas that have ended: of the others, the last step is not known.
 */
export function mapTrace(trace: Trace, { state }: Pick<Saga, "state">): ProcessMap {
  const all = withoutUnheard(trace);
  const taken = [...all.entries()].filter(([, step]) => step.state !== "planned");
  const followers = Map.groupBy(taken, ([, { after }]) => after);
  const undoing = new Set(trace.compensations.map(({ step }) => step));
  const steps: Table<StepCounts> = {};
  const branches: Table<BranchCounts> = {};
  const lasts = new Map<string, boolean>();
  for (const [index, step] of taken) {
    const next = (followers.get(index) ?? []).map(([, follower]) => follower);
    const one = countStep(step, next, undoing.has(index));
    const known = steps[step.key];
    steps[step.key] = known === undefined ? one : { ...mergeSteps(known, one), flows: 1 };
    lasts.set(step.key, (lasts.get(step.key) ?? true) && next.length === 0);
    const from = step.after === null ? START : (all[step.after]?.key ?? START);
    addBranch(branches, from, step.key);
    if (next.length === 0) addBranch(branches, step.key, JSON.stringify([END, state]));
  }
  for (const [key, isLast] of lasts) {
    const counts = steps[key];
    if (counts !== undefined) counts.last = isLast ? 1 : 0;
  }
  if (taken.length === 0) addBranch(branches, START, JSON.stringify([END, state]));
  const { id, stages } = variantOf({ steps: all });
  const ends = { [state]: 1 };
  const took = { [binOf(Math.max(0, trace.endUs - trace.startUs))]: 1 };
  return { flows: 1, steps, branches, variants: { [id]: { flows: 1, stages, ends, took } }, ends };
}

const UNDER_WAY: ReadonlySet<TraceStep["state"]> = new Set(["waiting", "working", "retrying"]);

/**
 * The steps, where what a mediator has yet to hear counts as not begun. It may end a saga before all its deliveries are
 * settled; once they are, they are no steps.
 */
function withoutUnheard({ steps, mediators }: Trace): TraceStep[] {
  const isUnheard = ({ isTold, service, state }: TraceStep) =>
    !isTold && service !== null && mediators.includes(service) && UNDER_WAY.has(state);
  const lastHeard = (index: number | null): number | null => {
    const step = index === null ? undefined : steps[index];
    return step !== undefined && isUnheard(step) ? lastHeard(step.after) : index;
  };
  return steps.map((step) =>
    isUnheard(step) ? { ...step, state: "planned" } : { ...step, after: lastHeard(step.after) },
  );
}

/** Whether a flow took any way: not one that nobody took on, and that ended well because nothing was to be waited for. */
export function tookWay({ steps }: Pick<Trace, "steps">, { state }: Pick<Saga, "state">): boolean {
  return state !== "completed" || steps.some((step) => step.state !== "planned");
}

function countStep(step: TraceStep, next: readonly TraceStep[], isUndoing: boolean): StepCounts {
  const { name, service, state, startedUs, endedUs } = step;
  const took = startedUs === null || endedUs === null ? null : Math.max(0, endedUs - startedUs);
  const began = next.flatMap((follower) => follower.startedUs ?? []).sort((a, b) => a - b)[0];
  const wentOn = began === undefined || endedUs === null ? null : Math.max(0, began - endedUs);
  return {
    name,
    service,
    flows: 1,
    visits: 1,
    last: 1,
    compensating: isUndoing ? 1 : 0,
    states: { [state]: 1 },
    took: took === null ? {} : { [binOf(took)]: 1 },
    wentOnAfter: wentOn === null ? {} : { [binOf(wentOn)]: 1 },
  };
}

function addBranch(branches: Table<BranchCounts>, from: string, to: string): void {
  const key = JSON.stringify([from, to]);
  branches[key] = { flows: 1, times: (branches[key]?.times ?? 0) + 1 };
}

export function mergeMaps(a: ProcessMap, b: ProcessMap): ProcessMap {
  return {
    flows: a.flows + b.flows,
    steps: keepSmallest(mergeTables(a.steps, b.steps, mergeSteps), MAP_LIMITS.steps),
    branches: keepSmallest(mergeTables(a.branches, b.branches, mergeBranches), MAP_LIMITS.branches),
    variants: keepFrequent(mergeTables(a.variants, b.variants, mergeVariants), MAP_LIMITS.variants),
    ends: addCounts(a.ends, b.ends),
  };
}

function mergeSteps(a: StepCounts, b: StepCounts): StepCounts {
  return {
    name: lesser(a.name, b.name),
    service: mergeServices(a.service, b.service),
    flows: a.flows + b.flows,
    visits: a.visits + b.visits,
    last: a.last + b.last,
    compensating: a.compensating + b.compensating,
    states: addCounts(a.states, b.states),
    took: addCounts(a.took, b.took),
    wentOnAfter: addCounts(a.wentOnAfter, b.wentOnAfter),
  };
}

/**
 * A service is known by what it emits under until it is seen that a consumer is the same one. The name of the consumer
 * goes before that, which hardly ever has a slash in it.
 */
function mergeServices(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  if (a.includes("/") === b.includes("/")) return lesser(a, b);
  return a.includes("/") ? b : a;
}

function lesser(a: string, b: string): string {
  return a < b ? a : b;
}

function keepFrequent(table: Table<VariantCounts>, limit: number): Table<VariantCounts> {
  const rows = Object.entries(table);
  if (rows.length <= limit) return table;
  const sorted = rows.sort(([a, one], [b, other]) => other.flows - one.flows || (a < b ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, limit));
}

function mergeBranches(a: BranchCounts, b: BranchCounts): BranchCounts {
  return { flows: a.flows + b.flows, times: a.times + b.times };
}

function mergeVariants(a: VariantCounts, b: VariantCounts): VariantCounts {
  return {
    flows: a.flows + b.flows,
    stages: a.stages,
    ends: addCounts(a.ends, b.ends),
    took: addCounts(a.took, b.took),
  };
}

function mergeTables<Row>(a: Table<Row>, b: Table<Row>, merge: (a: Row, b: Row) => Row): Table<Row> {
  const merged = new Map(Object.entries(a));
  for (const [key, row] of Object.entries(b)) {
    const other = merged.get(key);
    merged.set(key, other === undefined ? row : merge(other, row));
  }
  return Object.fromEntries(merged);
}

/** Reads how flows of a state ended from the end of a branch; null for a branch to a step. */
export function readEnd(to: string): SagaState | null {
  if (!to.startsWith(`["${END}",`)) return null;
  const [, state] = JSON.parse(to) as [string, SagaState]; // written by `mapTrace`
  return state;
}
