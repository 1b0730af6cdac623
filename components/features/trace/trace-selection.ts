import { indexSpans } from "#server/domain/sagas/index-spans.ts";
import type { Trace } from "#server/domain/sagas/trace.ts";

/** What is looked at in a trace, by its index there. The same in every view. */
export type TraceSelection =
  | { kind: "event"; event: number }
  | { kind: "message"; message: number }
  | { kind: "step"; step: number }
  | { kind: "span"; span: number };

/** Everything of a trace that belongs to what is selected, by its indexes. */
export type Linked = {
  events: ReadonlySet<number>;
  messages: ReadonlySet<number>;
  steps: ReadonlySet<number>;
  spans: ReadonlySet<number>;
};

export const NOTHING_LINKED: Linked = {
  events: new Set(),
  messages: new Set(),
  steps: new Set(),
  spans: new Set(),
};

/**
 * A selection as it stands in the address. It names things by what never changes, since indexes move when more of a
 * flow is recorded.
 */
export function formatSelection(trace: Trace, selection: TraceSelection): string | null {
  switch (selection.kind) {
    case "event":
      return eventName(trace, selection.event);
    case "message":
      return messageName(trace, selection.message);
    case "step":
      return stepName(trace, selection.step);
    case "span":
      return spanName(trace, selection.span);
  }
}

/** What an address names in a trace; null where the trace doesn't hold it. */
export function parseSelection(trace: Trace, text: string): TraceSelection | null {
  const [kind, first = "", ...rest] = text.split("/");
  if (kind === "event") {
    const event = trace.events.findIndex(({ position }) => position === first);
    return event === -1 ? null : { kind, event };
  }
  if (kind === "step") {
    const steps = [...trace.steps.keys()].filter((step) => trace.steps[step]?.key === rest.join("/"));
    const step = steps[Number(first) - 1];
    return step === undefined ? null : { kind, step };
  }
  if (kind === "message") {
    const message = findMessage(trace, first, rest.join("/"));
    return message === null ? null : { kind, message };
  }
  if (kind !== "span") return null;
  const [place = "", ...receiver] = rest;
  const message = findMessage(trace, first, receiver.join("/"));
  const span = message === null ? undefined : indexSpans(trace)[message]?.[Number(place) - 1];
  return span === undefined ? null : { kind, span };
}

/** What belongs to a selection: an event with its messages, a step with what it was asked for and what it answered. */
export function findLinked(trace: Trace, selection: TraceSelection | null): Linked {
  if (selection === null) return NOTHING_LINKED;
  const messages = new Set(messagesOf(trace, selection));
  const events = new Set(selection.kind === "event" ? [selection.event] : []);
  const steps = new Set(selection.kind === "step" ? [selection.step] : []);
  for (const message of messages) {
    const event = trace.messages[message]?.event;
    if (event !== undefined) events.add(event);
  }
  for (const [index, step] of trace.steps.entries()) {
    if (step.messages.some((message) => messages.has(message))) steps.add(index);
  }
  if (selection.kind === "step") {
    const step = trace.steps[selection.step];
    for (const event of [...(step?.asked ?? []), ...(step?.answers ?? [])]) events.add(event);
  }
  const isOne = selection.kind === "span";
  const spans = [...trace.spans.keys()].filter((span) => messages.has(trace.spans[span]?.message ?? -1));
  return { events, messages, steps, spans: new Set(isOne ? [selection.span] : spans) };
}

/** The event that says most about a selection; null where there is none. */
export function eventOf(trace: Trace, selection: TraceSelection): number | null {
  if (selection.kind === "event") return selection.event;
  if (selection.kind === "step") {
    const step = trace.steps[selection.step];
    return step?.asked[0] ?? step?.answers[0] ?? null;
  }
  const [message] = messagesOf(trace, selection);
  return message === undefined ? null : (trace.messages[message]?.event ?? null);
}

function messagesOf(trace: Trace, selection: TraceSelection): number[] {
  if (selection.kind === "message") return [selection.message];
  if (selection.kind === "step") return trace.steps[selection.step]?.messages ?? [];
  if (selection.kind === "span") {
    const message = trace.spans[selection.span]?.message;
    return message === undefined ? [] : [message];
  }
  return [...trace.messages.keys()].filter((index) => trace.messages[index]?.event === selection.event);
}

function eventName({ events }: Trace, index: number): string | null {
  const event = events[index];
  return event === undefined ? null : `event/${event.position}`;
}

function messageName(trace: Trace, index: number): string | null {
  const address = addressOf(trace, index);
  return address === null ? null : `message/${address.position}/${address.receiver}`;
}

function stepName({ steps }: Trace, index: number): string | null {
  const step = steps[index];
  if (step === undefined) return null;
  const place = steps.slice(0, index + 1).filter(({ key }) => key === step.key).length;
  return `step/${place}/${step.key}`;
}

function spanName(trace: Trace, index: number): string | null {
  const message = trace.spans[index]?.message;
  const address = message === undefined ? null : addressOf(trace, message);
  if (message === undefined || address === null) return null;
  const place = (indexSpans(trace)[message] ?? []).indexOf(index) + 1;
  return `span/${address.position}/${place}/${address.receiver}`;
}

/** The event of a message, and who gets it. */
function addressOf(
  { events, messages }: Trace,
  index: number,
): { position: string; receiver: string } | null {
  const message = messages[index];
  const position = message === undefined ? undefined : events[message.event]?.position;
  if (message === undefined || position === undefined) return null;
  return { position, receiver: message.consumer ?? message.to ?? "" };
}

function findMessage(trace: Trace, position: string, receiver: string): number | null {
  const index = trace.messages.findIndex((_, each) => {
    const address = addressOf(trace, each);
    return address?.position === position && address.receiver === receiver;
  });
  return index === -1 ? null : index;
}
