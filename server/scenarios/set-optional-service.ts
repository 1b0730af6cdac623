import { lockScenario, setOptionalServices } from "#drizzle/queries/scenarios.ts";
import type { ScenarioDto } from "#server/contract/scenarios.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { getScenarioDto } from "./list-scenarios.ts";
import { recordChange } from "./record-change.ts";
import { getScenario, getService } from "./registry.ts";
import { qualifiedName } from "./scenario.ts";
import { subscribeService, unsubscribe } from "./subscribe-scenario.ts";

/**
 * Adds an optional service to a sample system or takes it away, also while it runs; nobody else is touched. Throws
 * `not-found`, or `invalid` for a service that always belongs to its system.
 */
export async function setOptionalService(
  ctx: Context,
  name: string,
  { service: serviceName, isOn }: { service: string; isOn: boolean },
): Promise<ScenarioDto> {
  const scenario = getScenario(name);
  const service = getService(scenario, serviceName);
  if (service.isOptional !== true) {
    throw new AppError("invalid", `${serviceName} always belongs to ${name}. Stop the whole system instead.`);
  }
  const isRunning = await ctx.sql.begin(async (tx) => {
    const row = await lockScenario(tx, name, scenario.rate);
    const others = row.optional_services.filter((one) => one !== serviceName);
    if (row.optional_services.includes(serviceName) !== isOn) {
      await setOptionalServices(tx, name, isOn ? [...others, serviceName] : others);
      const action = isOn ? "scenario.service-added" : "scenario.service-removed";
      await recordChange(tx, ctx, { action, subject: name, details: { service: serviceName } });
    }
    return row.running_since !== null;
  });
  if (isRunning && isOn) await subscribeService(ctx, name, service);
  if (!isOn) await unsubscribe(ctx, qualifiedName(name, serviceName));
  return getScenarioDto(ctx, name);
}
