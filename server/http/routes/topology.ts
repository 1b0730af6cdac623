import { z } from "zod";
import { problemSchema } from "#server/contract/problem.ts";
import { topologySchema } from "#server/contract/topology.ts";
import type { Context } from "#server/platform/context.ts";
import { getTopology } from "../../topology/get-topology.ts";
import type { Api } from "../api.ts";

const tags = ["Topology"];
const moment = z.string().min(1).max(64);
const windowQuery = { from: moment.optional(), to: moment.optional() };

const WINDOW =
  "A window of whole minutes, or of whole hours where it is longer than a day or lies further back; the last hour, " +
  "if none is given.";

export function topologyRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/topology",
    {
      schema: {
        tags,
        summary: "Get the graph of producers, channels and consumers that was observed in a window",
        description: `${WINDOW} Nodes keep their ids from window to window.`,
        querystring: z.strictObject(windowQuery),
        response: { 200: topologySchema, 400: problemSchema },
      },
    },
    ({ query }) => getTopology(ctx, query),
  );
}
