import { auditPageSchema, auditQuerySchema } from "#server/contract/audit-log.ts";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { listAudit } from "../../audit-log/list-audit.ts";
import type { Api } from "../api.ts";

export function auditLogRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/audit-log",
    {
      schema: {
        tags: ["Audit trail"],
        summary: "List who did what, and why, newest first",
        description:
          "Every change that a person, a rule or a worker made. A request names who acts in the header `Nagare-Actor`, " +
          "and the page that it was asked on in `Nagare-View`.",
        querystring: auditQuerySchema,
        response: { 200: auditPageSchema, 400: problemSchema },
      },
    },
    ({ query }) => listAudit(ctx, query),
  );
}
