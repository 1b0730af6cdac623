import { findNameId } from "#drizzle/queries/interned-names.ts";
import { listStreams as listRows, type StreamRow } from "#drizzle/queries/streams.ts";
import { MAX_PAGE_SIZE } from "#server/contract/events.ts";
import type { StreamDto, StreamPageDto } from "#server/contract/streams.ts";
import { textToLike } from "#server/domain/glob.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";

/** Streams that one search may look at. */
const SEARCH_BUDGET = 50_000;
/** Above every position. */
const END = "9007199254740991";

export type ListStreamsInput = {
  type?: string | undefined;
  /** Text that the aggregate id contains, ignoring case. */
  q?: string | undefined;
  before?: string | undefined;
  limit: number;
};

/**
 * A page of streams, the one that changed last first. A search stops at its budget and says how far it got;
 * `nextBefore` goes on from there.
 */
export async function listStreams(ctx: Context, input: ListStreamsInput): Promise<StreamPageDto> {
  const asOf = await getAsOf(ctx);
  const limit = Math.min(input.limit, MAX_PAGE_SIZE);
  const { type, q, before = END } = input;
  const typeId = type === undefined ? null : await findNameId(ctx.sql, "aggregate-type", type);
  const likes = q === undefined ? null : textToLike(q);
  const isUnknown = type !== undefined && typeId === null;
  const { rows, searchedFrom } = isUnknown
    ? { rows: [], searchedFrom: null }
    : await listRows(ctx.sql, { typeId, likes, before, limit, budget: SEARCH_BUDGET });
  const isFull = rows.length === limit;
  const nextBefore = isFull ? (rows.at(-1)?.last_position ?? null) : searchedFrom;
  return {
    streams: rows.map(toStreamDto),
    nextBefore,
    searched: {
      from: nextBefore === null ? null : recordedAt(nextBefore),
      to: null,
      complete: searchedFrom === null,
    },
    asOf,
  };
}

export function toStreamDto(row: StreamRow): StreamDto {
  const events = Number(row.events);
  const duplicates = Number(row.duplicates);
  const firstVersion = row.first_version ?? row.version;
  // Versions begin at 1, or at 0 where the stream has such an event.
  const possible = row.version - Math.min(firstVersion, 1) + 1;
  return {
    type: row.type,
    id: row.aggregate_id,
    version: row.version,
    firstVersion,
    events,
    missing: possible - (events - duplicates),
    duplicates,
    observed: Number(row.observed),
    lastPosition: row.last_position,
    lastEventAt: recordedAt(row.last_position),
  };
}
