import { findStream, listStreamEvents } from "#drizzle/queries/streams.ts";
import type { StreamStateDto } from "#server/contract/streams.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { createStateBuilder, type StateBuilder, unbuildable } from "./state-builder.ts";
import { listStreamEnvelopes } from "./stream-envelopes.ts";

const PAGE = 500;
/** A state further on than this is not built to be looked at. */
const MAX_VERSION = 20_000;

/**
 * The state of an aggregate at a version and at the one before, where this program knows how its events add up.
 * Throws `not-found` for a stream without events.
 */
export async function getStreamState(
  ctx: Pick<Context, "sql" | "names">,
  type: string,
  id: string,
  version: number,
): Promise<StreamStateDto> {
  const stream = await findStream(ctx.sql, type, id);
  if (!stream) throw new AppError("not-found", `There is no ${type} ${id}: no event of it is known.`);
  if (version > MAX_VERSION) {
    return { kind: "unbuildable", reason: `States are built up to version ${MAX_VERSION}.` };
  }
  const builder = createStateBuilder(type);
  if (builder === null) return { kind: "unknown" };
  try {
    await readStream(ctx, builder, stream.id, version);
    return builder.built();
  } catch (error) {
    return unbuildable(error);
  }
}

async function readStream(
  { sql, names }: Pick<Context, "sql" | "names">,
  builder: StateBuilder,
  streamId: string,
  toVersion: number,
): Promise<void> {
  let cursor = { fromVersion: 0, afterPosition: "-1" };
  for (;;) {
    const rows = await listStreamEvents(sql, streamId, { ...cursor, toVersion, limit: PAGE });
    builder.take(await listStreamEnvelopes(sql, names, rows));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    cursor = { fromVersion: last.version, afterPosition: last.position };
  }
}
