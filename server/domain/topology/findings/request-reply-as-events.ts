import { type Edge, findDirection } from "../direction.ts";
import { EMPTY_SUMMARY, mergeSummaries, WINDOW_LIMITS } from "../flow-summary.ts";
import { edgeIdsBetween } from "./edge-ids.ts";
import type { Finding } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";
import { hasHandled, provingFlows } from "./proving-flows.ts";

export const LEAST_REQUESTS = 10;
/** Of the events: those that were answered to whoever sent them. */
export const REQUEST_ANSWERED_SHARE = 0.8;
/** Of the events: with more that call themselves commands, nothing is disguised. */
export const REQUEST_MARKED_SHARE = 0.5;

/**
 * One service tells one other, which answers nobody else: a call that looks like two events. What a mediator commands is
 * no disguise.
 */
export function findRequestReply(input: FindingInput): Finding[] {
  const all = input.summaries.reduce((a, b) => mergeSummaries(a, b, WINDOW_LIMITS), EMPTY_SUMMARY);
  const { edges } = findDirection(all);
  const commanded = new Set(
    input.summaries.flatMap((summary) =>
      findDirection(summary).mediators.flatMap((mediator) => mediator.edges.map(keyOf)),
    ),
  );
  const hearersOf = (emitter: string, type: string) =>
    edges.filter((edge) => edge.emitter === emitter && edge.type === type).map(({ receiver }) => receiver);
  return edges
    .filter(
      (edge) =>
        !commanded.has(keyOf(edge)) &&
        edge.events >= LEAST_REQUESTS &&
        edge.answered >= REQUEST_ANSWERED_SHARE * edge.events &&
        edge.marked < REQUEST_MARKED_SHARE * edge.events &&
        hearersOf(edge.emitter, edge.type).length === 1 &&
        Object.keys(edge.replies).every((reply) =>
          hearersOf(edge.receiver, reply).every((hearer) => hearer === edge.emitter),
        ),
    )
    .map((edge) => describeRequest(input, edge));
}

function keyOf({ emitter, type, receiver }: Edge): string {
  return JSON.stringify([emitter, type, receiver]);
}

function describeRequest(input: FindingInput, { emitter, type, receiver, replies, ...edge }: Edge): Finding {
  const answers = Object.keys(replies);
  return {
    id: `request-reply-as-events:${emitter}:${type}:${receiver}`,
    kind: "request-reply-as-events",
    severity: "note",
    nodes: [emitter, receiver],
    edges: [
      ...edgeIdsBetween(input, { from: emitter, to: receiver, type }),
      ...answers.flatMap((answer) => edgeIdsBetween(input, { from: receiver, to: emitter, type: answer })),
    ],
    types: [type, ...answers],
    numbers: { events: edge.events, answered: edge.answered, share: edge.answered / edge.events },
    names: {},
    flows: provingFlows(
      input.flows,
      (flow) =>
        hasHandled(flow, { emitter, type, receiver }) &&
        answers.some((answer) => hasHandled(flow, { emitter: receiver, type: answer, receiver: emitter })),
    ),
    positions: [],
  };
}
