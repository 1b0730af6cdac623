import type { ScenarioServiceDto } from "#server/contract/scenarios.ts";
import { CALL_FAULTS, FAULT_CHOICES, PROJECTION_FAULTS } from "#server/domain/fault-injection.ts";
import { typesAwaited } from "#server/domain/processes/definition.ts";
import { AppError } from "#server/platform/errors.ts";
import { mediatorOf } from "../mediator/start-mediator.ts";
import { MEDIATOR, qualifiedName, type Scenario } from "./scenario.ts";

/** Somebody in a system for whom something can go wrong. */
export type ScenarioPart = Pick<
  ScenarioServiceDto,
  "name" | "kind" | "consumer" | "takes" | "isOptional" | "faults"
>;

/** The services of a system, the mediator that directs them, and the read model that is built from what they say. */
export function partsOf({ name: scenario, services, calls, process, projection }: Scenario): ScenarioPart[] {
  const isCalled = calls !== undefined;
  const kindOf = (isMediator: boolean) => (isMediator ? "mediator" : "consumer");
  const parts: ScenarioPart[] = services.map(({ name, takes, isOptional = false, isMediator = false }) => ({
    name,
    kind: isCalled ? "called" : kindOf(isMediator),
    consumer: isCalled ? null : qualifiedName(scenario, name),
    takes: [...takes],
    isOptional,
    faults: [...(isCalled ? CALL_FAULTS : FAULT_CHOICES)],
  }));
  const whole = { isOptional: false };
  if (process !== null) {
    parts.unshift({
      ...whole,
      name: MEDIATOR,
      kind: "mediator",
      consumer: mediatorOf(process),
      takes: typesAwaited(process),
      faults: [...FAULT_CHOICES],
    });
  }
  if (projection !== undefined) {
    const { name, types } = projection;
    const faults = [...PROJECTION_FAULTS];
    parts.push({ ...whole, name, kind: "projection", consumer: null, takes: [...types], faults });
  }
  return parts;
}

/** Throws `not-found`, and names those that there are. */
export function getPart(scenario: Scenario, name: string): ScenarioPart {
  const parts = partsOf(scenario);
  const found = parts.find((part) => part.name === name);
  if (found !== undefined) return found;
  const known = parts.map((part) => part.name).join(", ");
  throw new AppError("not-found", `${scenario.name} has no service ${name}. It has ${known}.`);
}
