import { countSagasByState } from "#drizzle/queries/gauges.ts";
import { measureOutbox } from "#drizzle/queries/outbox.ts";
import type { Context } from "#server/platform/context.ts";
import { describeProjection } from "../projections/list-projections.ts";
import { PROJECTIONS } from "../projections/registry.ts";
import { STATES_BY_HARM } from "../sagas/saga-numbers.ts";
import type { Sample } from "./sample.ts";

const MAX_LANES = 2_000;
/** Waiting events are counted up to here. */
const MAX_WAITING = 10_000;

/** How many sagas of each type are in which state. */
export async function sampleSagas({ sql }: Pick<Context, "sql">): Promise<Sample[]> {
  const rows = await countSagasByState(sql, MAX_LANES);
  return rows.flatMap(({ saga, state: number, sagas }): Sample[] => {
    const state = STATES_BY_HARM[number];
    return state === undefined ? [] : [{ metric: "sagas", labels: { saga, state }, value: sagas }];
  });
}

/** How far each read model is behind the log. */
export async function sampleProjections(ctx: Pick<Context, "sql" | "clock">): Promise<Sample[]> {
  const described = await Promise.all(PROJECTIONS.map((projection) => describeProjection(ctx, projection)));
  return described.flatMap(({ name: projection, lag }): Sample[] => [
    { metric: "projection_lag", labels: { projection }, value: lag.seconds },
    { metric: "projection_behind", labels: { projection }, value: lag.events },
  ]);
}

/** What was published and has not reached the log yet, and since when. */
export async function sampleOutbox({ sql }: Pick<Context, "sql">): Promise<Sample[]> {
  const { unsent, oldest_seconds } = await measureOutbox(sql, MAX_WAITING);
  return [
    { metric: "outbox_waiting", labels: {}, value: unsent },
    { metric: "outbox_lag", labels: {}, value: Math.max(0, oldest_seconds ?? 0) },
  ];
}
