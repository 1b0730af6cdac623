import { z } from "zod";
import { positionSchema } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  eventTypeSchema,
  MAX_TYPE_PAGE,
  policyAnswerSchema,
  policyInputSchema,
  typeDetailSchema,
  typePageSchema,
  violationPageSchema,
} from "#server/contract/schemas.ts";
import type { Context } from "#server/platform/context.ts";
import { getType } from "../../event-types/get-type.ts";
import { listTypes } from "../../event-types/list-types.ts";
import { listViolations } from "../../schemas/list-violations.ts";
import { setPolicy } from "../../schemas/set-policy.ts";
import type { Api } from "../api.ts";

const tags = ["Schemas"];
const params = z.object({ type: eventTypeSchema });

export function eventTypeRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/types",
    {
      schema: {
        tags,
        summary: "List event types with their versions, fields, violations, producers and consumers",
        description:
          "Every type that flowed in the last seven days, and every one with a schema, by name. Counts are exact for " +
          "`window`; what stands in `sample` was seen in the newest events, of which it says how many were read.",
        querystring: z.strictObject({
          q: z.string().max(200).optional(),
          after: z.string().max(1024).optional(),
          limit: z.coerce.number().int().min(1).max(MAX_TYPE_PAGE).default(100),
        }),
        response: { 200: typePageSchema, 400: problemSchema },
      },
    },
    ({ query: { q, after, limit } }) => listTypes(ctx, { q, after, limit }),
  );

  api.get(
    "/api/v1/types/:type",
    {
      schema: {
        tags,
        summary: "Get an event type with a schema inferred from its newest payloads",
        params,
        response: { 200: typeDetailSchema, 404: problemSchema },
      },
    },
    ({ params }) => getType(ctx, params.type),
  );

  api.get(
    "/api/v1/types/:type/violations",
    {
      schema: {
        tags,
        summary: "List events of a type that violate its schemas, newest first",
        params,
        querystring: z.strictObject({
          before: positionSchema.optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: { 200: violationPageSchema, 400: problemSchema },
      },
    },
    ({ params, query: { before, limit } }) => listViolations(ctx, params.type, { before, limit }),
  );

  api.put(
    "/api/v1/types/:type/policy",
    {
      schema: {
        tags,
        summary: "Choose what becomes of events that violate the type's schemas",
        description:
          "`observe` stores and marks them, `enforce` refuses them. `measured` says how many of the newest events " +
          "violate; with `dryRun` nothing is changed.",
        params,
        body: policyInputSchema,
        response: { 200: policyAnswerSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ params, body }) => setPolicy(ctx, params.type, body),
  );
}
