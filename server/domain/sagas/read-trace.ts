import type { Services } from "../topology/services.ts";
import { findCompensations } from "./find-compensations.ts";
import { placeEvents } from "./place-events.ts";
import { readSteps, type StepKnowledge } from "./read-steps.ts";
import { wordReader } from "./saga-words.ts";
import type { StepContext } from "./step-context.ts";
import type { Trace, TraceMessage } from "./trace.ts";
import { findMessages, listServices, type Recorded } from "./trace-messages.ts";
import { findSpans } from "./trace-spans.ts";

export type TraceInput = Recorded & StepKnowledge & { services: Services };

/**
 * Reads one correlated flow from what was recorded of it. The order of the input doesn't matter, nor does anything that
 * comes twice: the same records give the same trace. Nothing has to be declared, and nobody has to report deliveries.
 *
 * The time grows with the number of records (n log n for sorting): every event is looked at a bounded number of times,
 * and walks back along causes end after 64 of them.
 */
export function readTrace({
  events: recorded,
  deliveries,
  attempts,
  services,
  ...knowledge
}: TraceInput): Trace {
  const { events, gaps } = placeEvents(recorded, services);
  const handled = findMessages(events, { events: recorded, deliveries, attempts }, services);
  const timed = findSpans(handled);
  const messages = handled.map(({ message }) => message);
  const context: StepContext = {
    events,
    messages,
    messagesOf: indexMessages(events.length, messages),
    readType: wordReader(),
  };
  const found = readSteps(context, knowledge);
  const mediations = knowledge.declared === undefined ? (knowledge.mediations ?? []) : [];
  return {
    startUs: events.reduce((least, { atUs }) => Math.min(least, atUs), events[0]?.atUs ?? 0),
    endUs: Math.max(
      events.reduce((most, { atUs }) => Math.max(most, atUs), 0),
      timed.spans.reduce((most, { startUs, endUs }) => Math.max(most, endUs ?? startUs), 0),
    ),
    services: listServices(events, messages, services),
    channels: [...new Set(events.flatMap(({ channel }) => channel ?? []))],
    events,
    gaps: [...gaps, ...timed.gaps],
    messages,
    spans: timed.spans,
    ...found,
    compensations: findCompensations({ ...found, events, mediations, readType: context.readType }),
  };
}

function indexMessages(events: number, messages: readonly TraceMessage[]): number[][] {
  const byEvent = Array.from({ length: events }, (): number[] => []);
  for (const [index, { event }] of messages.entries()) byEvent[event]?.push(index);
  return byEvent;
}
