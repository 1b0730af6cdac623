import { z } from "zod";
import { MAX_PAGE_SIZE, positionSchema } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  compensationDecisionSchema,
  processListSchema,
  processRunPageSchema,
  processTraceSchema,
} from "#server/contract/processes.ts";
import { PROCESS_STATUSES } from "#server/domain/processes/state.ts";
import type { Context } from "#server/platform/context.ts";
import { listProcesses } from "../../mediator/list-processes.ts";
import { getRun, listRuns } from "../../mediator/list-runs.ts";
import { resolveCompensation } from "../../mediator/resolve-compensation.ts";
import type { Api } from "../api.ts";

const nameSchema = z.string().min(1).max(200);

export function processRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/processes",
    {
      schema: {
        tags: ["Processes"],
        summary: "List declared processes, each with its graph and what is under way",
        response: { 200: processListSchema },
      },
    },
    () => listProcesses(ctx),
  );

  api.get(
    "/api/v1/processes/:name/runs",
    {
      schema: {
        tags: ["Processes"],
        summary: "List the runs of a process, the youngest first",
        params: z.object({ name: nameSchema }),
        querystring: z.strictObject({
          status: z.enum(PROCESS_STATUSES).optional(),
          key: z.string().max(1_000).optional(),
          before: positionSchema.optional(),
          limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
        }),
        response: { 200: processRunPageSchema },
      },
    },
    ({ params, query }) => listRuns(ctx, params.name, query),
  );

  api.get(
    "/api/v1/process-runs/:id",
    {
      schema: {
        tags: ["Processes"],
        summary: "Get one run of a process with its history and its incidents",
        params: z.object({ id: z.uuid() }),
        response: { 200: processTraceSchema, 404: problemSchema },
      },
    },
    ({ params }) => getRun(ctx, params.id),
  );

  api.post(
    "/api/v1/process-runs/:id/compensations/:step",
    {
      schema: {
        tags: ["Processes"],
        summary: "Have a failed compensation tried again, or say that it was done by hand",
        params: z.object({ id: z.uuid(), step: nameSchema }),
        body: compensationDecisionSchema,
        response: { 200: processTraceSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    ({ params, body }) => resolveCompensation(ctx, params.id, { step: params.step, decision: body.decision }),
  );
}
