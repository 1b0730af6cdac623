import { z } from "zod";
import { annotationListSchema } from "#server/contract/metrics.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { listAnnotations } from "../../metrics/list-annotations.ts";
import type { Api } from "../api.ts";

const moment = z.iso.datetime({ offset: true });

export function annotationRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/annotations",
    {
      schema: {
        tags: ["Metrics"],
        summary: "List what happened in a window, to be read beside its curves",
        description:
          "Alerts, replays, rules, faults, consumers, schemas, sample systems, rebuilds, starts of the server, and producers, " +
          "types and versions that were seen for the first time, newest first. Alerts, faults and replays that began before " +
          "the window and were not over stand among them. `endedAt` is null for what has no length, or lasts still.",
        querystring: z.strictObject({ from: moment, to: moment }),
        response: { 200: annotationListSchema, 400: problemSchema },
      },
    },
    ({ query }) => listAnnotations(ctx, query),
  );
}
