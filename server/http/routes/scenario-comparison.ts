import { z } from "zod";
import { nameSchema } from "#server/contract/bus.ts";
import { problemSchema } from "#server/contract/problem.ts";
import { comparisonQuerySchema, comparisonSchema } from "#server/contract/scenario-comparison.ts";
import { scenarioRateSchema } from "#server/contract/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { compareOrders } from "../../scenarios/compare-orders.ts";
import {
  endInComparison,
  playInComparison,
  startComparison,
  stopComparison,
} from "../../scenarios/run-comparison.ts";
import type { Api } from "../api.ts";

const tags = ["Scenarios"];
const querystring = comparisonQuerySchema;
const params = z.object({ preset: nameSchema });
const response = { 200: comparisonSchema, 400: problemSchema };

export function scenarioComparisonRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/scenarios/comparison",
    {
      schema: {
        tags,
        summary: "Compare the systems that take orders, by what is stored of the last minutes",
        description:
          "How long customers waited for an answer, how long until everything was done, and what became of the orders; " +
          "before, during and after the last story that was played in a system.",
        querystring,
        response,
      },
    },
    ({ query }) => compareOrders(ctx, query),
  );

  api.post(
    "/api/v1/scenarios/comparison/start",
    {
      schema: {
        tags,
        summary: "Switch on all systems that take orders, at the same rate",
        querystring,
        body: scenarioRateSchema,
        response,
      },
    },
    async ({ query, body }) => {
      await startComparison(ctx, body.rate);
      return compareOrders(ctx, query);
    },
  );

  api.post(
    "/api/v1/scenarios/comparison/stop",
    { schema: { tags, summary: "Switch off all systems that take orders", querystring, response } },
    async ({ query }) => {
      await stopComparison(ctx);
      return compareOrders(ctx, query);
    },
  );

  api.post(
    "/api/v1/scenarios/comparison/presets/:preset",
    {
      schema: {
        tags,
        summary: "Play the same failure in all systems that take orders",
        params,
        querystring,
        response: { ...response, 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params: { preset }, query }) => {
      await playInComparison(ctx, preset);
      return compareOrders(ctx, query);
    },
  );

  api.delete(
    "/api/v1/scenarios/comparison/presets/:preset",
    {
      schema: {
        tags,
        summary: "End a failure in all systems that take orders",
        params,
        querystring,
        response: { ...response, 404: problemSchema },
      },
    },
    async ({ params: { preset }, query }) => {
      await endInComparison(ctx, preset);
      return compareOrders(ctx, query);
    },
  );
}
