import { AppError } from "#server/platform/errors.ts";
import { notifications } from "./notifications/scenario.ts";
import { ordersBroker } from "./orders-broker/scenario.ts";
import { ordersEvents } from "./orders-events/scenario.ts";
import { ordersMediator } from "./orders-mediator/scenario.ts";
import { ordersSaga } from "./orders-saga/scenario.ts";
import { ordersSync } from "./orders-sync/scenario.ts";
import type { SampleService, Scenario } from "./scenario.ts";
import { sensors } from "./sensors/scenario.ts";
import { trading } from "./trading/scenario.ts";

/** Every sample system, in the order in which a newcomer should meet them. */
export const SCENARIOS: readonly Scenario[] = [
  ordersBroker,
  ordersMediator,
  ordersSync,
  ordersSaga,
  ordersEvents,
  sensors,
  notifications,
  trading,
];

/** Throws `not-found`, and names those that there are. */
export function getScenario(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const known = SCENARIOS.map((scenario) => scenario.name).join(", ");
  throw new AppError("not-found", `There is no scenario ${name}. There are ${known}.`);
}

/** Throws `not-found`. */
export function getService({ name: scenario, services }: Scenario, name: string): SampleService {
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  const known = services.map((service) => service.name).join(", ");
  throw new AppError("not-found", `${scenario} has no service ${name}. It has ${known}.`);
}
