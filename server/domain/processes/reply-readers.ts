import { type ProcessDefinition, type ProcessElement, type ProcessView, stepsOf } from "./definition.ts";
import type { ProcessState } from "./state.ts";

/** Something that is made from what a step was answered, and whether it can't be made without. */
export type ReplyReader = { kind: "step" | "compensation" | "choice"; name: string; isNeeded: boolean };

/**
 * What of a process still reads the reply of a step, found by making each later command and decision with replies
 * that hold anything. What a declaration reads only under conditions that are not met by that is not found.
 */
export function findReplyReaders(
  definition: ProcessDefinition,
  state: ProcessState,
  step: string,
): ReplyReader[] {
  return listMakers(definition.elements, state).flatMap(({ make, ...reader }) => {
    const wanted = new Set<string>();
    const canBeMade = succeeds(() => make(viewOf(definition, state, { step, reply: ANYTHING, wanted })));
    if (!wanted.has(step)) return [];
    const isOptional = succeeds(() => make(viewOf(definition, state, { step, reply: undefined, wanted })));
    return [{ ...reader, isNeeded: canBeMade && !isOptional }];
  });
}

type Maker = Omit<ReplyReader, "isNeeded"> & { make: (view: ProcessView<unknown, object>) => unknown };

function listMakers(elements: readonly ProcessElement[], state: ProcessState): Maker[] {
  const steps = stepsOf(elements).flatMap(({ name, exchange, compensation }): Maker[] => [
    ...(state.steps[name] === undefined ? [{ kind: "step" as const, name, make: exchange.data }] : []),
    ...(compensation === null || state.steps[name]?.status === "compensated"
      ? []
      : [{ kind: "compensation" as const, name, make: compensation.data }]),
  ]);
  return [...steps, ...listChoices(elements, state)];
}

function listChoices(elements: readonly ProcessElement[], state: ProcessState): Maker[] {
  return elements.flatMap((element) => {
    if (element.kind === "step") return [];
    if (element.kind === "parallel") return element.branches.flatMap((branch) => listChoices(branch, state));
    const { name, when, yes, no } = element;
    const open = state.choices[name] === undefined ? [{ kind: "choice" as const, name, make: when }] : [];
    return [...open, ...listChoices([...yes, ...no], state)];
  });
}

function viewOf(
  { elements, startedBy }: ProcessDefinition,
  { key, input, steps }: ProcessState,
  { step, reply, wanted }: { step: string; reply: unknown; wanted: Set<string> },
): ProcessView<unknown, object> {
  const results = new Proxy(
    {},
    {
      get: (_, name) => {
        if (typeof name !== "string") return undefined;
        wanted.add(name);
        if (name === step) return reply;
        const known = steps[name]?.result ?? null;
        const exchange = stepsOf(elements).find((one) => one.name === name)?.exchange;
        if (exchange === undefined) return undefined;
        return known === null ? ANYTHING : exchange.reply.read(known);
      },
    },
  );
  return { key, input: startedBy.read(input), results };
}

/** Whatever is read of it, called or written as text is there. */
const ANYTHING: unknown = new Proxy(() => undefined, {
  get: (_, name) => {
    if (name === Symbol.toPrimitive) return () => "";
    if (name === Symbol.iterator) return () => [][Symbol.iterator]();
    return ANYTHING;
  },
  apply: () => ANYTHING,
});

function succeeds(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}
