import type { SagaDto } from "#server/contract/sagas.ts";
import { undoKey } from "#server/domain/sagas/declared-steps.ts";
import type { Context } from "#server/platform/context.ts";
import { listKnownProcesses } from "./flow-knowledge.ts";
import { stepName } from "./saga-numbers.ts";

/** Gives a step of sagas of a type the name that it has in their traces. */
export type NameStep = (type: string, key: string) => NonNullable<SagaDto["awaits"]>["step"];

/** What takes back a declared step is called by its command; every other step by what its key says. */
export function nameSteps(ctx: Pick<Context, "processes">): NameStep {
  const commands = new Map(
    listKnownProcesses(ctx).flatMap(({ saga }) =>
      saga.steps.flatMap(({ name, compensation }) =>
        compensation === null ? [] : [[idOf(saga.name, undoKey(name)), compensation.command] as const],
      ),
    ),
  );
  return (type, key) => ({ key, name: commands.get(idOf(type, key)) ?? stepName(key) });
}

function idOf(type: string, key: string): string {
  return `${type} ${key}`;
}
