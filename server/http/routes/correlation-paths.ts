import { z } from "zod";
import { idSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  correlationPathInputSchema,
  correlationPathSchema,
  correlationPathsSchema,
} from "#server/contract/sagas.ts";
import type { Context } from "#server/platform/context.ts";
import { createPath, deletePath, listPaths } from "../../sagas/correlation-paths.ts";
import type { Api } from "../api.ts";

const tags = ["Sagas"];

export function correlationPathRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/correlation-paths",
    {
      schema: {
        tags,
        summary: "List where payloads say which flow an event belongs to",
        description:
          "In the order in which they are asked: of those whose glob an event's type meets, the first counts.",
        response: { 200: correlationPathsSchema },
      },
    },
    () => listPaths(ctx),
  );

  api.post(
    "/api/v1/correlation-paths",
    {
      schema: {
        tags,
        summary: "Let a value of the payload say which flow an event belongs to",
        description:
          "For events that have neither a correlation id nor a trace, and that are recorded from now on: what was " +
          "recorded before stays where it is. `type` is a glob of event types, `path` such as `data.order_id`. The " +
          "value is a text or a whole number.",
        body: correlationPathInputSchema,
        response: { 201: correlationPathSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await createPath(ctx, body)),
  );

  api.delete(
    "/api/v1/correlation-paths/:id",
    {
      schema: {
        tags,
        summary: "Delete a path; events that were taken into flows by it stay there",
        params: z.object({ id: idSchema }),
        response: { 204: z.null(), 400: problemSchema, 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deletePath(ctx, params.id);
      return reply.code(204).send(null);
    },
  );
}
