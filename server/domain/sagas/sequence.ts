import type { DeliveryStatus } from "../delivery.ts";
import type { Trace, TraceMessage } from "./trace.ts";

export type Lifeline = { kind: "service" | "channel"; name: string };

/** An arrow between lifelines, named by their indexes; several of them where the same was sent again and again. */
export type SequenceArrow = {
  /**
   * `publish` into a channel, `deliver` out of it to one service, `send` straight to a service, and `unheard` what
   * nobody was given.
   */
  kind: "publish" | "deliver" | "send" | "unheard";
  from: number;
  to: number | null;
  type: string;
  /** More than one where they are folded. */
  events: number[];
  messages: number[];
  /** Attempts to handle it, which are folded as well. */
  attempts: number;
  /** Of the last one; null where nothing was reported, or nothing has to be delivered. */
  status: DeliveryStatus | null;
  isReplayed: boolean;
  isCompensation: boolean;
};

export type Sequence = { lifelines: Lifeline[]; arrows: SequenceArrow[] };

type Drawn = SequenceArrow & { atUs: number; step: number | null };

/**
 * A trace as a sequence diagram: every message once, as an asynchronous arrow, in the order in which things happened,
 * with causes above their effects whatever the clocks say. Commands that were sent again without anything in between
 * are folded into one arrow.
 */
export function drawSequence(trace: Trace): Sequence {
  const lifelines = new Lifelines(trace);
  const drawn = drawArrows(trace, lifelines);
  // An effect comes later in the trace than its cause, so equal times leave them in order.
  drawn.sort((a, b) => a.atUs - b.atUs || (a.events[0] ?? 0) - (b.events[0] ?? 0) || rankOf(a) - rankOf(b));
  return { lifelines: lifelines.all, arrows: foldRepeats(drawn) };
}

function rankOf({ kind }: SequenceArrow): number {
  return kind === "publish" ? 0 : 1;
}

class Lifelines {
  readonly all: Lifeline[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #names: ReadonlyMap<string, string>;

  constructor({ services }: Trace) {
    this.#names = new Map(services.map(({ id, name }) => [id, name]));
  }

  service(id: string): number {
    return this.#find(`service ${id}`, { kind: "service", name: this.#names.get(id) ?? id });
  }

  channel(name: string): number {
    return this.#find(`channel ${name}`, { kind: "channel", name });
  }

  #find(key: string, lifeline: Lifeline): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.all.length);
    return this.all.push(lifeline) - 1;
  }
}

function drawArrows(trace: Trace, lifelines: Lifelines): Drawn[] {
  const { events, messages, steps, compensations } = trace;
  const stepOf = new Map<number, number>();
  for (const [index, step] of steps.entries())
    for (const message of step.messages) stepOf.set(message, index);
  const undoing = new Set(compensations.map(({ step }) => step));
  const repeated = new Map<number, number>();
  for (const [index, { asked }] of steps.entries()) {
    if (asked.length > 1) for (const event of asked) repeated.set(event, index);
  }
  /** When each event was sent, not before what led to it was received. */
  const sentUs = events.map(({ atUs }) => atUs);
  const published = new Set<number>();
  const drawn: Drawn[] = [];
  // Messages stand in the order of their events, and these behind their causes.
  for (const [index, message] of messages.entries()) {
    const event = events[message.event];
    if (event === undefined) continue;
    const causeUs = event.cause === null ? 0 : (sentUs[event.cause] ?? 0);
    const sent = Math.max(sentUs[message.event] ?? 0, causeUs);
    sentUs[message.event] = sent;
    const receivedUs = Math.max(sent, message.startedUs ?? sent);
    for (const effect of message.effects) sentUs[effect] = Math.max(sentUs[effect] ?? 0, receivedUs);
    const step = stepOf.get(index);
    const from = lifelines.service(message.from);
    const arrow = {
      ...arrowOf(message, index),
      type: event.type,
      from,
      atUs: receivedUs,
      step: repeated.get(message.event) ?? null,
      isCompensation: step !== undefined && undoing.has(step),
    };
    if (event.channel === null) {
      const to = message.to === null ? null : lifelines.service(message.to);
      drawn.push({ ...arrow, kind: to === null ? "unheard" : "send", to });
      continue;
    }
    const channel = lifelines.channel(event.channel);
    if (!published.has(message.event)) {
      published.add(message.event);
      drawn.push({
        ...arrow,
        kind: "publish",
        to: channel,
        atUs: sent,
        messages: message.to === null ? [index] : [],
        attempts: 0,
        status: null,
        isReplayed: false,
      });
    }
    if (message.to !== null) {
      drawn.push({ ...arrow, kind: "deliver", from: channel, to: lifelines.service(message.to) });
    }
  }
  return drawn;
}

function arrowOf(
  { event, attempts, status, generation }: TraceMessage,
  index: number,
): Pick<SequenceArrow, "events" | "messages" | "attempts" | "status" | "isReplayed"> {
  return { events: [event], messages: [index], attempts, status, isReplayed: generation > 0 };
}

/** Joins arrows of one step that was asked for several times, as long as nothing else comes between them. */
function foldRepeats(drawn: readonly Drawn[]): SequenceArrow[] {
  const arrows: SequenceArrow[] = [];
  let run = new Map<string, SequenceArrow>();
  let running: number | null = null;
  for (const { atUs: _, step, ...arrow } of drawn) {
    if (step === null || step !== running) run = new Map();
    running = step;
    const key = `${arrow.kind} ${arrow.from} ${arrow.to}`;
    const known = step === null ? undefined : run.get(key);
    if (known === undefined) {
      arrows.push(arrow);
      run.set(key, arrow);
      continue;
    }
    known.events.push(...arrow.events);
    known.messages.push(...arrow.messages);
    known.attempts += arrow.attempts;
    known.status = arrow.status;
    known.isReplayed ||= arrow.isReplayed;
  }
  return arrows;
}
