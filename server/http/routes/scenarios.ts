import { z } from "zod";
import { nameSchema } from "#server/contract/bus.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  faultInputSchema,
  optionalServiceSchema,
  removeDataAnswerSchema,
  removeDataInputSchema,
  scenarioListSchema,
  scenarioRateSchema,
  scenarioSchema,
} from "#server/contract/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { injectFault, playPreset, removeFault } from "../../scenarios/change-fault.ts";
import { listScenarios } from "../../scenarios/list-scenarios.ts";
import { removeScenarioData } from "../../scenarios/remove-data.ts";
import { setOptionalService } from "../../scenarios/set-optional-service.ts";
import { setRate, startScenario, stopScenario } from "../../scenarios/start-scenario.ts";
import type { Api } from "../api.ts";

const tags = ["Scenarios"];
const params = z.object({ name: nameSchema });
const ofService = params.extend({ service: nameSchema });
const response = { 200: scenarioSchema, 404: problemSchema };
const refusable = { ...response, 400: problemSchema, 409: problemSchema };

export function scenarioRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/scenarios",
    {
      schema: {
        tags,
        summary: "List the sample systems, each with its graph and what goes wrong in it",
        response: { 200: scenarioListSchema },
      },
    },
    () => listScenarios(ctx),
  );

  api.post(
    "/api/v1/scenarios/:name/start",
    { schema: { tags, summary: "Switch a sample system on", params, response } },
    ({ params }) => startScenario(ctx, params.name),
  );

  api.post(
    "/api/v1/scenarios/:name/stop",
    { schema: { tags, summary: "Switch a sample system off; its data stays", params, response } },
    ({ params }) => stopScenario(ctx, params.name),
  );

  api.put(
    "/api/v1/scenarios/:name/rate",
    {
      schema: {
        tags,
        summary: "Set how much traffic a sample system gets",
        params,
        body: scenarioRateSchema,
        response: refusable,
      },
    },
    ({ params, body }) => setRate(ctx, params.name, body.rate),
  );

  api.put(
    "/api/v1/scenarios/:name/faults/:service",
    {
      schema: {
        tags,
        summary: "Make something go wrong in one consumer",
        params: ofService,
        body: faultInputSchema,
        response: refusable,
      },
    },
    ({ params, body }) => injectFault(ctx, params.name, { service: params.service, fault: body }),
  );

  api.delete(
    "/api/v1/scenarios/:name/faults/:service",
    { schema: { tags, summary: "Let a consumer be well again", params: ofService, response } },
    ({ params }) => removeFault(ctx, params.name, params.service),
  );

  api.post(
    "/api/v1/scenarios/:name/presets/:preset",
    {
      schema: {
        tags,
        summary: "Play a failure that tells a story and ends by itself",
        params: params.extend({ preset: nameSchema }),
        response: refusable,
      },
    },
    ({ params }) => playPreset(ctx, params.name, params.preset),
  );

  api.put(
    "/api/v1/scenarios/:name/consumers/:service",
    {
      schema: {
        tags,
        summary: "Add an optional consumer while the system runs, or take it away",
        params: ofService,
        body: optionalServiceSchema,
        response: refusable,
      },
    },
    ({ params, body }) => setOptionalService(ctx, params.name, { service: params.service, isOn: body.isOn }),
  );

  api.delete(
    "/api/v1/scenarios/:name/data",
    {
      schema: {
        tags,
        summary: "Remove everything that a sample system wrote",
        description:
          "First with `dryRun`, which counts it, then with the `confirm` of that answer. The audit trail stays.",
        params,
        body: removeDataInputSchema,
        response: {
          200: removeDataAnswerSchema,
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
        },
      },
    },
    ({ params, body }) => removeScenarioData(ctx, params.name, body),
  );
}
