import type { ProcessDefinition, ProcessElement } from "./definition.ts";

export type ProcessNode =
  | { id: string; kind: "start" | "end"; label: string }
  | { id: string; kind: "choice"; label: string }
  | {
      id: string;
      kind: "step";
      label: string;
      command: string;
      reply: string;
      refusals: string[];
      compensation: string | null;
      timeoutMs: number;
      retries: number;
    };
export type ProcessEdge = { from: string; to: string; label: string | null };
export type ProcessGraph = { nodes: ProcessNode[]; edges: ProcessEdge[] };

type Open = { from: string; label: string | null }[];

/** The process as a graph, before it has ever run. */
export function drawProcess({ startedBy, elements, endings }: ProcessDefinition): ProcessGraph {
  const graph: ProcessGraph = { nodes: [{ id: "start", kind: "start", label: startedBy.type }], edges: [] };
  const open = draw(graph, elements, [{ from: "start", label: null }]);
  graph.nodes.push({ id: "end", kind: "end", label: endings.completed ?? "" });
  connect(graph, open, "end");
  return graph;
}

function draw(graph: ProcessGraph, elements: readonly ProcessElement[], from: Open): Open {
  return elements.reduce((open, element) => drawOne(graph, element, open), from);
}

function drawOne(graph: ProcessGraph, element: ProcessElement, open: Open): Open {
  if (element.kind === "parallel") return element.branches.flatMap((branch) => draw(graph, branch, open));
  if (element.kind === "choice") {
    const id = `choice/${element.name}`;
    graph.nodes.push({ id, kind: "choice", label: element.name });
    connect(graph, open, id);
    return [
      ...draw(graph, element.yes, [{ from: id, label: "yes" }]),
      ...draw(graph, element.no, [{ from: id, label: "no" }]),
    ];
  }
  const { name, exchange, compensation } = element;
  const id = `step/${name}`;
  graph.nodes.push({
    id,
    kind: "step",
    label: name,
    command: exchange.command,
    reply: exchange.reply.type,
    refusals: [...exchange.refusals],
    compensation: compensation?.command ?? null,
    timeoutMs: exchange.timeoutMs,
    retries: exchange.retry.retries,
  });
  connect(graph, open, id);
  return [{ from: id, label: null }];
}

function connect(graph: ProcessGraph, open: Open, to: string): void {
  for (const { from, label } of open) graph.edges.push({ from, to, label });
}
