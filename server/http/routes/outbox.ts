import { outboxSchema } from "#server/contract/outbox.ts";
import type { Context } from "#server/platform/context.ts";
import { getOutbox } from "../../bus/get-outbox.ts";
import type { Api } from "../api.ts";

export function outboxRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/outbox",
    {
      schema: {
        tags: ["Outbox"],
        summary: "Get how many published events have not reached the log yet",
        response: { 200: outboxSchema },
      },
    },
    () => getOutbox(ctx),
  );
}
