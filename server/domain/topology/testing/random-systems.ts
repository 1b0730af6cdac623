import { answers, directs, listens, type Step, stepAt } from "./behaviours.ts";
import { type Behaviour, randomFrom, type System } from "./simulate-flow.ts";

type Random = () => number;

const START = { service: "start", type: "began" };

/** Of the services of a broker: those that hear of something that happened later. */
const REPORT_BACK_RATE = 0.15;

/** Services that react to what earlier ones emit, with what is common among them: aggregators, audits, reports back. */
export function randomBroker(seed: number): System {
  const random = randomFrom(seed);
  const count = between(random, 3, 20);
  const types = [[START.type]];
  const services: System["services"] = {};
  const hears = new Map<number, { type: string; says: string[] }>();
  for (let index = 0; index < count; index += 1) {
    const emits = Array.from({ length: between(random, 0, 2) }, (_, one) => `s${index}.said-${one}`);
    const takes = new Set([pick(random, pick(random, types)), pick(random, pick(random, types.slice(-3)))]);
    const isPicky = random() < 0.2;
    services[`s${index}`] = () => {
      const back = hears.get(index);
      const own = reactTo([...takes], emits, isPicky);
      return back === undefined ? own : { ...reactTo([back.type], back.says, false), ...own };
    };
    if (emits.length > 0) types.push(emits);
  }
  const all = types.flat();
  // Some hear what became of what they said, and say so.
  for (let index = 0; index < count; index += 1) {
    const says = random() < 0.5 ? [`s${index}.noted`] : [];
    if (random() < REPORT_BACK_RATE) hears.set(index, { type: pick(random, all), says });
  }
  if (random() < 0.3) services.audit = listens(...all);
  if (random() < 0.3) services.start = listens(...all.slice(1).filter(() => random() < 0.5));
  return { start: START, services, ...mishaps(random) };
}

/** It emits all that it emits, or one of it. */
function reactTo(takes: readonly string[], emits: readonly string[], isPicky: boolean): Behaviour {
  return Object.fromEntries(
    takes.map((type) => [
      type,
      ({ random }: { random: Random }) =>
        isPicky && emits.length > 0 ? [emits[Math.floor(random() * emits.length)] ?? type] : emits,
    ]),
  );
}

/** A mediator with any number of steps, some side by side, some refused, some lost; others may listen. */
export function randomMediator(seed: number): System {
  const random = randomFrom(seed);
  const services = directedServices(random, between(random, 2, 12));
  const listeners = between(random, 0, Math.floor((Object.keys(services).length - 1) / 3));
  for (let index = 0; index < listeners; index += 1) {
    services[`listener-${index}`] = listens(pick(random, ["ended", "began"]));
  }
  return { start: START, services, ...mishaps(random) };
}

/** A mediator, and as many services that react on their own. */
export function randomMixture(seed: number): System {
  const random = randomFrom(seed);
  const steps = between(random, 2, 8);
  const services = directedServices(random, steps);
  const heard = ["began"];
  for (let index = 0; index < steps; index += 1) {
    services[`free-${index}`] = () => reactTo([heard[0] ?? "began"], [`free-${index}.done`], false);
  }
  return { start: START, services, ...mishaps(random) };
}

function directedServices(random: Random, count: number): System["services"] {
  const isPatient = random() < 0.3;
  const isMarked = random() < 0.3;
  const steps = Array.from({ length: count }, (_, index) =>
    stepAt(`w${index}`, {
      ...(random() < 0.3 ? { refusal: `w${index}.refused` } : {}),
      ...(random() < 0.5 ? { undo: { command: `w${index}.undo`, reply: `w${index}.undone` } } : {}),
      ...(isPatient ? { patienceMs: between(random, 20, 400) } : {}),
    }),
  );
  const stages: Step[][] = [];
  for (const step of steps) {
    const last = stages.at(-1);
    if (last !== undefined && last.length < 3 && random() < 0.3) last.push(step);
    else stages.push([step]);
  }
  const faults = { refusalRate: random() * 0.2, silenceRate: isPatient ? random() * 0.3 : 0 };
  return {
    mediator: directs({
      start: START.type,
      stages: () => stages,
      steps,
      end: "ended",
      ...(isMarked ? { kind: "command" } : {}),
    }),
    ...Object.fromEntries(steps.map((step, index) => [`w${index}`, answers([step], faults)])),
  };
}

function mishaps(random: Random): { duplicateRate: number; lossRate: number } {
  return {
    duplicateRate: random() < 0.3 ? random() * 0.2 : 0,
    lossRate: random() < 0.3 ? random() * 0.05 : 0,
  };
}

function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function pick<T>(random: Random, [first, ...rest]: readonly T[]): T {
  const items = [first, ...rest];
  // An index below the length is one of them.
  return items[Math.floor(random() * items.length)] as T;
}
