import { z } from "zod";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import { idSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  REPLAY_ITEM_FILTERS,
  replayCommandSchema,
  replayInputSchema,
  replayItemPageSchema,
  replayListSchema,
  replayPlanSchema,
  replaySchema,
} from "#server/contract/replays.ts";
import { REPLAY_STATUSES } from "#server/domain/replays/replay-run.ts";
import type { Context } from "#server/platform/context.ts";
import { changeReplay } from "../../replays/change-replay.ts";
import { createReplay } from "../../replays/create-replay.ts";
import { getReplay, listReplays } from "../../replays/get-replay.ts";
import { listItems } from "../../replays/list-items.ts";
import { planReplay } from "../../replays/plan-replay.ts";
import type { Api } from "../api.ts";

const tags = ["Replays"];
const id = idSchema;
const params = z.object({ id });
const limit = z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50);
const statuses = z.preprocess(
  (given) => (given === undefined || Array.isArray(given) ? given : [given]),
  z.array(z.enum(REPLAY_STATUSES)).max(REPLAY_STATUSES.length).optional(),
);

const COMMANDS = [
  ["start", "Start a planned replay"],
  ["pause", "Pause a replay: what is in flight ends, nothing more starts"],
  ["resume", "Resume a paused replay"],
  ["cancel", "Cancel a replay: what is in flight ends and is counted, the rest stays parked"],
] as const;

export function replayRoutes(api: Api, ctx: Context): void {
  api.post(
    "/api/v1/replays",
    {
      schema: {
        tags,
        summary: "Replay dead letters, or only plan it",
        description:
          "With `dryRun` the plan is given, and nothing changes. Without, the selection is frozen and the replay starts, " +
          "unless `start` is false. Pass the plan's `upTo` in the selection to replay exactly what was planned.",
        body: replayInputSchema,
        response: { 200: replayPlanSchema, 201: replaySchema, 400: problemSchema },
      },
    },
    async ({ body }, reply) => {
      if (body.dryRun) return reply.code(200).send(await planReplay(ctx, body.selection, body.options));
      return reply.code(201).send(await createReplay(ctx, body));
    },
  );

  api.get(
    "/api/v1/replays",
    {
      schema: {
        tags,
        summary: "List replays, the newest first",
        querystring: z.strictObject({
          before: id.optional(),
          status: statuses,
          limit,
        }),
        response: { 200: replayListSchema, 400: problemSchema },
      },
    },
    ({ query }) => listReplays(ctx, query),
  );

  api.get(
    "/api/v1/replays/:id",
    {
      schema: {
        tags,
        summary: "Get a replay: how far it is, and how its items ended",
        params,
        response: { 200: replaySchema, 404: problemSchema },
      },
    },
    ({ params }) => getReplay(ctx, params.id),
  );

  api.get(
    "/api/v1/replays/:id/items",
    {
      schema: {
        tags,
        summary: "List the items of a replay in its order",
        params,
        querystring: z.strictObject({
          /** Only those that ended so, or are in this state. */
          is: z.enum(REPLAY_ITEM_FILTERS).optional(),
          after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
          limit,
        }),
        response: { 200: replayItemPageSchema, 404: problemSchema },
      },
    },
    ({ params, query }) => listItems(ctx, params.id, query),
  );

  for (const [command, summary] of COMMANDS) {
    api.post(
      `/api/v1/replays/:id/${command}`,
      {
        schema: {
          tags,
          summary,
          params,
          body: replayCommandSchema,
          response: { 200: replaySchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
        },
      },
      ({ params, body }) => changeReplay(ctx, params.id, command, body?.reason ?? ""),
    );
  }
}
