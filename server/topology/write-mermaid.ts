import type { TopologyDto, TopologyEdgeDto, TopologyNodeDto } from "#server/contract/topology.ts";

/** Brackets around the label of each kind of node. */
const SHAPES: Record<TopologyNodeDto["kind"], readonly [string, string]> = {
  producer: ["[/", "/]"],
  channel: ["[(", ")]"],
  consumer: ["[", "]"],
  service: ["[", "]"],
  mediator: ["{{", "}}"],
  store: ["[(", ")]"],
};
const ARROWS: Record<TopologyEdgeDto["kind"], string> = {
  publishes: "-->",
  subscribes: "-->",
  commands: "==>",
  replies: "-.->",
};
/** Types that an arrow names. */
const MAX_TYPES = 3;

/** The graph as a Mermaid flowchart, in the groups of its nodes. */
export function writeMermaid({ window, nodes, edges }: TopologyDto): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const groups = [...Map.groupBy(nodes, ({ group }) => group)];
  return [
    `%% What was observed from ${window.from} to ${window.to}`,
    "flowchart LR",
    ...groups.flatMap(([group, members], index) => {
      const lines = members.map((node) => writeNode(node, names));
      if (group === null) return lines;
      return [`  subgraph g${index}["${escapeLabel(group)}"]`, ...lines.map((line) => `  ${line}`), "  end"];
    }),
    ...edges.flatMap((edge) => writeEdge(edge, names)),
    "",
  ].join("\n");
}

function writeNode({ id, kind, label }: TopologyNodeDto, names: ReadonlyMap<string, string>): string {
  const [open, close] = SHAPES[kind];
  return `  ${names.get(id)}${open}"${escapeLabel(label)}"${close}`;
}

function writeEdge(
  { from, to, kind, types, count }: TopologyEdgeDto,
  names: ReadonlyMap<string, string>,
): string[] {
  const [start, end] = [names.get(from), names.get(to)];
  if (start === undefined || end === undefined) return [];
  const named = types.slice(0, MAX_TYPES).map(({ type }) => escapeLabel(type));
  const more = types.length > MAX_TYPES ? [`… ${types.length - MAX_TYPES} more`] : [];
  const label = [...named, ...more, `${count}×`].join("<br/>");
  return [`  ${start} ${ARROWS[kind]}|"${label}"| ${end}`];
}

/** As entities, which is how a label takes characters that would end it. */
function escapeLabel(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._/:…@+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
