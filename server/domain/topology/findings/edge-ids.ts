import type { FindingEdge, FindingInput } from "./finding-input.ts";

/** Edges that events of a type take from one node to another, on the straight way or by channels. */
export function edgeIdsBetween(
  { edges, channels }: Pick<FindingInput, "edges" | "channels">,
  { from, to, type }: { from: string; to: string; type: string },
): string[] {
  const carrying = edges.filter(({ types }) => types.includes(type));
  const straight = carrying.filter((edge) => edge.from === from && edge.to === to);
  const byChannel = channels.flatMap(({ node }) => {
    const into = carrying.filter((edge) => edge.from === from && edge.to === node);
    const out = carrying.filter((edge) => edge.from === node && edge.to === to);
    return into.length > 0 && out.length > 0 ? [...into, ...out] : [];
  });
  return [...straight, ...byChannel].map(({ id }) => id);
}

/** Finds the edges that begin at a node, without a look at all of them for each. */
export function edgesByOrigin(edges: readonly FindingEdge[]): (node: string) => readonly FindingEdge[] {
  const groups = Map.groupBy(edges, ({ from }) => from);
  return (node) => groups.get(node) ?? [];
}
