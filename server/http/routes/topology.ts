import { z } from "zod";
import { problemSchema } from "#server/contract/problem.ts";
import { topologySchema, verdictsSchema } from "#server/contract/topology.ts";
import type { Context } from "#server/platform/context.ts";
import { getTopology } from "../../topology/get-topology.ts";
import { getVerdicts } from "../../topology/get-verdicts.ts";
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
        description:
          `${WINDOW} Nodes keep their ids from window to window. With the id of a \`flowType\`, what was observed in its ` +
          "flows alone, as far as they were examined.",
        querystring: z.strictObject({ ...windowQuery, flowType: z.string().min(1).max(4096).optional() }),
        response: { 200: topologySchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ query }) => getTopology(ctx, query),
  );

  api.get(
    "/api/v1/topology/verdicts",
    {
      schema: {
        tags,
        summary: "Get whether a broker or a mediator runs the flows of a window, with the evidence",
        description: WINDOW,
        querystring: z.strictObject(windowQuery),
        response: { 200: verdictsSchema, 400: problemSchema },
      },
    },
    ({ query }) => getVerdicts(ctx, query),
  );
}
