import { findStream, listStreamEvents } from "#drizzle/queries/streams.ts";
import { MAX_STREAM_PAGE, type StreamEventsDto } from "#server/contract/streams.ts";
import { findStreamProblems } from "#server/domain/stream-problems.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { toDetail } from "../events/get-event.ts";
import { toStreamDto } from "./list-streams.ts";
import { listStreamEnvelopes } from "./stream-envelopes.ts";

const MAX_VERSION = 2_147_483_647;
/** Below every position. */
const NOWHERE = "-1";

export type StreamRange = {
  fromVersion?: number | undefined;
  toVersion?: number | undefined;
  /** Where `fromVersion` stands in several events: the position of the last one that was given. */
  afterPosition?: string | undefined;
  limit: number;
};

/** The events of a stream in a range of versions, whole. Throws `not-found` for a stream without events. */
export async function getStream(
  ctx: Context,
  type: string,
  id: string,
  range: StreamRange,
): Promise<StreamEventsDto> {
  const stream = await findStream(ctx.sql, type, id);
  if (!stream) {
    throw new AppError("not-found", `There is no ${type} ${id}: no event of it is known.`);
  }
  const limit = Math.min(range.limit, MAX_STREAM_PAGE);
  const fromVersion = range.fromVersion ?? 0;
  const afterPosition = range.afterPosition ?? NOWHERE;
  const rows = await listStreamEvents(ctx.sql, stream.id, {
    fromVersion,
    afterPosition,
    toVersion: range.toVersion ?? MAX_VERSION,
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const envelopes = await listStreamEnvelopes(ctx.sql, ctx.names, page);
  const last = page.at(-1);
  const isGoingOn = range.afterPosition !== undefined;
  const before = fromVersion === 0 ? null : fromVersion - 1;
  return {
    stream: toStreamDto(stream),
    events: envelopes.map(({ version, position, event }) => ({ ...toDetail(position, event), version })),
    problems: findStreamProblems(
      page.map((row) => row.version),
      isGoingOn ? fromVersion : before,
    ),
    next: rows.length > limit && last ? { fromVersion: last.version, afterPosition: last.position } : null,
  };
}
