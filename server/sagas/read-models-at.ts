import { findAppliedUs, findProgressAt, type ProgressRow } from "#drizzle/queries/projection-progress.ts";
import type { ReadModelAtDto, UNKNOWN_VIEWS } from "#server/contract/trace-states.ts";
import { compileGlob } from "#server/domain/glob.ts";
import type { Context } from "#server/platform/context.ts";
import type { Projection, Shown } from "../projections/projection.ts";
import type { StreamEnvelope } from "../streams/stream-envelopes.ts";
import type { AggregateHistory } from "./aggregate-history.ts";

/** What a read model showed of an aggregate at a moment: what it had applied by then, added up as it does it. */
export async function readModelAt(
  { sql }: Pick<Context, "sql">,
  projection: Projection,
  { history, atUs }: { history: AggregateHistory; atUs: number },
): Promise<ReadModelAtDto> {
  const { name, types } = projection;
  const tests = types.map(compileGlob);
  const taken = history.events.filter(({ event }) => tests.some((test) => test(event.type)));
  const last = taken.at(-1)?.position ?? null;
  const [progress, appliedUs] = await Promise.all([
    findProgressAt(sql, name, atUs),
    last === null ? null : findAppliedUs(sql, name, last),
  ]);
  const of = { projection: name, aggregate: { type: history.type, id: history.id }, eventPosition: last };
  const appliedPosition = progress?.position ?? null;
  if (history.gap !== null || progress === null) {
    const shown = unknown(history.gap ?? "progress-not-kept");
    return { ...of, appliedPosition, waiting: null, lagMs: null, appliedUs, shown };
  }
  const isApplied = ({ position }: StreamEnvelope) => Number(position) <= Number(progress.position);
  const waiting = taken.filter((one) => !isApplied(one));
  const oldest = waiting[0];
  return {
    ...of,
    appliedPosition,
    waiting: waiting.length,
    lagMs: oldest === undefined ? 0 : Math.max(0, (atUs - Number(oldest.position)) / 1000),
    appliedUs,
    shown: foldShown(projection, progress, taken.filter(isApplied)),
  };
}

function foldShown(
  { fold, version }: Projection,
  progress: ProgressRow,
  events: readonly StreamEnvelope[],
): ReadModelAtDto["shown"] {
  if (fold === undefined) return unknown("not-by-aggregate");
  if (progress.version !== version) return unknown("other-version");
  let shown: Shown | null = null;
  try {
    for (const { event } of events) shown = fold(shown, event);
  } catch {
    return unknown("unreadable-event");
  }
  if (shown === null) return { kind: "nothing" };
  return { kind: "shown", version: shown.version, state: JSON.stringify(shown.state) };
}

function unknown(reason: (typeof UNKNOWN_VIEWS)[number]): ReadModelAtDto["shown"] {
  return { kind: "unknown", reason };
}
