import { z } from "zod";
import {
  blastRadiusSchema,
  discardInputSchema,
  letterActionAnswerSchema,
  letterDetailSchema,
  letterFilterSchema,
  letterKeySchema,
  letterNumberSchema,
  letterPageSchema,
  restoreInputSchema,
} from "#server/contract/dead-letters.ts";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { discardLetters, restoreLetters } from "../../dead-letters/discard-letters.ts";
import { getBlastRadius } from "../../dead-letters/get-blast-radius.ts";
import { getLetter } from "../../dead-letters/get-letter.ts";
import { listLetters } from "../../dead-letters/list-letters.ts";
import type { Api } from "../api.ts";
import { asLists } from "../list-parameters.ts";

const tags = ["Dead letters"];

const listQuery = z.strictObject({
  ...letterFilterSchema.shape,
  before: letterNumberSchema.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
});

export function deadLetterRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/dead-letters",
    {
      schema: {
        tags,
        summary: "List dead letters, newest death first",
        description:
          "Repeated values of one parameter mean “or”. `error` looks into the last error: its message, name, code, and what an " +
          "HTTP consumer answered; `q` into payloads. A search without anything that leads straight to the matches stops at its budget: `searched` " +
          "says how far it got, and `nextBefore` goes on from there.",
        querystring: listQuery,
        response: { 200: letterPageSchema, 400: problemSchema },
      },
      preValidation: asLists(["status", "consumer", "type", "source", "case"]),
    },
    ({ query: { before, limit, ...filter } }) => listLetters(ctx, { filter, before, limit }),
  );

  api.get(
    "/api/v1/dead-letters/:position/:consumer",
    {
      schema: {
        tags,
        summary: "Get a dead letter with its event, every attempt, and what was done about it",
        params: letterKeySchema,
        response: { 200: letterDetailSchema, 400: problemSchema, 404: problemSchema, 503: problemSchema },
      },
    },
    ({ params }) => getLetter(ctx, params),
  );

  api.get(
    "/api/v1/dead-letters/:position/:consumer/blast-radius",
    {
      schema: {
        tags,
        summary: "Get what a dead letter holds up",
        description:
          "Steps that never ran, read from flows in which the consumer handled an event of this type, processes that " +
          "wait, the ordering key that is blocked, and who else has handled the event.",
        params: letterKeySchema,
        response: { 200: blastRadiusSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ params }) => getBlastRadius(ctx, params),
  );

  api.post(
    "/api/v1/dead-letters/discard",
    {
      schema: {
        tags,
        summary: "Discard parked letters: nobody has to handle them any more",
        description:
          "With `dryRun` it only counts. A case or a filter is cut off at `upTo`: give that of the dry run, and just the " +
          "letters that it counted are discarded, as far as they are still parked. What waits behind them in their " +
          "ordering keys goes on. It can be taken back.",
        body: discardInputSchema,
        response: { 200: letterActionAnswerSchema, 400: problemSchema },
      },
    },
    ({ body }) => discardLetters(ctx, body),
  );

  api.post(
    "/api/v1/dead-letters/restore",
    {
      schema: {
        tags,
        summary: "Park discarded letters again",
        description: "Where a dead letter blocks its ordering key, so does a restored one.",
        body: restoreInputSchema,
        response: { 200: letterActionAnswerSchema, 400: problemSchema },
      },
    },
    ({ body }) => restoreLetters(ctx, body),
  );
}
