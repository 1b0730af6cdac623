import { z } from "zod";
import {
  alertPreviewInputSchema,
  alertPreviewSchema,
  alertRuleChangeSchema,
  alertRuleInputSchema,
  alertRuleListSchema,
  alertRuleSchema,
  muteInputSchema,
} from "#server/contract/alerts.ts";
import { idSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { previewRule } from "../../alerts/preview-rule.ts";
import { openMetrics } from "../../alerts/read-metrics.ts";
import {
  changeAlertRule,
  createAlertRule,
  deleteAlertRule,
  getAlertRule,
  listAlertRules,
  muteAlertRule,
  switchAlertRule,
} from "../../alerts/rules.ts";
import type { Api } from "../api.ts";
import { sendProblem } from "../problem.ts";

const tags = ["Alerts"];
const params = z.object({ id: idSchema });

const COMMANDS = [
  ["on", "Switch a rule on"],
  ["off", "Switch a rule off: its alerts are over"],
  ["unmute", "Let a rule speak again; what is still true is told"],
] as const;

export function alertRuleRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/alert-rules",
    {
      schema: { tags, summary: "List the rules for alerts, by name", response: { 200: alertRuleListSchema } },
    },
    () => listAlertRules(ctx),
  );

  api.post(
    "/api/v1/alert-rules",
    {
      schema: {
        tags,
        summary: "Make a rule that raises alerts",
        body: alertRuleInputSchema,
        response: { 201: alertRuleSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await createAlertRule(ctx, body)),
  );

  api.post(
    "/api/v1/alert-rules/preview",
    {
      schema: {
        tags,
        summary:
          "Say how often a rule would have fired within the last week, or another time; nothing is kept of it",
        body: alertPreviewInputSchema,
        response: { 200: alertPreviewSchema, 400: problemSchema },
      },
    },
    ({ body }) => previewRule(ctx, body, openMetrics(ctx)),
  );

  api.get(
    "/api/v1/alert-rules/:id",
    {
      schema: {
        tags,
        summary: "Get a rule",
        params,
        response: { 200: alertRuleSchema, 404: problemSchema },
      },
    },
    ({ params }) => getAlertRule(ctx, params.id),
  );

  api.put(
    "/api/v1/alert-rules/:id",
    {
      schema: {
        tags,
        summary: "Change a rule",
        description:
          "Its alerts go on, unless its condition is another one or it is switched off. With `expectedVersion` the answer " +
          "is 409 with `actualVersion` where somebody has changed it meanwhile.",
        params,
        body: alertRuleChangeSchema,
        response: { 200: alertRuleSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const outcome = await changeAlertRule(ctx, request.params.id, request.body);
      if (outcome.kind === "changed") return outcome.rule;
      const { actualVersion } = outcome;
      const detail =
        `The rule has moved on to version ${actualVersion} since it was read. Nothing was changed. ` +
        "Read it anew, and decide again.";
      return sendProblem(request, reply, { status: 409, code: "version-conflict", detail, actualVersion });
    },
  );

  api.delete(
    "/api/v1/alert-rules/:id",
    {
      schema: {
        tags,
        summary: "Delete a rule; its alerts are over, and stay to be seen",
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deleteAlertRule(ctx, params.id);
      return reply.code(204).send(null);
    },
  );

  api.post(
    "/api/v1/alert-rules/:id/mute",
    {
      schema: {
        tags,
        summary: "Keep a rule from telling anybody anything until a moment; its alerts go on",
        params,
        body: muteInputSchema,
        response: { 200: alertRuleSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ params, body }) => muteAlertRule(ctx, params.id, body),
  );

  for (const [command, summary] of COMMANDS) {
    api.post(
      `/api/v1/alert-rules/:id/${command}`,
      { schema: { tags, summary, params, response: { 200: alertRuleSchema, 404: problemSchema } } },
      ({ params }) => {
        if (command === "unmute") return muteAlertRule(ctx, params.id, null);
        return switchAlertRule(ctx, params.id, command === "on");
      },
    );
  }
}
