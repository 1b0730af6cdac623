import { z } from "zod";
import { nameSchema, subscriptionInputSchema } from "#server/contract/bus.ts";
import { failedDeliveryListSchema } from "#server/contract/deliveries.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  rewindAnswerSchema,
  rewindInputSchema,
  subscriptionListSchema,
  subscriptionSchema,
  subscriptionStatusSchema,
} from "#server/contract/subscriptions.ts";
import type { Context } from "#server/platform/context.ts";
import { deleteSubscription } from "../../bus/delete-subscription.ts";
import { getSubscription, listSubscriptionStatuses } from "../../bus/get-subscription.ts";
import { listFailures } from "../../bus/list-failures.ts";
import { pauseSubscription, resumeSubscription } from "../../bus/pause-subscription.ts";
import { putSubscription } from "../../bus/put-subscription.ts";
import { rewindSubscription } from "../../bus/rewind-subscription.ts";
import type { Api } from "../api.ts";

const params = z.object({ consumer: nameSchema });
const tags = ["Consumers"];
const answers = { 404: problemSchema, 409: problemSchema };

export function subscriptionRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/subscriptions",
    {
      schema: {
        tags,
        summary: "List consumers with their state, backlog and dead letters",
        response: { 200: subscriptionListSchema },
      },
    },
    () => listSubscriptionStatuses(ctx),
  );

  api.get(
    "/api/v1/subscriptions/:consumer",
    {
      schema: {
        tags,
        summary: "Get a consumer's subscription and how it stands",
        params,
        response: { 200: subscriptionStatusSchema, 404: problemSchema },
      },
    },
    ({ params }) => getSubscription(ctx, params.consumer),
  );

  api.get(
    "/api/v1/subscriptions/:consumer/failures",
    {
      schema: {
        tags,
        summary: "List what a consumer failed at and has not handled since",
        description: "Deliveries that wait for a retry and dead ones, newest event first.",
        params,
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
        response: { 200: failedDeliveryListSchema, 404: problemSchema },
      },
    },
    ({ params, query }) => listFailures(ctx, params.consumer, query),
  );

  api.put(
    "/api/v1/subscriptions/:consumer",
    {
      schema: {
        tags,
        summary: "Make or change a consumer's subscription",
        description:
          "Everything but the channel can be changed. `startFrom` counts when the subscription is made. Safe to send " +
          "twice. Secrets and headers of an HTTP target are never given back.",
        params,
        body: subscriptionInputSchema,
        response: { 200: subscriptionSchema, 201: subscriptionSchema, 400: problemSchema, ...answers },
      },
    },
    async ({ params, body }, reply) => {
      const { subscription, isNew } = await putSubscription(ctx, params.consumer, body);
      return reply.code(isNew ? 201 : 200).send(subscription);
    },
  );

  api.delete(
    "/api/v1/subscriptions/:consumer",
    {
      schema: {
        tags,
        summary: "End a consumer's subscription; its history stays",
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deleteSubscription(ctx, params.consumer);
      return reply.code(204).send(null);
    },
  );

  api.post(
    "/api/v1/subscriptions/:consumer/pause",
    {
      schema: {
        tags,
        summary: "Pause a consumer",
        params,
        response: { 200: subscriptionSchema, ...answers },
      },
    },
    ({ params }) => pauseSubscription(ctx, params.consumer),
  );

  api.post(
    "/api/v1/subscriptions/:consumer/resume",
    {
      schema: {
        tags,
        summary: "Resume a consumer",
        params,
        response: { 200: subscriptionSchema, ...answers },
      },
    },
    ({ params }) => resumeSubscription(ctx, params.consumer),
  );

  api.post(
    "/api/v1/subscriptions/:consumer/rewind",
    {
      schema: {
        tags,
        summary: "Deliver to a consumer again from an earlier position",
        description:
          "First with `dryRun`, which says how many events come again, then with the `confirm` of that answer.",
        params,
        body: rewindInputSchema,
        response: { 200: rewindAnswerSchema, 400: problemSchema, ...answers },
      },
    },
    ({ params, body }) => rewindSubscription(ctx, params.consumer, body),
  );
}
