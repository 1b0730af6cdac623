import { z } from "zod";
import { problemSchema } from "#server/contract/problem.ts";
import {
  eventTypeSchema,
  schemaCheckSchema,
  schemaInputSchema,
  schemaVersionDtoSchema,
  typeSchemasSchema,
} from "#server/contract/schemas.ts";
import { schemaVersionSchema } from "#server/contract/upcasters.ts";
import type { Context } from "#server/platform/context.ts";
import { checkSchema } from "../../schemas/check-schema.ts";
import { deleteSchema } from "../../schemas/delete-schema.ts";
import { getSchema, getTypeSchemas } from "../../schemas/get-schemas.ts";
import type { RegistrationJudgement } from "../../schemas/judge-registration.ts";
import { putSchema } from "../../schemas/put-schema.ts";
import type { Api } from "../api.ts";
import { type ProblemDetails, sendProblem } from "../problem.ts";

const tags = ["Schemas"];
const params = z.object({ type: eventTypeSchema, version: schemaVersionSchema });

export function schemaRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/schemas/:type",
    {
      schema: {
        tags,
        summary: "Get every version of an event type's schema, and whether it is enforced",
        params: params.pick({ type: true }),
        response: { 200: typeSchemasSchema, 404: problemSchema },
      },
    },
    ({ params }) => getTypeSchemas(ctx, params.type),
  );

  api.get(
    "/api/v1/schemas/:type/:version",
    {
      schema: {
        tags,
        summary: "Get one version of an event type's schema",
        params,
        response: { 200: schemaVersionDtoSchema, 404: problemSchema },
      },
    },
    ({ params }) => getSchema(ctx, params.type, params.version),
  );

  api.put(
    "/api/v1/schemas/:type/:version",
    {
      schema: {
        tags,
        summary: "Register a version of an event type's schema",
        description:
          "A JSON Schema 2020-12. What it promises is checked against the version before it; where it breaks that, the " +
          "answer is 409 and `breaks` names the fields. A schema that is registered never changes, but its upcasters " +
          "and its promise may. Safe to send twice.",
        params,
        body: schemaInputSchema,
        response: {
          200: schemaVersionDtoSchema,
          201: schemaVersionDtoSchema,
          400: problemSchema,
          409: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { type, version } = request.params;
      const outcome = await putSchema(ctx, type, version, request.body);
      if (outcome.kind === "registered") return reply.code(outcome.isNew ? 201 : 200).send(outcome.schema);
      return sendProblem(request, reply, problemOf(`${type} ${version}`, outcome));
    },
  );

  api.post(
    "/api/v1/schemas/:type/:version/check",
    {
      schema: {
        tags,
        summary: "Say what would come of registering a schema; changes nothing",
        description:
          "Compatibility with the version before it, and what the newest events would be with this schema registered.",
        params,
        body: schemaInputSchema,
        response: { 200: schemaCheckSchema, 400: problemSchema },
      },
    },
    ({ params: { type, version }, body }) => checkSchema(ctx, type, version, body),
  );

  api.delete(
    "/api/v1/schemas/:type/:version",
    {
      schema: {
        tags,
        summary: "Take a version of an event type's schema out",
        description: "With the last version, the type's policy goes too. Marks on events stay.",
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deleteSchema(ctx, params.type, params.version);
      return reply.code(204).send(null);
    },
  );
}

function problemOf(name: string, { problems, refusal, breaks }: RegistrationJudgement): ProblemDetails {
  const [problem] = problems;
  if (problem) {
    const detail = `The schema of ${name} can't be used: ${problem.path || "it"} ${problem.reason}.`;
    return { status: 400, code: "invalid-schema", detail, problems };
  }
  if (refusal !== null) return { status: 409, code: "conflict", detail: refusal };
  const [first] = breaks;
  const more = breaks.length > 1 ? ` (and ${breaks.length - 1} more)` : "";
  const detail =
    `${name} breaks its promise: from ${first?.older} to ${first?.newer}, ${first?.path || "the payload"} ` +
    `${first?.reason}${more}. Nothing was registered. Change the schema, or promise less with "compatibility".`;
  return { status: 409, code: "incompatible", detail, breaks };
}
