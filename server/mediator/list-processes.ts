import { countOpenProcesses } from "#drizzle/queries/processes.ts";
import type { ProcessListDto } from "#server/contract/processes.ts";
import { drawProcess } from "#server/domain/processes/graph.ts";
import type { Context } from "#server/platform/context.ts";
import { mediatorOf } from "./start-mediator.ts";

/** Every declared process, also one that has never run, with what of it is under way. */
export async function listProcesses({ sql, processes }: Context): Promise<ProcessListDto> {
  const open = new Map((await countOpenProcesses(sql)).map((row) => [row.name, row]));
  return {
    processes: processes.all.map((definition) => {
      const counts = open.get(definition.name);
      return {
        name: definition.name,
        mediator: mediatorOf(definition),
        startedBy: definition.startedBy.type,
        onCompensationFailure: definition.onCompensationFailure,
        onStepFailure: definition.onStepFailure,
        graph: drawProcess(definition),
        running: counts?.running ?? 0,
        compensating: counts?.compensating ?? 0,
        openIncidents: counts?.incidents ?? 0,
      };
    }),
  };
}
