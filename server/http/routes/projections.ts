import { z } from "zod";
import { MAX_PAGE_SIZE, positionSchema } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import { orderPageSchema, projectionListSchema, projectionSchema } from "#server/contract/projections.ts";
import type { Context } from "#server/platform/context.ts";
import { pauseProjection, rebuildProjection, resumeProjection } from "../../projections/change-projection.ts";
import { listOrders } from "../../projections/list-orders.ts";
import { listProjections } from "../../projections/list-projections.ts";
import { getDefinition } from "../../projections/registry.ts";
import type { Api } from "../api.ts";

const ACTIONS = [
  ["pause", "Pause a projection", pauseProjection],
  ["resume", "Resume a projection", resumeProjection],
  [
    "rebuild",
    "Rebuild a read model from the first event, while the present one is served",
    rebuildProjection,
  ],
] as const;

export function projectionRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/projections",
    {
      schema: {
        tags: ["Projections"],
        summary: "List projections with their lag and the progress of rebuilds",
        response: { 200: projectionListSchema },
      },
    },
    () => listProjections(ctx),
  );

  for (const [action, summary, change] of ACTIONS) {
    api.post(
      `/api/v1/projections/:name/${action}`,
      {
        schema: {
          tags: ["Projections"],
          summary,
          params: z.object({ name: z.string().min(1).max(200) }),
          response: { 200: projectionSchema, 404: problemSchema },
        },
      },
      ({ params }) => change(ctx, getDefinition(params.name)),
    );
  }

  api.get(
    "/api/v1/orders",
    {
      schema: {
        tags: ["Projections"],
        summary: "List orders, the one that changed last first",
        description: "The read model of the projection `order-summaries`: as far as that one has come.",
        querystring: z.strictObject({
          before: positionSchema.optional(),
          limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
        }),
        response: { 200: orderPageSchema },
      },
    },
    ({ query }) => listOrders(ctx, query),
  );
}
