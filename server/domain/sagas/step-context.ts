import type { TypeWords } from "./saga-words.ts";
import type { StepState, TraceEvent, TraceMessage, TraceStep } from "./trace.ts";

/** What steps are read from. */
export type StepContext = {
  events: readonly TraceEvent[];
  messages: readonly TraceMessage[];
  /** Indexes of the messages by index of their event. */
  messagesOf: readonly (readonly number[])[];
  readType: (type: string) => TypeWords;
};

/** A step before it is known which other one led to it. */
export type FoundStep = Omit<TraceStep, "after">;

/** How many causes back the question of an answer is looked for, as in the topology. */
export const FURTHEST_CAUSE = 64;

/** Where an event is delivered several times, the furthest that is not given up counts. */
const PRECEDENCE = ["processing", "retrying", "pending", "succeeded", "dead", "discarded"] as const;
const STATES: Record<(typeof PRECEDENCE)[number], StepState> = {
  processing: "working",
  retrying: "retrying",
  pending: "waiting",
  succeeded: "completed",
  dead: "dead",
  discarded: "discarded",
};

/** What became of messages that ask for the same; completed when they were handled. */
export function stateOfMessages(messages: readonly TraceMessage[]): StepState {
  const [first] = messages;
  if (first === undefined) return "waiting";
  if (messages.length === 1) return STATES[statusOf(first)];
  const statuses = new Set(messages.map(statusOf));
  const found = PRECEDENCE.find((status) => statuses.has(status));
  return found === undefined ? "waiting" : STATES[found];
}

function statusOf({ status, to }: TraceMessage): (typeof PRECEDENCE)[number] {
  return status ?? (to === null ? "pending" : "succeeded");
}

/** Whether nothing happens any more to a message unless somebody asks for it. */
export function isOver({ status }: TraceMessage): boolean {
  return status === null || status === "succeeded";
}

/** Names a step that nobody declared: what a service was told. */
export function stepKey(service: string, type: string): string {
  return JSON.stringify([service, type]);
}

/** `stepKey` that makes each key only once. */
export function keyReader(): (service: string | null, type: string) => string {
  const known = new Map<string | null, Map<string, string>>();
  return (service, type) => {
    const ofService = known.get(service) ?? new Map<string, string>();
    known.set(service, ofService);
    const key = ofService.get(type) ?? stepKey(service ?? "", type);
    ofService.set(type, key);
    return key;
  };
}

export function pick<T>(items: readonly T[], indexes: readonly number[]): T[] {
  const picked: T[] = [];
  for (const index of indexes) {
    const item = items[index];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}

export function earliest(times: readonly number[]): number | null {
  return times.reduce<number | null>((least, time) => (least === null || time < least ? time : least), null);
}

export function latest(times: readonly number[]): number | null {
  return times.reduce<number | null>((most, time) => (most === null || time > most ? time : most), null);
}
