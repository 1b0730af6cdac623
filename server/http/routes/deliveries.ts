import { z } from "zod";
import { nameSchema } from "#server/contract/bus.ts";
import {
  attemptReportsAnswerSchema,
  attemptReportsSchema,
  deliveryListSchema,
} from "#server/contract/deliveries.ts";
import { positionSchema } from "#server/contract/events.ts";
import { problemSchema } from "#server/contract/problem.ts";
import { PROCESSING_GROUPS, processingSchema } from "#server/contract/processing.ts";
import type { Context } from "#server/platform/context.ts";
import { getProcessing } from "../../bus/get-processing.ts";
import { listDeliveries } from "../../bus/list-deliveries.ts";
import { reportAttempts } from "../../bus/report-attempts.ts";
import type { Api } from "../api.ts";
import { sendProblem } from "../problem.ts";
import { requireIngest } from "../require-ingest.ts";

const REPORTS_BYTES = 16 * 1024 * 1024;
const moment = z.iso.datetime({ offset: true });

export function deliveryRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/events/:position/deliveries",
    {
      schema: {
        tags: ["Deliveries"],
        summary: "List the deliveries of an event: to whom it is owed, and how each stands",
        params: z.object({ position: positionSchema }),
        response: { 200: deliveryListSchema, 404: problemSchema },
      },
    },
    ({ params }) => listDeliveries(ctx, params.position),
  );

  api.post(
    "/api/v1/attempts",
    {
      bodyLimit: REPORTS_BYTES,
      onRequest: requireIngest(ctx),
      schema: {
        tags: ["Deliveries"],
        summary: "Report attempts of a system that delivers on its own",
        description:
          'An array of reports, or `{"reports": […]}`: `{source, id, consumer, channel?, attempt, startedAt?, endedAt?, ' +
          "outcome, error?}`, with `running` for a start and `succeeded`, `failed` (another attempt follows) or `dead` " +
          "for an end. In any order, in parts, and more than once: the state is that of all reports together.",
        body: attemptReportsSchema,
        response: {
          200: attemptReportsAnswerSchema,
          400: problemSchema,
          422: problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const answer = await reportAttempts(ctx, request.body);
      if (answer.accepted > 0) return answer;
      const detail = "None of the reports can be taken. Each is named with its reason.";
      const { rejected } = answer;
      return sendProblem(request, reply, { status: 422, code: "nothing-taken", detail, rejected });
    },
  );

  api.get(
    "/api/v1/metrics/processing",
    {
      schema: {
        tags: ["Metrics"],
        summary: "Sum up how events were handled, by consumer or by event type",
        description: "Durations are milliseconds. Without `from` and `to`, the last hour.",
        querystring: z.strictObject({
          from: moment.optional(),
          to: moment.optional(),
          by: z.enum(PROCESSING_GROUPS).default("consumer"),
          /** Only what this consumer handled. */
          consumer: nameSchema.optional(),
        }),
        response: { 200: processingSchema, 400: problemSchema },
      },
    },
    ({ query }) => getProcessing(ctx, query),
  );
}
