import { z } from "zod";
import {
  CASE_SORTS,
  CASE_WINDOWS,
  caseChangeSchema,
  caseDetailSchema,
  caseFieldsSchema,
  caseFilterSchema,
  caseListSchema,
  caseMuteSchema,
  caseNoteInputSchema,
} from "#server/contract/failure-cases.ts";
import { idSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { type CaseWish, changeCase } from "../../dead-letters/change-case.ts";
import { getCase } from "../../dead-letters/get-case.ts";
import { getCaseFields } from "../../dead-letters/get-case-fields.ts";
import { listCases, MAX_CASES } from "../../dead-letters/list-cases.ts";
import type { Api } from "../api.ts";
import { asLists } from "../list-parameters.ts";

const tags = ["Failure cases"];
const params = z.object({ id: idSchema });
const window = z.enum(CASE_WINDOWS).default("24h");

const listQuery = z.strictObject({
  ...caseFilterSchema.shape,
  sort: z.enum(CASE_SORTS).default("harm"),
  window,
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_CASES).default(50),
});

export function failureCaseRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/failure-cases",
    {
      schema: {
        tags,
        summary: "List failure cases: dead letters that share a cause",
        description:
          "In the order of harm, cases of which deliveries die now stand first, then those with most parked letters, and " +
          "last those that have none left. " +
          "Without `status`, cases that are open. Each comes with its deaths in the buckets of the `window`.",
        querystring: listQuery,
        response: { 200: caseListSchema, 400: problemSchema },
      },
      preValidation: asLists(["status", "consumer", "type"]),
    },
    ({ query: { sort, window, offset, limit, ...filter } }) =>
      listCases(ctx, { filter, sort, window, offset, limit }),
  );

  api.get(
    "/api/v1/failure-cases/:id",
    {
      schema: {
        tags,
        summary: "Get a failure case with its notes and what it affects",
        params,
        querystring: z.strictObject({ window }),
        response: { 200: caseDetailSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ params, query }) => getCase(ctx, params.id, query),
  );

  api.get(
    "/api/v1/failure-cases/:id/fields",
    {
      schema: {
        tags,
        summary: "Compare failing payloads with those that the same consumer handled",
        description:
          "What failing payloads have in common and succeeding ones of the type don't: a hint where to look, no proof.",
        params,
        response: { 200: caseFieldsSchema, 404: problemSchema },
      },
    },
    ({ params }) => getCaseFields(ctx, params.id),
  );

  /** Answers with the case as it is after the change. */
  const change = async (id: number, wishes: CaseWish[]) => {
    await changeCase(ctx, id, wishes);
    return getCase(ctx, id, { window: "24h" });
  };
  const answers = { 200: caseDetailSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema };

  api.patch(
    "/api/v1/failure-cases/:id",
    {
      schema: {
        tags,
        summary: "Assign a failure case, or link it to a ticket",
        description: "Null takes the owner or the link away.",
        params,
        body: caseChangeSchema,
        response: answers,
      },
    },
    ({ params, body: { owner, ticketUrl } }) =>
      change(params.id, [
        ...(owner === undefined ? [] : [{ kind: "assign" as const, owner }]),
        ...(ticketUrl === undefined ? [] : [{ kind: "link" as const, ticketUrl }]),
      ]),
  );

  api.post(
    "/api/v1/failure-cases/:id/mute",
    {
      schema: {
        tags,
        summary: "Mute a failure case until a moment, at most 90 days from now",
        params,
        body: caseMuteSchema,
        response: answers,
      },
    },
    ({ params, body }) => change(params.id, [{ kind: "mute", untilMs: Date.parse(body.until) }]),
  );

  api.post(
    "/api/v1/failure-cases/:id/notes",
    {
      schema: {
        tags,
        summary: "Add a note to a failure case; it stays",
        params,
        body: caseNoteInputSchema,
        response: answers,
      },
    },
    ({ params, body }) => change(params.id, [{ kind: "note", text: body.text }]),
  );

  const verbs = [
    ["unmute", "End the mute of a failure case"],
    ["resolve", "Resolve a failure case; it opens again when a delivery dies of the same cause"],
    ["reopen", "Open a failure case that was resolved"],
  ] as const;
  for (const [kind, summary] of verbs) {
    api.post(
      `/api/v1/failure-cases/:id/${kind}`,
      { schema: { tags, summary, params, response: answers } },
      ({ params }) => change(params.id, [{ kind }]),
    );
  }
}
