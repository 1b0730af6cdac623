import type { Behaviour, Emission, Memory } from "./simulate-flow.ts";

/** Reacts to each type with what follows from it, all of it or nothing. */
export function reacts(to: { [type: string]: readonly (string | Emission)[] }): () => Behaviour {
  return () => Object.fromEntries(Object.entries(to).map(([type, emits]) => [type, () => emits]));
}

/** Takes types and emits nothing. */
export function listens(...types: string[]): () => Behaviour {
  return reacts(Object.fromEntries(types.map((type) => [type, []])));
}

/** Waits until it has seen all types, and then emits. */
export function collects(types: readonly string[], ...emits: string[]): () => Behaviour {
  return () =>
    Object.fromEntries(
      types.map((type) => [
        type,
        ({ memory }: { memory: Memory }) => {
          memory.set(type, 1);
          const isComplete = types.every((one) => memory.has(one)) && !memory.has("collected");
          if (isComplete) memory.set("collected", 1);
          return isComplete ? emits : [];
        },
      ]),
    );
}

export type Step = {
  command: string;
  reply: string;
  /** An answer that says no. */
  refusal?: string;
  undo?: { command: string; reply: string };
  /** Sent again when no answer came in time. */
  patienceMs?: number;
};

export type Plan = {
  start: string;
  /** The steps of one stage run side by side. */
  stages: (random: () => number) => readonly (readonly Step[])[];
  /** All steps of all its plans. */
  steps: readonly Step[];
  end?: string;
  /** What it sends names this as its cause, whatever led to it. */
  namesCause?: "none" | "start";
  kind?: "command";
};

/**
 * Sends the commands of a stage, waits for all answers, and goes on with the next one. After a refusal it takes back
 * what was done, latest first, one after the other.
 */
export function directs({ start, stages, steps, end, namesCause, kind }: Plan): () => Behaviour {
  return () => {
    let planned: readonly (readonly Step[])[] = [];
    let stage = -1;
    const waiting = new Set<string>();
    const done: Step[] = [];
    let undoing: Step[] | null = null;
    const send = (type: string): Emission => ({
      type,
      ...(namesCause ? { namesCause } : {}),
      ...(kind ? { kind } : {}),
    });
    const ask = ({ command, reply, patienceMs }: Step): Emission[] => {
      waiting.add(reply);
      const again = { ...send(command), isAgain: true, unless: () => !waiting.has(reply) };
      return [send(command), ...(patienceMs === undefined ? [] : [{ ...again, afterMs: patienceMs }])];
    };
    const undoNext = (): Emission[] => {
      const undo = undoing?.shift()?.undo;
      if (undo === undefined) return finish();
      waiting.add(undo.reply);
      return [send(undo.command)];
    };
    const finish = () => (end === undefined ? [] : [send(end)]);
    const goOn = (): Emission[] => {
      stage += 1;
      const next = planned[stage];
      return next === undefined ? finish() : next.flatMap(ask);
    };
    const hear = (type: string): Emission[] => {
      const step = planned[stage]?.find(({ reply, refusal }) => reply === type || refusal === type);
      if (undoing !== null) return waiting.delete(type) ? undoNext() : [];
      if (step === undefined || !waiting.delete(step.reply)) return [];
      if (type === step.refusal) {
        undoing = done.filter(({ undo }) => undo !== undefined).toReversed();
        return undoNext();
      }
      done.push(step);
      return waiting.size === 0 ? goOn() : [];
    };
    const begun = { is: false };
    const handlers: Behaviour = {
      [start]: ({ random }) => {
        if (begun.is) return [];
        begun.is = true;
        planned = stages(random);
        return goOn();
      },
    };
    for (const { reply, refusal, undo } of steps) {
      for (const type of [reply, refusal, undo?.reply]) {
        if (type !== undefined) handlers[type] = (handling) => hear(handling.type);
      }
    }
    return handlers;
  };
}

/** Does what a step asks, and answers: with a refusal at the given rate. */
export function answers(
  steps: readonly Step[],
  { refusalRate = 0, silenceRate = 0 }: { refusalRate?: number; silenceRate?: number } = {},
): () => Behaviour {
  return () => {
    const behaviour: Behaviour = {};
    for (const { command, reply, refusal, undo } of steps) {
      behaviour[command] = ({ random }) => {
        if (random() < silenceRate) return [];
        return [refusal !== undefined && random() < refusalRate ? refusal : reply];
      };
      if (undo !== undefined) behaviour[undo.command] = () => [undo.reply];
    }
    return behaviour;
  };
}

/** A step at a service, with names made from its own. */
export function stepAt(service: string, more: Partial<Step> = {}): Step {
  return { command: `${service}.do`, reply: `${service}.done`, ...more };
}
