import { sampleOrdersSchema } from "#server/contract/sample-orders.ts";
import type { Context } from "#server/platform/context.ts";
import { compareSampleOrders } from "../../scenarios/orders-events/compare-orders.ts";
import type { Api } from "../api.ts";

export function sampleOrderRoutes(api: Api, ctx: Context): void {
  api.get(
    "/api/v1/scenarios/orders-events/orders",
    {
      schema: {
        tags: ["Scenarios"],
        summary: "Compare the sample system's orders by their streams with its read model of them",
        description:
          "The orders that changed last. What the read model does not know yet is eventual consistency.",
        response: { 200: sampleOrdersSchema },
      },
    },
    () => compareSampleOrders(ctx),
  );
}
