import { getObservedPosition } from "#drizzle/queries/stream-observing.ts";
import { findStream } from "#drizzle/queries/streams.ts";
import {
  type AggregateOfEvents,
  listLoggedOfAggregate,
  listStreamEventsUpTo,
} from "#drizzle/queries/trace-states.ts";
import type { AggregateAtDto } from "#server/contract/trace-states.ts";
import type { Context } from "#server/platform/context.ts";
import { createStateBuilder, unbuildable } from "../streams/state-builder.ts";
import { listStreamEnvelopes, type StreamEnvelope } from "../streams/stream-envelopes.ts";

/** Events of one aggregate that are added up for a look at a moment. */
const MAX_EVENTS = 2_000;
/** Events that may have been recorded since streams were last looked for in them. */
const MAX_UNOBSERVED = 20_000;

/** The events of an aggregate up to a moment, in the order of recording; or why they are not known. */
export type AggregateHistory = AggregateOfEvents & {
  events: StreamEnvelope[];
  gap: "too-many-events" | "streams-behind" | null;
};

/**
 * The events of aggregates that were recorded up to a position. What others sent is registered with its stream a moment
 * later: events since then are looked for in the log.
 */
export async function readHistories(
  { sql, names }: Pick<Context, "sql" | "names">,
  aggregates: readonly AggregateOfEvents[],
  upTo: string,
): Promise<AggregateHistory[]> {
  const observed = await getObservedPosition(sql);
  return Promise.all(
    aggregates.map(async (aggregate): Promise<AggregateHistory> => {
      const stream = await findStream(sql, aggregate.type, aggregate.id);
      const limits = { upTo, limit: MAX_EVENTS + 1 };
      const kept = stream === null ? [] : await listStreamEventsUpTo(sql, stream.id, limits);
      const fresh = { after: observed, upTo, limit: MAX_UNOBSERVED + 1 };
      const logged =
        Number(observed) < Number(upTo)
          ? await listLoggedOfAggregate(sql, aggregate, fresh)
          : { looked: 0, events: [] };
      if (logged.looked > MAX_UNOBSERVED) return { ...aggregate, events: [], gap: "streams-behind" };
      const rows = [...new Map([...kept, ...logged.events].map((row) => [row.position, row])).values()];
      if (rows.length > MAX_EVENTS) return { ...aggregate, events: [], gap: "too-many-events" };
      const ordered = rows.sort((a, b) => Number(a.position) - Number(b.position));
      return { ...aggregate, events: await listStreamEnvelopes(sql, names, ordered), gap: null };
    }),
  );
}

/** The aggregate as its events left it. */
export function addUp({ type, id, events, gap }: AggregateHistory): AggregateAtDto {
  if (gap !== null)
    return { type, id, version: null, position: null, state: { kind: "unread", reason: gap } };
  const inOrder = events.toSorted((a, b) => a.version - b.version);
  const version = inOrder.at(-1)?.version ?? null;
  const position = events.at(-1)?.position ?? null;
  const at = { type, id, version, position };
  if (events.length === 0) return { ...at, state: { kind: "none" } };
  const builder = createStateBuilder(type);
  if (builder === null) return { ...at, state: { kind: "unknown" } };
  try {
    builder.take(inOrder);
    return { ...at, state: builder.built() };
  } catch (error) {
    return { ...at, state: unbuildable(error) };
  }
}
