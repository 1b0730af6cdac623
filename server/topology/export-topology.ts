import type { TOPOLOGY_FORMATS } from "#server/contract/topology.ts";
import type { Context } from "#server/platform/context.ts";
import { getTopology, type TopologyQuery } from "./get-topology.ts";
import type { TopologyCtx } from "./topology-context.ts";
import { writeAsyncApi } from "./write-asyncapi.ts";
import { writeMermaid } from "./write-mermaid.ts";

export type TopologyExport = { contentType: string; fileName: string; text: string };

/** The graph of a window for other tools. */
export async function exportTopology(
  ctx: TopologyCtx & Pick<Context, "schemas">,
  { format, ...query }: TopologyQuery & { format: (typeof TOPOLOGY_FORMATS)[number] },
): Promise<TopologyExport> {
  const topology = await getTopology(ctx, query);
  if (format === "mermaid") {
    return {
      contentType: "text/plain; charset=utf-8",
      fileName: "topology.mmd",
      text: writeMermaid(topology),
    };
  }
  await ctx.schemas.reload();
  const schemas = ctx.schemas.list().map(({ type, schemas: { versions } }) => ({ type, versions }));
  const text = `${JSON.stringify(writeAsyncApi(topology, schemas), null, 2)}\n`;
  return { contentType: "application/json; charset=utf-8", fileName: "topology.asyncapi.json", text };
}
