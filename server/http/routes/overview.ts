import { overviewSchema } from "#server/contract/overview.ts";
import type { Context } from "#server/platform/context.ts";
import { OverviewCache } from "../../overview/overview-cache.ts";
import type { Api } from "../api.ts";

export function overviewRoutes(api: Api, ctx: Context): void {
  const cache = new OverviewCache(ctx);
  api.get(
    "/api/v1/overview",
    {
      schema: {
        tags: ["Metrics"],
        summary: "Get whether everything is all right; if not, what is wrong, since when, and who is hit",
        description:
          "Problems come with the most harmful first, services with the worst first. `line` is the health of each minute of the " +
          "last hour. An answer may be a second and a half old; `asOf` says.",
        response: { 200: overviewSchema },
      },
    },
    () => cache.get(),
  );
}
