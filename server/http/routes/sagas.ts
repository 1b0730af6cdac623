import { z } from "zod";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  processMapSchema,
  SAGA_SORTS,
  sagaCountsSchema,
  sagaFilterSchema,
  sagaIdSchema,
  sagaPageSchema,
  sagaSchema,
} from "#server/contract/sagas.ts";
import type { Context } from "#server/platform/context.ts";
import { countSagas } from "../../sagas/count-sagas.ts";
import { getProcessMap } from "../../sagas/get-process-map.ts";
import { getSaga } from "../../sagas/get-saga.ts";
import { listSagas } from "../../sagas/list-sagas.ts";
import type { Api } from "../api.ts";
import { asLists } from "../list-parameters.ts";

const tags = ["Sagas"];

const listQuery = z.strictObject({
  ...sagaFilterSchema.shape,
  sort: z.enum(SAGA_SORTS).default("attention"),
  after: z.string().min(1).max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
});

const mapQuery = z.strictObject({
  type: z.string().min(1).max(4096),
  from: sagaFilterSchema.shape.from,
  to: sagaFilterSchema.shape.to,
});

export function sagaRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/sagas",
    {
      schema: {
        tags,
        summary: "List sagas",
        description:
          "Repeated values of one parameter mean “or”. By `attention`, those with the most harm come first, and of one " +
          "state those for which it has lasted longest; by `longest`, those that took, or have been going on, the longest. " +
          "`q` is the beginning of a business key, of what stands behind its last sign, or of a correlation. " +
          "`recognised` says how old the list is.",
        querystring: listQuery,
        response: { 200: sagaPageSchema, 400: problemSchema },
      },
      preValidation: asLists(["state", "type", "basis"]),
    },
    ({ query: { sort, after, limit, ...filter } }) => listSagas(ctx, { filter, sort, after, limit }),
  );

  api.get(
    "/api/v1/sagas/counts",
    {
      schema: {
        tags,
        summary: "Count sagas by type, state and the step that they wait for",
        querystring: z.strictObject({}),
        response: { 200: sagaCountsSchema },
      },
    },
    () => countSagas(ctx),
  );

  api.get(
    "/api/v1/sagas/map",
    {
      schema: {
        tags,
        summary:
          "Get the process map of a type: what flows took which way, how long steps take, and where they end",
        description:
          "Of the sagas that began in whole hours, by default the last 24, and have ended. How many wait at each step is " +
          "as of now.",
        querystring: mapQuery,
        response: { 200: processMapSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ query }) => getProcessMap(ctx, query),
  );

  api.get(
    "/api/v1/sagas/:id",
    {
      schema: {
        tags,
        summary: "Get a saga as the list shows it",
        params: z.object({ id: sagaIdSchema }),
        response: { 200: sagaSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ params: { id } }) => getSaga(ctx, id),
  );
}
