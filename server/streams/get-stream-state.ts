import { findStream, listStreamEvents } from "#drizzle/queries/streams.ts";
import type { StreamStateDto } from "#server/contract/streams.ts";
import { type Aggregate, type Rebuilt, rebuild, type VersionedEvent } from "#server/domain/aggregate.ts";
import { order } from "#server/domain/orders/order.ts";
import { sampleOrder } from "#server/domain/orders/sample-order.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError, messageOf } from "#server/platform/errors.ts";
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
  try {
    if (type === order.type) return await buildState(ctx, order, stream.id, version);
    if (type === sampleOrder.type) return await buildState(ctx, sampleOrder, stream.id, version);
    return { kind: "unknown" };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { kind: "unbuildable", reason: messageOf(error) };
  }
}

async function buildState<State, Events>(
  { sql, names }: Pick<Context, "sql" | "names">,
  aggregate: Aggregate<State, Events>,
  streamId: string,
  toVersion: number,
): Promise<StreamStateDto> {
  let current: Rebuilt<State> = rebuild(aggregate, []);
  let before: Rebuilt<State> | null = null;
  let cursor = { fromVersion: 0, afterPosition: "-1" };
  for (;;) {
    const rows = await listStreamEvents(sql, streamId, { ...cursor, toVersion, limit: PAGE });
    for (const { version, event } of await listStreamEnvelopes(sql, names, rows)) {
      if (version <= current.version) throw new Error(`Several events say that they are version ${version}.`);
      if (event.data.encoding !== "json") throw new Error(`Version ${version} has no JSON in it.`);
      // The type names the data; a type that the aggregate doesn't know is refused.
      const next = { type: event.type, data: JSON.parse(event.data.text), version } as VersionedEvent<Events>;
      before = current;
      current = rebuild(aggregate, [next], { ...current, stateVersion: aggregate.stateVersion });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    cursor = { fromVersion: last.version, afterPosition: last.position };
  }
  return {
    kind: "built",
    version: current.version,
    state: JSON.stringify(current.state),
    before: before === null ? null : JSON.stringify(before.state),
  };
}
