import { type Edge, findDirection } from "../direction.ts";
import { EMPTY_SUMMARY, mergeSummaries, WINDOW_LIMITS } from "../flow-summary.ts";
import { edgeIdsBetween } from "./edge-ids.ts";
import type { Finding } from "./finding.ts";
import type { FindingInput } from "./finding-input.ts";
import { hasHandled, provingFlows } from "./proving-flows.ts";

export const LEAST_REQUESTS = 10;
/** Of the events: those that were answered to whoever sent them. */
export const REQUEST_ANSWERED_SHARE = 0.8;
/** Of the events: fewer may call themselves commands. */
export const REQUEST_MARKED_SHARE = 0.5;

/**
 * One service tells, one other answers, and the first goes on with the answer: a call that looks like an event. What a
 * mediator commands is no disguise, and neither is what is marked as a command.
 */
export function findRequestReply(input: FindingInput): Finding[] {
  const all = input.summaries.reduce((a, b) => mergeSummaries(a, b, WINDOW_LIMITS), EMPTY_SUMMARY);
  const { edges, pairs } = findDirection(all);
  const asked = new Set(pairs.flatMap((pair) => pair.edges));
  return edges
    .filter(
      (edge) =>
        asked.has(edge) &&
        edge.events >= LEAST_REQUESTS &&
        edge.answered >= REQUEST_ANSWERED_SHARE * edge.events &&
        edge.marked < REQUEST_MARKED_SHARE * edge.events,
    )
    .map((edge) => describeRequest(input, edge));
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
