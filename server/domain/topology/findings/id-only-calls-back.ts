import { type Edge, findDirection } from "../direction.ts";
import { EMPTY_SUMMARY, mergeSummaries, WINDOW_LIMITS } from "../flow-summary.ts";
import { edgeIdsBetween } from "./edge-ids.ts";
import { type Finding, MOST_PROOFS } from "./finding.ts";
import type { FindingInput, PayloadShapes } from "./finding-input.ts";
import { hasHandled, provingFlows } from "./proving-flows.ts";

export const LEAST_LOOKED = 5;
/** Of the payloads looked at: those that hold nothing but identifiers. */
export const ID_ONLY_SHARE = 0.9;
/** Of the events: those upon which the consumer asked the producer by an event. */
export const ASKED_SHARE = 0.3;
/** What the consumer emits must hold so many fields that it was not told. */
export const LEAST_FETCHED_FIELDS = 2;

/**
 * Events that carry identifiers alone, and a consumer that needs more: it asks the producer back by an event, or what it
 * emits upon them holds what they did not. What answers a question may be short, for who asked knows the rest.
 */
export function findIdOnly(input: FindingInput): Finding[] {
  const all = input.summaries.reduce((a, b) => mergeSummaries(a, b, WINDOW_LIMITS), EMPTY_SUMMARY);
  const { edges } = findDirection(all);
  return input.payloads
    .filter(({ looked, idOnly }) => looked >= LEAST_LOOKED && idOnly >= ID_ONLY_SHARE * looked)
    .flatMap((shapes) =>
      edges
        .filter(
          ({ emitter, type, events, returns }) =>
            emitter === shapes.service && type === shapes.type && returns < events,
        )
        .flatMap((edge) => describeFetch(input, { shapes, edge, edges })),
    );
}

function describeFetch(
  input: FindingInput,
  { shapes, edge, edges }: { shapes: PayloadShapes; edge: Edge; edges: readonly Edge[] },
): Finding[] {
  const { emitter, type, receiver, events } = edge;
  const asked = countAsked(edge, edges);
  const fetched = fieldsFetched(input, { shapes, edge });
  const asksBack = asked >= ASKED_SHARE * events;
  if (!asksBack && fetched.size < LEAST_FETCHED_FIELDS) return [];
  return [
    {
      id: `id-only-calls-back:${emitter}:${type}:${receiver}`,
      kind: "id-only-calls-back",
      severity: asksBack ? "risk" : "note",
      nodes: [receiver, emitter],
      edges: edgeIdsBetween(input, { from: emitter, to: receiver, type }),
      types: [type],
      numbers: { events, fields: fetched.size, asked },
      names: fetched.size === 0 ? {} : { fields: [...fetched].slice(0, 5).join(", ") },
      flows: provingFlows(input.flows, (flow) => hasHandled(flow, edge)),
      positions: shapes.positions.slice(0, MOST_PROOFS),
    },
  ];
}

/** Questions that the consumer sent to the producer and got an answer to, at most one for each event. */
function countAsked({ emitter, receiver, events }: Edge, edges: readonly Edge[]): number {
  const questions = edges.filter((other) => other.emitter === receiver && other.receiver === emitter);
  return Math.min(
    events,
    questions.reduce((sum, { answered }) => sum + answered, 0),
  );
}

/** Fields in what the consumer emitted because of such an event that the event did not hold. */
function fieldsFetched(
  { flows, payloads }: FindingInput,
  { shapes, edge }: { shapes: PayloadShapes; edge: Edge },
): Set<string> {
  const emitted = new Set(
    flows.flatMap(({ events }) =>
      events
        .filter(({ service, cause }) => {
          const led = cause === null ? undefined : events[cause];
          return service === edge.receiver && led?.type === edge.type && led.service === edge.emitter;
        })
        .map(({ type }) => type),
    ),
  );
  const known = new Set(shapes.fields);
  const fields = payloads
    .filter(({ service, type }) => service === edge.receiver && emitted.has(type))
    .flatMap((one) => one.fields);
  return new Set(fields.filter((field) => !known.has(field)));
}
