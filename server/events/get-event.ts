import { listNamesOfField } from "#drizzle/queries/interned-names.ts";
import type { EventDetailDto } from "#server/contract/events.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { structuredJson } from "#server/domain/envelope/write-envelope.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { comparePositions } from "#server/domain/position.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { listEnvelopes } from "./envelopes.ts";
import { toDataDto } from "./event-summary.ts";

/** An event that is looked up without its source is tried with this many sources. */
const MAX_SOURCES_TRIED = 10_000;

/** The whole event at a position. Throws `not-found`. */
export async function getEvent(ctx: Context, position: string): Promise<EventDetailDto> {
  const envelope = (await listEnvelopes(ctx.sql, ctx.names, [position])).get(position);
  if (!envelope) {
    throw new AppError(
      "not-found",
      `No event at position ${position}. It may be older than the retention time.`,
    );
  }
  return toDetail(position, envelope);
}

/** The event with this id; without a source, the newest one of any source. Throws `not-found`. */
export async function getEventById(
  ctx: Context,
  id: string,
  source: string | undefined,
): Promise<EventDetailDto> {
  const sources =
    source === undefined
      ? (await listNamesOfField(ctx.sql, "source", MAX_SOURCES_TRIED)).map((row) => row.name)
      : [source];
  const identities = sources.map((one) => eventIdentity(one, id));
  const taken = await ctx.identities.listTaken(identities);
  const position = [...taken.values()].toSorted(comparePositions).at(-1) ?? null;
  if (position === null) {
    const where = source === undefined ? "" : ` from ${source}`;
    throw new AppError(
      "not-found",
      `No event with id ${id}${where}. It may be older than the retention time.`,
    );
  }
  return getEvent(ctx, position);
}

/** A whole event as the browser sees it. */
export function toDetail(position: string, event: EventEnvelope): EventDetailDto {
  const { data, shape, extensions, ...attributes } = event;
  return {
    ...attributes,
    position,
    recordedAt: recordedAt(position),
    extensions: extensions ?? {},
    data: toDataDto(data),
    dataBytes: sizeOf(data),
    shape,
    envelope: structuredJson(event),
  };
}

function sizeOf(data: EventEnvelope["data"]): number {
  if (data.encoding === "none") return 0;
  return data.encoding === "binary" ? data.bytes.length : Buffer.byteLength(data.text);
}
