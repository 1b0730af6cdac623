import { z } from "zod";
import { problemSchema } from "#server/contract/problem.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import type { Api } from "../api.ts";

const healthSchema = z.object({ status: z.literal("ok") });

export function healthRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/health/live",
    { schema: { tags: ["Health"], summary: "Whether the process answers", response: { 200: healthSchema } } },
    () => ({ status: "ok" as const }),
  );

  api.get(
    "/api/v1/health/ready",
    {
      schema: {
        tags: ["Health"],
        summary: "Whether events can be stored and read",
        response: { 200: healthSchema, 503: problemSchema },
      },
    },
    async () => {
      try {
        await ctx.sql`select 1`;
      } catch (cause) {
        throw new AppError("unavailable", "The database can't be reached right now.", {
          cause,
          retryAfterSeconds: 2,
        });
      }
      return { status: "ok" as const };
    },
  );
}
