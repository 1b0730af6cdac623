import { listSagaCounts, type SagaCountRow } from "#drizzle/queries/saga-reading.ts";
import type { SagaCountsDto } from "#server/contract/sagas.ts";
import type { Context } from "#server/platform/context.ts";
import { nameSteps } from "./name-steps.ts";
import { getRecognised } from "./recognised.ts";
import { STATES_BY_HARM } from "./saga-numbers.ts";

/** How many sagas stand where, exactly: by state, and by type with the steps that they wait for. */
export async function countSagas(ctx: Context): Promise<SagaCountsDto> {
  const fresh = await getRecognised(ctx);
  const rows = await listSagaCounts(ctx.sql);
  const nameStep = nameSteps(ctx);
  const types = [...Map.groupBy(rows, ({ type }) => type)].map(([type, own]) => ({
    type,
    name: own[0]?.name ?? type,
    states: sumStates(own),
    waiting: own.flatMap((row) => {
      const state = STATES_BY_HARM[row.state];
      return row.step === "" || state === undefined
        ? []
        : [{ step: nameStep(type, row.step), state, sagas: row.sagas }];
    }),
  }));
  return { types, states: sumStates(rows), ...fresh };
}

function sumStates(rows: readonly SagaCountRow[]): SagaCountsDto["states"] {
  const states: SagaCountsDto["states"] = {};
  for (const { state, sagas } of rows) {
    const name = STATES_BY_HARM[state];
    if (name !== undefined) states[name] = (states[name] ?? 0) + sagas;
  }
  return states;
}
