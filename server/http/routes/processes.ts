import { z } from "zod";
import { MAX_PAGE_SIZE, positionSchema } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import {
  compensationDecisionSchema,
  flowRunsSchema,
  processListSchema,
  processRunPageSchema,
  processTraceSchema,
  runActionAnswerSchema,
  runActionInputSchema,
} from "#server/contract/processes.ts";
import { PROCESS_STATUSES } from "#server/domain/processes/state.ts";
import type { Context } from "#server/platform/context.ts";
import { actOnRun } from "../../mediator/act-on-run.ts";
import { listProcesses } from "../../mediator/list-processes.ts";
import { getRun, listRuns, listRunsOfFlow } from "../../mediator/list-runs.ts";
import { resolveCompensation } from "../../mediator/resolve-compensation.ts";
import type { Api } from "../api.ts";
import { sendProblem } from "../problem.ts";
import { refuseRunAction } from "../run-action-problem.ts";

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
        summary: "Get one run of a process with its history, its incidents and what can be done about it",
        params: z.object({ id: z.uuid() }),
        response: { 200: processTraceSchema, 404: problemSchema },
      },
    },
    ({ params }) => getRun(ctx, params.id),
  );

  api.get(
    "/api/v1/process-runs",
    {
      schema: {
        tags: ["Processes"],
        summary: "List the runs that declared processes have in a flow",
        querystring: z.strictObject({ correlationid: z.string().min(1).max(1024) }),
        response: { 200: flowRunsSchema },
      },
    },
    ({ query }) => listRunsOfFlow(ctx, query.correlationid),
  );

  api.post(
    "/api/v1/processes/:name/runs/:id/actions",
    {
      schema: {
        tags: ["Processes"],
        summary:
          "Retry or skip a step of a run, take back what it did, or cancel it; or see what that would do",
        description:
          "With `dryRun` nothing is done, and the answer says what would happen. Without it, `expectedVersion` is the " +
          "`version` of the run upon which this was decided: when it has moved on since, the answer is 409 with " +
          "`actualVersion`, and nothing is done. Safe to send twice: the same action of the same sender about the " +
          "same version is done once. All but `retry` need a `reason`; it is kept with who asked for it " +
          "(`Nagare-Actor`) in the history and in the audit trail.",
        params: z.object({ name: nameSchema, id: z.uuid() }),
        body: runActionInputSchema,
        response: { 200: runActionAnswerSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const outcome = await actOnRun(ctx, { ...params, input: body });
      if (outcome.kind === "answered") return outcome.answer;
      return sendProblem(request, reply, refuseRunAction(outcome, body.action));
    },
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
