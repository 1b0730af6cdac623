import { z } from "zod";
import {
  alertDetailSchema,
  alertFilterSchema,
  alertListSchema,
  muteInputSchema,
  remarkInputSchema,
} from "#server/contract/alerts.ts";
import { longIdSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { acknowledgeAlert, getAlert, listAlerts, muteAlert, resolveAlert } from "../../alerts/alerts.ts";
import type { Api } from "../api.ts";

const tags = ["Alerts"];
const params = z.object({ id: longIdSchema });
const response = { 200: alertDetailSchema, 400: problemSchema, 404: problemSchema };

export function alertRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/alerts",
    {
      schema: {
        tags,
        summary: "List alerts, the newest first",
        querystring: alertFilterSchema,
        response: { 200: alertListSchema, 400: problemSchema },
      },
    },
    ({ query }) => listAlerts(ctx, query),
  );

  api.get(
    "/api/v1/alerts/:id",
    { schema: { tags, summary: "Get an alert with its life", params, response } },
    ({ params }) => getAlert(ctx, params.id),
  );

  api.post(
    "/api/v1/alerts/:id/acknowledge",
    {
      schema: {
        tags,
        summary: "Take an alert, so that others know that somebody looks after it",
        params,
        body: remarkInputSchema,
        response: { ...response, 409: problemSchema },
      },
    },
    ({ params, body }) => acknowledgeAlert(ctx, params.id, body.note),
  );

  api.post(
    "/api/v1/alerts/:id/resolve",
    {
      schema: {
        tags,
        summary: "End an alert; where its condition holds still, another one begins",
        params,
        body: remarkInputSchema,
        response: { ...response, 409: problemSchema },
      },
    },
    ({ params, body }) => resolveAlert(ctx, params.id, body.note),
  );

  api.post(
    "/api/v1/alerts/:id/mute",
    {
      schema: {
        tags,
        summary: "Keep an alert from telling anybody anything until a moment",
        params,
        body: muteInputSchema,
        response,
      },
    },
    ({ params, body }) => muteAlert(ctx, params.id, body),
  );

  api.post(
    "/api/v1/alerts/:id/unmute",
    { schema: { tags, summary: "Let an alert speak again; what is still true is told", params, response } },
    ({ params }) => muteAlert(ctx, params.id, null),
  );
}
