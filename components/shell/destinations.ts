import { type EventConditions, formatFilterParams } from "#components/lib/event-filter.ts";
import { formatLetterFilter } from "#components/lib/letter-filter.ts";
import { formatLetterSelection } from "#components/lib/letter-selection.ts";
import { sagaSearchText } from "#components/lib/saga-search.ts";
import type { LetterFilter, LetterKey, LetterSelection } from "#server/contract/dead-letters.ts";
import type { TraceReference } from "#server/contract/sagas.ts";

/** Where the console shows one event or flow. The only place that knows these addresses. */
export function eventHref(position: string): string {
  return `/events/${position}`;
}

/** Everything recorded that a filter takes. */
export function searchHref(filter: EventConditions): string {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(formatFilterParams(filter))) {
    for (const value of [values ?? []].flat()) params.append(name, value);
  }
  return params.size === 0 ? "/events" : `/events?${params}`;
}

/** Events as they arrive, as far as a filter takes them. */
export function liveHref(filter: EventConditions): string {
  return searchHref(filter).replace(/^\/events/, "/live");
}

/** The newest event with an id, from any source; it leads to the event's own address. */
export function eventByIdHref(id: string): string {
  return `/events/by-id?id=${encodeURIComponent(id)}`;
}

/** All events of a correlation id. */
export function flowHref(correlationId: string): string {
  return `/flows/${encodeURIComponent(correlationId)}`;
}

/** One trace: the flow of what its events share, and where several sagas share that, of what one of them is about. */
export function traceHref({ by, value, subject }: TraceReference): string {
  const params = new URLSearchParams();
  if (by !== "correlation-id") params.set("correlation", by);
  if (subject !== null) params.set("subject", subject);
  return params.size === 0 ? flowHref(value) : `${flowHref(value)}?${params}`;
}

/** One trace beside another one; null for one that is still to be chosen. */
export function compareTracesHref(left: TraceReference, right: TraceReference | null = null): string {
  const params = new URLSearchParams();
  for (const [side, reference] of Object.entries({ left, right })) {
    if (reference === null) continue;
    params.set(side, reference.value);
    if (reference.by !== "correlation-id") params.set(`${side}By`, reference.by);
    if (reference.subject !== null) params.set(`${side}Subject`, reference.subject);
  }
  return `/sagas/compare?${params}`;
}

/** The sagas whose business key or correlation begins with a text, as a person says it. */
export function sagaSearchHref(text: string): string {
  return `/sagas?${new URLSearchParams({ q: sagaSearchText(text) })}`;
}

/** The map of all sagas of one type. */
export function sagaTypeHref(type: string): string {
  return `/sagas/types/${encodeURIComponent(type)}`;
}

/** One consumer beside the list of all. */
export function consumerHref(consumer: string): string {
  return `/consumers?consumer=${encodeURIComponent(consumer)}`;
}

/** The consumers whose names contain a text. */
export function consumersHref(text: string): string {
  return `/consumers?q=${encodeURIComponent(text)}`;
}

/** One aggregate through time, at its last version unless one is given. */
export function streamHref(type: string, id: string, version: number | null = null): string {
  const path = `/streams/${encodeURIComponent(type)}/${encodeURIComponent(id)}`;
  return version === null ? path : `${path}?version=${version}`;
}

/** One event type with its schemas. */
export function schemaHref(type: string): string {
  return `/schemas/${encodeURIComponent(type)}`;
}

/** One failure case. */
export function caseHref(id: number): string {
  return `/dead-letters/cases/${id}`;
}

/** The dead letters that a filter takes. */
export function lettersHref(filter: LetterFilter): string {
  const params = formatLetterFilter(filter);
  return params.size === 0 ? "/dead-letters/letters" : `/dead-letters/letters?${params}`;
}

/** One dead letter. */
export function letterHref({ position, consumer }: LetterKey): string {
  return `/dead-letters/${position}/${encodeURIComponent(consumer)}`;
}

/** The plan of a replay of a selection; `edits` opens the payload of its one letter. */
export function newReplayHref(selection: LetterSelection, { edits = false } = {}): string {
  return `/dead-letters/replays/new?${formatLetterSelection(selection)}${edits ? "&edit=payload" : ""}`;
}

/** A new rule that takes what a failure case takes. */
export function newRuleHref(failureCase: { consumer: string; type: string; fingerprint: string }): string {
  const { consumer, type, fingerprint } = failureCase;
  return `/dead-letters/rules?${new URLSearchParams({ new: "1", consumer, type, fingerprint })}`;
}

/** One replay. */
export function replayHref(id: number): string {
  return `/dead-letters/replays/${id}`;
}

/** The streams whose ids contain a text. */
export function streamSearchHref(text: string): string {
  return `/streams?q=${encodeURIComponent(text)}`;
}

export type Lookup = {
  kind: "case" | "replay" | "position" | "id" | "saga" | "flow" | "trace" | "streams" | "payload";
  value: string;
  href: string;
};

/** A trace id, alone or in a `traceparent`, as tracing tools and logs give it. */
const TRACE = /^(?:[\da-f]{2}-)?([\da-f]{32})(?:-[\da-f]{16}-[\da-f]{2})?$/i;

/** What a text typed into the palette may point at. Nothing under three characters: that is a page's name. */
export function readLookups(text: string): Lookup[] {
  const value = text.trim();
  const lookups: Lookup[] = [];
  const [, caseId] = /^(?:#|(?:failure\s+)?case\s*#?|ケース\s*#?)\s*([1-9]\d{0,8})$/i.exec(value) ?? [];
  if (caseId !== undefined) lookups.push({ kind: "case", value: caseId, href: caseHref(Number(caseId)) });
  const [, replay] = /^(?:replay|リプレイ)\s*#?\s*([1-9]\d{0,8})$/i.exec(value) ?? [];
  if (replay !== undefined) lookups.push({ kind: "replay", value: replay, href: replayHref(Number(replay)) });
  if (value.length < 3) return lookups;
  if (/^\d{1,18}$/.test(value)) lookups.push({ kind: "position", value, href: eventHref(value) });
  lookups.push({ kind: "saga", value, href: sagaSearchHref(value) });
  lookups.push({ kind: "id", value, href: eventByIdHref(value) });
  lookups.push({ kind: "flow", value, href: flowHref(value) });
  const [, trace] = TRACE.exec(value) ?? [];
  if (trace !== undefined) {
    const id = trace.toLowerCase();
    lookups.push({ kind: "trace", value: id, href: traceHref({ by: "trace", value: id, subject: null }) });
  }
  lookups.push({ kind: "streams", value, href: streamSearchHref(value) });
  lookups.push({ kind: "payload", value, href: searchHref({ q: value }) });
  return lookups;
}
