import type { EventKind } from "../../event.ts";
import type { ObservedDelivery, ObservedEvent, ObservedFlow } from "../observed-flow.ts";

/** What a service emits while it handles an event. */
export type Emission = {
  type: string;
  /** Everybody who takes the type gets it, or this one only. */
  to?: string;
  kind?: EventKind;
  /** Milliseconds after it was decided; later than that it comes from a timer. */
  afterMs?: number;
  /** What its envelope says led to it, where that is not what did. */
  namesCause?: "none" | "start";
  /** It follows from the last event of its type that the service emitted. */
  isAgain?: boolean;
  /** A timer that ran out meanwhile may have become pointless. */
  unless?: () => boolean;
};

/** What a service remembers of one flow. */
export type Memory = Map<string, number>;

type Handling = {
  memory: Memory;
  random: () => number;
  /** Type of the event. */
  type: string;
};

/** What a service does upon each type that it takes. */
export type Behaviour = { [type: string]: (handling: Handling) => readonly (string | Emission)[] };

export type System = {
  start: { service: string; type: string };
  services: { [name: string]: () => Behaviour };
  /** Of deliveries, those that come twice. */
  duplicateRate?: number;
  /** Services at which every delivery fails. */
  isDown?: readonly string[];
  /** Of events, those that reach nobody. */
  lossRate?: number;
};

type Action = { at: number; run: () => void };

const NAMED = { none: null, start: 0 } as const;
const MOST_EVENTS = 400;
const BEGIN = Date.UTC(2026, 0, 1);

/** Runs one flow of a system, with times as they come: what two services do at the same time is in any order. */
export function simulateFlow(system: System, random: () => number, correlationId = "flow"): ObservedFlow {
  const behaviours = new Map(Object.entries(system.services).map(([name, make]) => [name, make()]));
  const memories = new Map<string, Memory>();
  const events: ObservedEvent[] = [];
  const deliveries: ObservedDelivery[] = [];
  const actions: Action[] = [];
  const schedule = (at: number, run: () => void) => actions.push({ at, run });

  const emit = (at: number, service: string, cause: number | null, given: string | Emission) => {
    const emission = typeof given === "string" ? { type: given } : given;
    if (events.length >= MOST_EVENTS || emission.unless?.()) return;
    const index = events.length;
    const { type, kind = null, namesCause, isAgain = false } = emission;
    const before = isAgain
      ? events.findLastIndex((event) => event.type === type && event.service === service)
      : -1;
    const led = before === -1 ? cause : before;
    events.push({
      position: String(index + 1),
      type,
      service,
      kind,
      cause: namesCause === undefined ? led : NAMED[namesCause],
      isCauseMissing: false,
      at,
    });
    if (random() < (system.lossRate ?? 0)) return;
    for (const [receiver, behaviour] of behaviours) {
      const isMeant = emission.to === undefined || emission.to === receiver;
      if (!isMeant || !Object.hasOwn(behaviour, type)) continue;
      const times = random() < (system.duplicateRate ?? 0) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        schedule(at + 1 + random() * 20, () => handle(receiver, index));
      }
    }
  };

  const now = () => clock;
  let clock = BEGIN;
  const handle = (service: string, index: number) => {
    const type = events[index]?.type ?? "";
    const memory = memories.get(service) ?? new Map<string, number>();
    memories.set(service, memory);
    const startedAt = now();
    const workMs = 2 + random() * 80;
    if (system.isDown?.includes(service)) {
      const endedAt = startedAt + workMs;
      deliveries.push({ event: index, service, startedAt, endedAt, outcome: "failed", attempts: 4 });
      return;
    }
    const decided = behaviours.get(service)?.[type]?.({ memory, random, type }) ?? [];
    const endedAt = startedAt + workMs;
    noteDelivery(deliveries, { event: index, service, startedAt, endedAt });
    for (const emission of decided) {
      const afterMs = typeof emission === "string" ? 0 : (emission.afterMs ?? 0);
      const at = afterMs === 0 ? startedAt + random() * workMs : endedAt + afterMs;
      schedule(at, () => emit(now(), service, index, emission));
    }
  };

  emit(clock, system.start.service, null, system.start.type);
  for (let next = takeEarliest(actions); next; next = takeEarliest(actions)) {
    clock = Math.max(clock, next.at);
    next.run();
  }
  return { correlationId, events, deliveries };
}

function noteDelivery(
  deliveries: ObservedDelivery[],
  {
    event,
    service,
    startedAt,
    endedAt,
  }: { event: number; service: string; startedAt: number; endedAt: number },
): void {
  const known = deliveries.find((one) => one.event === event && one.service === service);
  if (known === undefined) {
    deliveries.push({ event, service, startedAt, endedAt, outcome: "succeeded", attempts: 1 });
  } else {
    known.attempts += 1;
  }
}

function takeEarliest(actions: Action[]): Action | undefined {
  let earliest = 0;
  for (const [index, { at }] of actions.entries()) if (at < (actions[earliest]?.at ?? at)) earliest = index;
  return actions.splice(earliest, 1)[0];
}

/** `count` flows, each from a seed of its own. */
export function simulateFlows(system: System, count: number, seed: number): ObservedFlow[] {
  return Array.from({ length: count }, (_, index) =>
    simulateFlow(system, randomFrom(seed * 7_919 + index), `flow-${seed}-${index}`),
  );
}

/** Mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
