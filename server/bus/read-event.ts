import type { EventEnvelope } from "#server/domain/event.ts";
import { NonRetryableError } from "#server/domain/retry-policy.ts";
import { withUpcast } from "#server/domain/schemas/type-schemas.ts";
import type { BusContext } from "./bus-context.ts";
import type { Handler } from "./handlers.ts";

/**
 * The event as a handler wants to read it: as it was stored, or in the newest version of its schema. Throws a
 * `NonRetryableError` where a step of an upcaster does not fit the payload.
 */
export function readEvent(
  { schemas }: Pick<BusContext, "schemas">,
  { reads = "original" }: Handler,
  event: EventEnvelope,
): EventEnvelope {
  if (reads === "original") return event;
  const view = schemas?.find(event.type)?.schemas.upcast(event) ?? { kind: "current" };
  if (view.kind === "failed") {
    throw new NonRetryableError(
      `The payload can't be brought from version ${view.from} of ${event.type} to ${view.to}. ${view.reason}`,
    );
  }
  return withUpcast(event, view);
}
