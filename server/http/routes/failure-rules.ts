import { z } from "zod";
import {
  ruleInputSchema,
  ruleListSchema,
  ruleOrderSchema,
  ruleSchema,
  ruleSimulationInputSchema,
  ruleSimulationSchema,
} from "#server/contract/failure-rules.ts";
import { idSchema } from "#server/contract/list-query.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { changeRule, createRule, deleteRule, listRules, orderRules } from "../../failure-rules/rules.ts";
import { simulateRule } from "../../failure-rules/simulate-rule.ts";
import type { Api } from "../api.ts";

const params = z.object({ id: idSchema });
const tags = ["Dead letters"];

export function failureRuleRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/failure-rules",
    {
      schema: {
        tags,
        summary: "List the rules for dead letters, in the order in which they are asked",
        response: { 200: ruleListSchema },
      },
    },
    () => listRules(ctx),
  );

  api.post(
    "/api/v1/failure-rules",
    {
      schema: {
        tags,
        summary: "Make a rule that replays, discards or assigns dead letters by itself",
        description: "It stands behind all others: the first rule that a letter meets decides.",
        body: ruleInputSchema,
        response: { 201: ruleSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async ({ body }, reply) => reply.code(201).send(await createRule(ctx, body)),
  );

  api.put(
    "/api/v1/failure-rules/:id",
    {
      schema: {
        tags,
        summary: "Change a rule, or switch it on or off",
        params,
        body: ruleInputSchema,
        response: { 200: ruleSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    ({ params, body }) => changeRule(ctx, params.id, body),
  );

  api.delete(
    "/api/v1/failure-rules/:id",
    {
      schema: {
        tags,
        summary: "Delete a rule; what it did stays",
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await deleteRule(ctx, params.id);
      return reply.code(204).send(null);
    },
  );

  api.post(
    "/api/v1/failure-rules/order",
    {
      schema: {
        tags,
        summary: "Put all rules into an order",
        body: ruleOrderSchema,
        response: { 200: ruleListSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    ({ body }) => orderRules(ctx, body.ids),
  );

  api.post(
    "/api/v1/failure-rules/simulate",
    {
      schema: {
        tags,
        summary: "Say what a rule would have done with the dead letters of the last seven days",
        body: ruleSimulationInputSchema,
        response: { 200: ruleSimulationSchema, 400: problemSchema },
      },
    },
    ({ body }) => simulateRule(ctx, body),
  );
}
