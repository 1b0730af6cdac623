import type { FastifyTypeProviderDefault } from "fastify";
import { z } from "zod";
import { MAX_PAGE_SIZE, positionSchema } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  MAX_STREAM_PAGE,
  streamAppendAnswerSchema,
  streamEventsSchema,
  streamPageSchema,
  streamStateSchema,
} from "#server/contract/streams.ts";
import type { Context } from "#server/platform/context.ts";
import { getStream } from "../../streams/get-stream.ts";
import { getStreamState } from "../../streams/get-stream-state.ts";
import { listStreams } from "../../streams/list-streams.ts";
import type { Api } from "../api.ts";
import { requireIngest } from "../require-ingest.ts";
import { postStreamAppend, type StreamParams } from "./append-to-stream.ts";
import { countUnreadable } from "./count-rejections.ts";

const params = z.object({ type: z.string().min(1).max(1024), id: z.string().min(1).max(2000) });
const version = z.coerce.number().int().min(0).max(2_147_483_647);

export function streamRoutes(api: Api, ctx: Context): void {
  // Answers here are sent by hand, with several statuses: the default provider does not type them.
  api.withTypeProvider<FastifyTypeProviderDefault>().post<{ Params: StreamParams }>(
    "/api/v1/streams/:type/:id",
    {
      bodyLimit: ctx.env.limits.maxBodyBytes,
      onRequest: requireIngest(ctx),
      onError: countUnreadable(ctx),
      schema: {
        tags: ["Streams"],
        summary: "Append events to the stream of an aggregate",
        description:
          'The body is `{"expectedVersion": 3, "events": [{"id": …, "type": …, "data": …}]}`: the version that the ' +
          "stream must be at, `none` for one without events, or `any`. Versions begin at 1. Where the stream is at " +
          "another version the answer is 409 with `actualVersion`, and nothing is stored. Safe to send twice: a " +
          "repeat with the same event ids is answered as the first one was.",
        params,
        consumes: ["application/json"],
        response: {
          201: streamAppendAnswerSchema,
          400: problemSchema,
          409: problemSchema,
          413: problemSchema,
        },
      },
    },
    (request, reply) => postStreamAppend(ctx, request, reply),
  );

  api.get(
    "/api/v1/streams/:type/:id",
    {
      schema: {
        tags: ["Streams"],
        summary: "Get the events of a stream, by version",
        description:
          "Both ends of the range are part of it. Where `next` is not null, pass its two values to go on.",
        params,
        querystring: z.strictObject({
          fromVersion: version.optional(),
          toVersion: version.optional(),
          afterPosition: positionSchema.optional(),
          limit: z.coerce.number().int().min(1).max(MAX_STREAM_PAGE).default(100),
        }),
        response: { 200: streamEventsSchema, 404: problemSchema },
      },
    },
    ({ params: { type, id }, query }) => getStream(ctx, type, id, query),
  );

  api.get(
    "/api/v1/streams/:type/:id/state",
    {
      schema: {
        tags: ["Streams"],
        summary: "Get the state of an aggregate at a version, and at the one before",
        description: "Where this program knows how its events add up: that is so for orders.",
        params,
        querystring: z.strictObject({ version }),
        response: { 200: streamStateSchema, 404: problemSchema },
      },
    },
    ({ params: { type, id }, query }) => getStreamState(ctx, type, id, query.version),
  );

  api.get(
    "/api/v1/streams",
    {
      schema: {
        tags: ["Streams"],
        summary: "List streams, the one that changed last first",
        querystring: z.strictObject({
          type: z.string().min(1).max(1024).optional(),
          q: z.string().min(1).max(200).optional(),
          before: positionSchema.optional(),
          limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
        }),
        response: { 200: streamPageSchema, 400: problemSchema },
      },
    },
    ({ query: { type, q, before, limit } }) => listStreams(ctx, { type, q, before, limit }),
  );
}
