import { AppError } from "#server/platform/errors.ts";
import { orderSummaries } from "./order-summaries.ts";
import type { Projection } from "./projection.ts";
import { sampleOrders } from "./sample-orders.ts";

/** Every projection of this program. */
export const PROJECTIONS: readonly Projection[] = [orderSummaries, sampleOrders];

/** Throws `not-found`. */
export function getDefinition(name: string, projections: readonly Projection[] = PROJECTIONS): Projection {
  const found = projections.find((projection) => projection.name === name);
  if (!found) throw new AppError("not-found", `There is no projection ${name}.`);
  return found;
}
