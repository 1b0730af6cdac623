import { z } from "zod";
import { channelInputSchema, channelListSchema, channelSchema, nameSchema } from "#server/contract/bus.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { deleteChannel } from "../../bus/delete-channel.ts";
import { getChannel, listChannels } from "../../bus/list-channels.ts";
import { putChannel } from "../../bus/put-channel.ts";
import type { Api } from "../api.ts";

const params = z.object({ name: nameSchema });
const tags = ["Channels"];

export function channelRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/channels",
    {
      schema: {
        tags,
        summary: "List channels, and what no subscription took",
        response: { 200: channelListSchema },
      },
    },
    () => listChannels(ctx),
  );

  api.get(
    "/api/v1/channels/:name",
    {
      schema: {
        tags,
        summary: "Get a channel",
        params,
        response: { 200: channelSchema, 404: problemSchema },
      },
    },
    ({ params }) => getChannel(ctx, params.name),
  );

  api.put(
    "/api/v1/channels/:name",
    {
      schema: {
        tags,
        summary: "Make or change a channel",
        description:
          "Of a queue, each event goes to one consumer; of a topic, to every one. Safe to send twice.",
        params,
        body: channelInputSchema,
        response: { 200: channelSchema, 201: channelSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async ({ params, body }, reply) => {
      const { channel, isNew } = await putChannel(ctx, params.name, body);
      return reply.code(isNew ? 201 : 200).send(channel);
    },
  );

  api.delete(
    "/api/v1/channels/:name",
    {
      schema: {
        tags,
        summary: "Delete a channel that no subscription uses",
        params,
        response: { 204: z.null(), 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deleteChannel(ctx, params.name);
      return reply.code(204).send(null);
    },
  );
}
