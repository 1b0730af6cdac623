import { getPresentUs } from "#drizzle/queries/projection-progress.ts";
import { findStream } from "#drizzle/queries/streams.ts";
import { type AggregateOfEvents, listAggregatesOfEvents } from "#drizzle/queries/trace-states.ts";
import type { TraceStatesDto } from "#server/contract/trace-states.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { PROJECTIONS } from "../projections/registry.ts";
import { addUp, readHistories } from "./aggregate-history.ts";
import { loadPart, readMomentUs, recordedBy, type TraceQuery } from "./read-flow.ts";
import { readModelAt } from "./read-models-at.ts";

const MAX_AGGREGATES = 20;

/**
 * What the aggregates of a flow were at a moment by the events recorded until then, and what read models showed of them
 * by the events that they had applied until then: where both differ, readers saw the past. Throws like `getTrace`.
 */
export async function getTraceStates(ctx: Context, query: TraceQuery): Promise<TraceStatesDto> {
  const atUs = query.at === undefined ? await getPresentUs(ctx.sql) : readMomentUs(query.at);
  const asOf = await getAsOf(ctx);
  const { share, reference, run } = await loadPart(ctx, query);
  const { events } = query.at === undefined ? share.recorded : recordedBy(share.recorded, atUs);
  const positions = events.map(({ position }) => position);
  const keys = [share.subject, run?.business_key ?? null, events[0]?.subject ?? null];
  const [own, keyed] = await Promise.all([
    listAggregatesOfEvents(ctx.sql, positions, MAX_AGGREGATES + 1),
    listShownUnder(ctx, new Set(keys.flatMap((key) => key ?? []))),
  ]);
  const all = [...new Map([...own, ...keyed].map((one) => [JSON.stringify(one), one])).values()];
  const upTo = String(Math.min(atUs, Number(asOf.position)));
  const histories = await readHistories(ctx, all.slice(0, MAX_AGGREGATES), upTo);
  const views = PROJECTIONS.flatMap((projection) =>
    histories
      .filter(({ type }) => type === projection.aggregateType)
      .map((history) => readModelAt(ctx, projection, { history, atUs })),
  );
  return {
    reference,
    atUs,
    aggregates: histories.map(addUp),
    readModels: await Promise.all(views),
    isCapped: all.length > MAX_AGGREGATES,
    asOf,
  };
}

/** Aggregates that some read model shows, with one of these keys as their id. */
async function listShownUnder(
  { sql }: Pick<Context, "sql">,
  keys: ReadonlySet<string>,
): Promise<AggregateOfEvents[]> {
  const types = new Set(PROJECTIONS.map(({ aggregateType }) => aggregateType));
  const wanted = [...types].flatMap((type) => [...keys].map((id) => ({ type, id })));
  const found = await Promise.all(wanted.map(({ type, id }) => findStream(sql, type, id)));
  return wanted.filter((_, index) => found[index] !== null);
}
