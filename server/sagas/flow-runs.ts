import type { SqlTx } from "#drizzle/db.ts";
import { listRunsOfFlows } from "#drizzle/queries/saga-knowledge.ts";
import type { Correlation } from "#server/domain/sagas/correlate.ts";
import type { SagaTransition } from "#server/domain/sagas/declared-saga.ts";
import type { FlowRun } from "./flow-sagas.ts";
import type { SagaKnowledge } from "./saga-knowledge.ts";

const MAX_TRANSITIONS = 500;

/** The runs of declared processes in some flows, by the place of the flow. */
export async function loadRuns(
  tx: SqlTx,
  flows: readonly Correlation[],
  { processes }: Pick<SagaKnowledge, "processes">,
): Promise<Map<number, FlowRun[]>> {
  if (processes.length === 0) return new Map();
  const names = processes.map(({ saga }) => saga.name);
  const correlations = flows.map(({ by, value }) => (by === "correlation-id" ? value : ""));
  const rows = await listRunsOfFlows(tx, { names, correlations, limit: MAX_TRANSITIONS });
  const byFlow = Map.groupBy(rows, ({ flow }) => flow);
  return new Map(
    [...byFlow].map(([flow, own]) => {
      const runs = [...Map.groupBy(own, ({ name }) => name)].map(([name, entries]): FlowRun => {
        const transitions = entries.flatMap(
          ({ sequence, kind, step, at_us }) =>
            sequence === null
              ? []
              : [{ sequence, kind: kind as SagaTransition["kind"], step, atUs: Number(at_us) }], // written by the mediator
        );
        return {
          name,
          startPosition: entries[0]?.start_position ?? "",
          key: entries[0]?.business_key ?? null,
          transitions,
        };
      });
      return [flow, runs];
    }),
  );
}
