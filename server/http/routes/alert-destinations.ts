import { z } from "zod";
import {
  destinationChangeSchema,
  destinationInputSchema,
  destinationListSchema,
  madeDestinationSchema,
  noticeFilterSchema,
  noticeListSchema,
  noticeSchema,
} from "#server/contract/alert-destinations.ts";
import { idSchema, longIdSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import {
  changeDestination,
  createDestination,
  deleteDestination,
  listDestinations,
} from "../../alerts/destinations.ts";
import { listNotices, retryNotice } from "../../alerts/notices.ts";
import { createSendNotice } from "../../alerts/send-notice.ts";
import { testDestination } from "../../alerts/test-destination.ts";
import type { Api } from "../api.ts";

const tags = ["Alerts"];
const params = z.object({ id: idSchema });

/** Where people are told of alerts, and what was sent there. */
export function alertDestinationRoutes(api: Api, ctx: Context): void {
  const send = createSendNotice(ctx.env, ctx);

  api.get(
    "/api/v1/destinations",
    {
      schema: {
        tags,
        summary: "List destinations of alerts, by name",
        response: { 200: destinationListSchema },
      },
    },
    () => listDestinations(ctx),
  );

  api.post(
    "/api/v1/destinations",
    {
      schema: {
        tags,
        summary: "Make a destination of alerts",
        description: "The `secret` that messages to a webhook are signed with is given in this answer alone.",
        body: destinationInputSchema,
        response: { 201: madeDestinationSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await createDestination(ctx, body)),
  );

  api.put(
    "/api/v1/destinations/:id",
    {
      schema: {
        tags,
        summary: "Change a destination, or make its secret anew",
        description:
          "What is left out of the address stays. Messages are signed with an old secret for a day more.",
        params,
        body: destinationChangeSchema,
        response: { 200: madeDestinationSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    ({ params, body }) => changeDestination(ctx, params.id, body),
  );

  api.delete(
    "/api/v1/destinations/:id",
    {
      schema: {
        tags,
        summary: "Delete a destination that no rule sends to; what was sent there stays to be seen",
        params,
        response: { 204: z.null(), 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deleteDestination(ctx, params.id);
      return reply.code(204).send(null);
    },
  );

  api.post(
    "/api/v1/destinations/:id/test",
    {
      schema: {
        tags,
        summary: "Send a message that only tries a destination, and say how that ended",
        params,
        response: { 200: noticeSchema, 404: problemSchema },
      },
    },
    ({ params }) => testDestination(ctx, params.id, send),
  );

  api.get(
    "/api/v1/notices",
    {
      schema: {
        tags,
        summary: "List messages about alerts with every try, the newest first",
        querystring: noticeFilterSchema,
        response: { 200: noticeListSchema, 400: problemSchema },
      },
    },
    ({ query }) => listNotices(ctx, query),
  );

  api.post(
    "/api/v1/notices/:id/retry",
    {
      schema: {
        tags,
        summary: "Send a message again at once that failed, whether it was given up or is to be tried later",
        params: z.object({ id: longIdSchema }),
        response: { 200: noticeSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    ({ params }) => retryNotice(ctx, params.id),
  );
}
