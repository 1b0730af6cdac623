import { z } from "zod";
import { problemSchema } from "#server/contract/problem.ts";
import {
  findingsSchema,
  TOPOLOGY_FORMATS,
  topologyComparisonSchema,
  topologySchema,
  verdictsSchema,
} from "#server/contract/topology.ts";
import type { Context } from "#server/platform/context.ts";
import { exportTopology } from "../../topology/export-topology.ts";
import { getComparison } from "../../topology/get-comparison.ts";
import { getFindings } from "../../topology/get-findings.ts";
import { getTopology } from "../../topology/get-topology.ts";
import { getVerdicts } from "../../topology/get-verdicts.ts";
import type { Api } from "../api.ts";

const tags = ["Topology"];
const moment = z.string().min(1).max(64);
const flowType = z.string().min(1).max(4096).optional();
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
        querystring: z.strictObject({ ...windowQuery, flowType }),
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

  api.get(
    "/api/v1/topology/findings",
    {
      schema: {
        tags,
        summary: "Get what departs in a window from what one would want of a system, with what proves it",
        description: `${WINDOW} Payloads, versions and keys are those of the newest events of each type.`,
        querystring: z.strictObject(windowQuery),
        response: { 200: findingsSchema, 400: problemSchema },
      },
    },
    ({ query }) => getFindings(ctx, query),
  );

  api.get(
    "/api/v1/topology/comparison",
    {
      schema: {
        tags,
        summary: "Compare the graphs of two windows: what appeared, vanished, slowed or started to fail",
        description: `${WINDOW} The earlier one ends where the later one begins, and is as long, if none is given.`,
        querystring: z.strictObject({
          ...windowQuery,
          beforeFrom: moment.optional(),
          beforeTo: moment.optional(),
          flowType,
        }),
        response: { 200: topologyComparisonSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ query }) => getComparison(ctx, query),
  );

  api.get(
    "/api/v1/topology/export",
    {
      schema: {
        tags,
        summary: "Export the graph of a window as a Mermaid flowchart or an AsyncAPI 3.0 document",
        description: `${WINDOW} The document names what was observed, with the payloads of types whose schemas are registered.`,
        querystring: z.strictObject({ ...windowQuery, flowType, format: z.enum(TOPOLOGY_FORMATS) }),
        response: { 200: z.string(), 400: problemSchema, 404: problemSchema },
      },
    },
    async ({ query }, reply) => {
      const { contentType, fileName, text } = await exportTopology(ctx, query);
      return reply
        .type(contentType)
        .header("content-disposition", `attachment; filename="${fileName}"`)
        .serializer((body: string) => body)
        .send(text);
    },
  );
}
