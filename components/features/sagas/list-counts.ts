import { readStepName, stepLine } from "#components/lib/step-name.ts";
import type { SagaCountsDto } from "#server/contract/sagas.ts";
import type { SagaState } from "#server/domain/sagas/saga.ts";

/** In the order in which somebody on call has to know of them. */
export const STATES_BY_URGENCY = [
  "stuck",
  "failed",
  "compensating",
  "waiting",
  "running",
  "compensated",
  "completed",
] as const satisfies readonly SagaState[];

export type TypeCounts = SagaCountsDto["types"][number];
export type WaitingCounts = TypeCounts["waiting"][number];

/** How many sagas there are, and how many of them have not ended. */
export function totalsOf(states: TypeCounts["states"]): { all: number; open: number } {
  const count = (state: SagaState) => states[state] ?? 0;
  const open = count("stuck") + count("compensating") + count("waiting") + count("running");
  return { all: open + count("failed") + count("compensated") + count("completed"), open };
}

/**
 * Types in the order in which they ask for somebody: those that are filtered for first, then those with most stuck
 * ones, most open ones, and most of all.
 */
export function orderTypes(types: readonly TypeCounts[], chosen: readonly string[]): TypeCounts[] {
  const rank = ({ type, states }: TypeCounts) => [
    chosen.includes(type) ? 1 : 0,
    states.stuck ?? 0,
    totalsOf(states).open,
    totalsOf(states).all,
  ];
  return types.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    const index = a.findIndex((value, at) => value !== b[at]);
    return index === -1 ? one.name.localeCompare(other.name) : (b[index] ?? 0) - (a[index] ?? 0);
  });
}

/** Stuck ones first, then where most wait. */
export function orderWaiting(waiting: readonly WaitingCounts[]): WaitingCounts[] {
  const isStuck = ({ state }: WaitingCounts) => (state === "stuck" ? 1 : 0);
  return waiting.toSorted((one, other) => isStuck(other) - isStuck(one) || other.sagas - one.sagas);
}

/** Types in the order of urgency, each with its steps in that order. */
export function orderCounts(types: readonly TypeCounts[], chosen: readonly string[]): TypeCounts[] {
  return orderTypes(types, chosen).map((type) => ({ ...type, waiting: orderWaiting(type.waiting) }));
}

/** What steps are called beside each other, by key: who does it; and upon what, where one does several. */
export function nameChips(waiting: readonly WaitingCounts[]): ReadonlyMap<string, string> {
  const keys = Map.groupBy(
    waiting.map(({ step }) => step),
    (step) => readStepName(step).title,
  );
  return new Map(
    waiting.map(({ step }) => {
      const { title } = readStepName(step);
      const others = keys.get(title)?.some(({ key }) => key !== step.key) ?? false;
      return [step.key, others ? stepLine(step) : title];
    }),
  );
}

/**
 * The counts of now in the places of before, so that nothing moves away under a pointer: newcomers stand behind, and a
 * step at which nobody waits any more keeps its place.
 */
export function keepPlaces(before: readonly TypeCounts[], now: readonly TypeCounts[]): TypeCounts[] {
  const steps = new Map(before.map(({ type, waiting }) => [type, waiting]));
  return inPlaces(before, now, { keyOf: ({ type }) => type, emptied: emptyType }).map((type) => ({
    ...type,
    waiting: inPlaces(steps.get(type.type) ?? [], type.waiting, {
      keyOf: ({ step, state }) => `${step.key} ${state}`,
      emptied: emptyStep,
    }),
  }));
}

function emptyType(type: TypeCounts): TypeCounts {
  return { ...type, states: {}, waiting: [] };
}

function emptyStep(waiting: WaitingCounts): WaitingCounts {
  return { ...waiting, sagas: 0 };
}

type Placing<T> = { keyOf: (one: T) => string; emptied: (gone: T) => T };

function inPlaces<T>(before: readonly T[], now: readonly T[], { keyOf, emptied }: Placing<T>): T[] {
  const fresh = new Map(now.map((one) => [keyOf(one), one]));
  const known = new Set(before.map(keyOf));
  return [
    ...before.map((was) => fresh.get(keyOf(was)) ?? emptied(was)),
    ...now.filter((one) => !known.has(keyOf(one))),
  ];
}
