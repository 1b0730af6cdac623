import { diffPayloads, type PayloadDifference } from "./diff-payloads.ts";
import { pick } from "./step-context.ts";
import type { StepState, Trace } from "./trace.ts";

/** The same step in two traces, by its key and the how-manieth time it was taken; null where a trace has none. */
export type StepPair = { key: string; occurrence: number; left: number | null; right: number | null };

export type Divergence = StepPair & {
  kind:
    | "only-left"
    | "only-right"
    /** It came to something else. */
    | "state"
    /** It was answered with other types. */
    | "answer";
  leftState: StepState | null;
  rightState: StepState | null;
};

export type DurationPair = StepPair & {
  leftUs: number;
  rightUs: number;
  /** Right less left. */
  byUs: number;
};

export type PayloadPair = StepPair & {
  /** Positions of the events that are compared: what began the step, or the first answer to it. */
  part: "asked" | "answer";
  leftPosition: string;
  rightPosition: string;
  difference: PayloadDifference;
};

export type TraceComparison = {
  /** The earliest step in which the traces differ; null where they took the same way. */
  first: Divergence | null;
  divergences: Divergence[];
  /** Of steps that ended in both; those that differ most come first. */
  durations: DurationPair[];
  /** Of steps that both took, only where they differ. */
  payloads: PayloadPair[];
  /** How many payloads were compared, and how many could not be because one of them was not given. */
  compared: { payloads: number; missing: number };
};

/** JSON by position of the event. */
export type Payloads = ReadonlyMap<string, string>;

/**
 * Compares two sagas of one type, step by step. A step is the same by what it is, not by when it was taken, so steps
 * that ran side by side may have ended in any order. The first divergence is that of the earliest step, by the order of
 * causes, that only one trace has or that came to something else.
 */
export function compareTraces(
  left: Trace,
  right: Trace,
  payloads: { left: Payloads; right: Payloads },
): TraceComparison {
  const pairs = pairSteps(left, right);
  const divergences = pairs.flatMap((pair) => divergenceOf(left, right, pair) ?? []);
  const both = pairs.filter((pair) => pair.left !== null && pair.right !== null);
  const durations = both.flatMap((pair) => durationOf(left, right, pair) ?? []);
  const compared = both.flatMap((pair) => payloadsOf(left, right, pair, payloads));
  const known = compared.flatMap((one) =>
    one.difference === null ? [] : [{ ...one, difference: one.difference }],
  );
  return {
    first: divergences[0] ?? null,
    divergences,
    durations: durations.sort((a, b) => Math.abs(b.byUs) - Math.abs(a.byUs)),
    payloads: known.filter(({ difference }) => isDifferent(difference)),
    compared: { payloads: known.length, missing: compared.length - known.length },
  };
}

/**
 * The steps of both traces side by side, in the order of the left one; what only the right one has stands behind the
 * step that it followed there.
 */
export function pairSteps(left: Trace, right: Trace): StepPair[] {
  const [ours, theirs] = [occurrencesOf(left), occurrencesOf(right)];
  const byName = new Map(theirs.map((one) => [one.name, one]));
  const known = new Map(ours.map((one) => [one.name, one]));
  const pairs = ours.map(({ name, key, occurrence, step }): StepPair & { order: number } => {
    const other = byName.get(name);
    return { key, occurrence, left: step, right: other?.step ?? null, order: step };
  });
  let order = -1;
  for (const { name, key, occurrence, step } of theirs) {
    const twin = known.get(name);
    if (twin !== undefined) order = Math.max(order, twin.step);
    else pairs.push({ key, occurrence, left: null, right: step, order: order + 0.5 });
  }
  return pairs.sort((a, b) => a.order - b.order).map(({ order: _, ...pair }) => pair);
}

type Occurrence = { name: string; key: string; occurrence: number; step: number };

function occurrencesOf({ steps }: Trace): Occurrence[] {
  const counts = new Map<string, number>();
  return steps.flatMap(({ key, state }, step): Occurrence[] => {
    if (state === "planned") return [];
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    return [{ name: `${occurrence} ${key}`, key, occurrence, step }];
  });
}

function divergenceOf(left: Trace, right: Trace, pair: StepPair): Divergence | null {
  const [ours, theirs] = [stepAt(left, pair.left), stepAt(right, pair.right)];
  const states = { leftState: ours?.state ?? null, rightState: theirs?.state ?? null };
  if (ours === undefined || theirs === undefined) {
    return { ...pair, ...states, kind: ours === undefined ? "only-right" : "only-left" };
  }
  if (ours.state !== theirs.state) return { ...pair, ...states, kind: "state" };
  const answers = (trace: Trace, indexes: readonly number[]) =>
    [...new Set(pick(trace.events, indexes).map(({ type }) => type))].sort().join("\n");
  if (answers(left, ours.answers) === answers(right, theirs.answers)) return null;
  return { ...pair, ...states, kind: "answer" };
}

function stepAt({ steps }: Trace, index: number | null) {
  return index === null ? undefined : steps[index];
}

function durationOf(left: Trace, right: Trace, pair: StepPair): DurationPair | null {
  const lengths = [stepAt(left, pair.left), stepAt(right, pair.right)].map((step) =>
    step === undefined || step.startedUs === null || step.endedUs === null
      ? null
      : step.endedUs - step.startedUs,
  );
  const [leftUs = null, rightUs = null] = lengths;
  return leftUs === null || rightUs === null ? null : { ...pair, leftUs, rightUs, byUs: rightUs - leftUs };
}

function payloadsOf(
  left: Trace,
  right: Trace,
  pair: StepPair,
  payloads: { left: Payloads; right: Payloads },
): (Omit<PayloadPair, "difference"> & { difference: PayloadDifference | null })[] {
  const [ours, theirs] = [stepAt(left, pair.left), stepAt(right, pair.right)];
  return (["asked", "answer"] as const).flatMap((part) => {
    const first = (step: typeof ours) => (part === "asked" ? step?.asked[0] : step?.answers[0]);
    const one = left.events[first(ours) ?? -1];
    const other = right.events[first(theirs) ?? -1];
    if (one === undefined || other === undefined) return [];
    const texts = [payloads.left.get(one.position), payloads.right.get(other.position)];
    const [a, b] = texts;
    const difference = a === undefined || b === undefined ? null : diffPayloads(a, b);
    return [{ ...pair, part, leftPosition: one.position, rightPosition: other.position, difference }];
  });
}

function isDifferent(difference: PayloadDifference): boolean {
  return difference.kind === "json" ? difference.fields.length > 0 : !difference.isSame;
}
