import type { FastifyTypeProviderDefault } from "fastify";
import { z } from "zod";
import {
  appendAnswerSchema,
  eventFilterSchema,
  eventPageSchema,
  eventViewSchema,
  FACET_FIELDS,
  facetsSchema,
  flowSchema,
  MAX_PAGE_SIZE,
  positionSchema,
} from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { getEvent, getEventById } from "../../events/get-event.ts";
import { getFlow } from "../../events/get-flow.ts";
import { listEvents } from "../../events/list-events.ts";
import { listFacets } from "../../events/list-facets.ts";
import { describeEvent, upcastEnvelope } from "../../schemas/describe-event.ts";
import type { Api } from "../api.ts";
import { requireIngest } from "../require-ingest.ts";
import { postEventStream, postEvents } from "./append-events.ts";
import { countUnreadable } from "./count-rejections.ts";

const upcastQuery = z.literal("newest").optional();
const NDJSON = /^application\/(x-)?ndjson\s*(;|$)/i;

const listQuery = z.strictObject({
  ...eventFilterSchema.shape,
  before: positionSchema.optional(),
  after: positionSchema.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
  include: z.literal("data").optional(),
});

/** Parameters that may be repeated, meaning "or". */
const LIST_PARAMETERS = ["type", "source", "subject", "kind"];

const facetsQuery = z.strictObject({
  field: z.enum(FACET_FIELDS),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  contains: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
});

export function eventRoutes(api: Api, ctx: Context): void {
  const { maxBodyBytes } = ctx.env.limits;

  // Answers here are sent by hand, with several statuses: the default provider does not type them.
  api.withTypeProvider<FastifyTypeProviderDefault>().post(
    "/api/v1/events",
    {
      bodyLimit: maxBodyBytes,
      onRequest: requireIngest(ctx),
      onError: countUnreadable(ctx),
      schema: {
        tags: ["Events"],
        summary: "Append events",
        description:
          "CloudEvents 1.0 in binary, structured or batch mode, NDJSON with one envelope a line, or JSON in a shape " +
          "that is known (EventBridge, SNS, Debezium and others). Answered after the commit. Safe to send twice.",
        consumes: [
          "application/cloudevents+json",
          "application/cloudevents-batch+json",
          "application/x-ndjson",
          "application/json",
        ],
        response: {
          202: appendAnswerSchema,
          400: problemSchema,
          409: problemSchema,
          413: problemSchema,
          415: problemSchema,
          422: problemSchema,
          503: problemSchema,
        },
      },
    },
    (request, reply) =>
      NDJSON.test(request.headers["content-type"] ?? "") && request.headers["ce-specversion"] === undefined
        ? postEventStream(ctx, request, reply)
        : postEvents(ctx, request, reply),
  );

  api.get(
    "/api/v1/events",
    {
      schema: {
        tags: ["Events"],
        summary: "List events, newest first",
        querystring: listQuery,
        response: { 200: eventPageSchema, 400: problemSchema },
      },
      preValidation: async (request) => {
        Object.assign(request.query, listsOf(request.query));
      },
    },
    ({ query }) => {
      const { before, after, limit, include, ...filter } = query;
      return listEvents(ctx, { filter, before, after, limit, withData: include === "data" });
    },
  );

  api.get(
    "/api/v1/events/by-id",
    {
      schema: {
        tags: ["Events"],
        summary: "Get the event with an id",
        description: "Without `source`, the newest event of any source that has this id.",
        querystring: z.strictObject({
          id: z.string().min(1).max(1024),
          source: z.string().min(1).max(1024).optional(),
          upcast: upcastQuery,
        }),
        response: { 200: eventViewSchema, 404: problemSchema },
      },
    },
    async ({ query: { id, source, upcast } }) =>
      describeEvent(ctx, await getEventById(ctx, id, source), { isUpcast: upcast === "newest" }),
  );

  api.get(
    "/api/v1/events/:position",
    {
      schema: {
        tags: ["Events"],
        summary: "Get one event with its payload",
        description:
          "With `Accept: application/cloudevents+json`, the envelope itself, payload verbatim. `upcast=newest` adds, " +
          "in `schema.upcast`, the payload in the newest version of its type's schema that upcasters lead to; the " +
          "envelope is then that of the newest version.",
        params: z.object({ position: positionSchema }),
        querystring: z.strictObject({ upcast: upcastQuery }),
        response: { 200: eventViewSchema.or(z.string()), 404: problemSchema },
      },
    },
    async ({ params, query, headers }, reply) => {
      const event = await getEvent(ctx, params.position);
      const isUpcast = query.upcast === "newest";
      if (headers.accept?.includes("application/cloudevents+json") !== true)
        return describeEvent(ctx, event, { isUpcast });
      const envelope = isUpcast ? await upcastEnvelope(ctx, event) : event.envelope;
      return reply.type("application/cloudevents+json; charset=utf-8").send(envelope);
    },
  );

  api.get(
    "/api/v1/flows/:correlationid",
    {
      schema: {
        tags: ["Events"],
        summary: "Get a flow: all events of one correlation id as a tree by causation",
        params: z.object({ correlationid: z.string().min(1).max(1024) }),
        response: { 200: flowSchema },
      },
    },
    ({ params }) => getFlow(ctx, params.correlationid),
  );

  api.get(
    "/api/v1/facets",
    {
      schema: {
        tags: ["Events"],
        summary: "List the values of a field with how often they occur",
        querystring: facetsQuery,
        response: { 200: facetsSchema, 400: problemSchema },
      },
    },
    ({ query: { field, from, to, contains, limit } }) =>
      listFacets(ctx, { field, from, to, contains, limit }),
  );
}

/** The parameters that stand once, each as a list of one. */
function listsOf(query: Record<string, unknown>): Record<string, unknown> {
  const single = LIST_PARAMETERS.filter((name) => typeof query[name] === "string");
  return Object.fromEntries(single.map((name) => [name, [query[name]]]));
}
