import { type Edge, findDirection } from "../direction.ts";
import { EMPTY_SUMMARY, mergeSummaries, WINDOW_LIMITS } from "../flow-summary.ts";
import type { Finding } from "./finding.ts";
import type { FindingChannel, FindingInput } from "./finding-input.ts";
import { hasHandled, provingFlows } from "./proving-flows.ts";

export const LEAST_TOLD = 10;
/** Of what travelled the topic: what was answered to its producer, or called itself a command. */
export const COMMANDING_SHARE = 0.5;

/** A topic from one producer to one consumer that is told what to do by it: a queue would say so. */
export function findTopicsAsCommands(input: FindingInput): Finding[] {
  const all = input.summaries.reduce((a, b) => mergeSummaries(a, b, WINDOW_LIMITS), EMPTY_SUMMARY);
  const told = findDirection(all).edges;
  return input.channels
    .filter(({ kind }) => kind === "topic")
    .flatMap((channel) => describeTopic(input, channel, told));
}

function describeTopic(input: FindingInput, { node }: FindingChannel, told: readonly Edge[]): Finding[] {
  const into = input.edges.filter(({ to }) => to === node);
  const out = input.edges.filter(({ from }) => from === node);
  const [producer, ...otherProducers] = new Set(into.map(({ from }) => from));
  const [consumer, ...otherConsumers] = new Set(out.map(({ to }) => to));
  if (producer === undefined || consumer === undefined) return [];
  if (otherProducers.length > 0 || otherConsumers.length > 0) return [];
  const types = new Set(into.flatMap((edge) => edge.types));
  const carried = told.filter(
    (edge) => edge.emitter === producer && edge.receiver === consumer && types.has(edge.type),
  );
  const count = (of: (edge: Edge) => number) => carried.reduce((sum, edge) => sum + of(edge), 0);
  const numbers = {
    events: count(({ events }) => events),
    answered: count(({ answered }) => answered),
    marked: count(({ marked }) => marked),
  };
  const least = COMMANDING_SHARE * numbers.events;
  if (numbers.events < LEAST_TOLD || (numbers.answered < least && numbers.marked < least)) return [];
  return [
    {
      id: `topic-as-command:${node}`,
      kind: "topic-as-command",
      severity: "note",
      nodes: [node, producer, consumer],
      edges: [...into, ...out].map(({ id }) => id),
      types: carried.map(({ type }) => type),
      numbers,
      names: {},
      flows: provingFlows(input.flows, (flow) => carried.some((edge) => hasHandled(flow, edge))),
      positions: [],
    },
  ];
}
