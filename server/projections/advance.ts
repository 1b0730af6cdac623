import { getSafePosition } from "#drizzle/queries/event-log.ts";
import { noteProgress } from "#drizzle/queries/projection-progress.ts";
import { claimGeneration, moveGeneration, recordProjectionFailure } from "#drizzle/queries/projections.ts";
import type { Context } from "#server/platform/context.ts";
import { messageOf } from "#server/platform/errors.ts";
import { listProjected, listTypeIds } from "./list-projected.ts";
import { NO_BRAKE, type ProjectedEvent, type Projection, type ProjectionBrake } from "./projection.ts";

/** Events of one transaction. */
const CHUNK = 500;
const MAX_ERROR_LENGTH = 2_000;

/** What one step came to. */
export type Advance =
  | "moved"
  /** At the end of the log. */
  | "done"
  /** Another process works on it. */
  | "taken"
  | "failed";

/** An event that a projection could not take: those before it could be. */
class ApplyError extends Error {
  readonly index: number;
  readonly position: string;

  constructor(index: number, position: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.index = index;
    this.position = position;
  }
}

/**
 * Takes a generation one stretch further: the effects of the events and the checkpoint behind them commit together.
 * Where an event fails, what is before it counts, and the reason is recorded.
 */
export async function advanceGeneration(
  ctx: Pick<Context, "sql" | "names">,
  projection: Projection,
  generation: number,
  brake: ProjectionBrake = NO_BRAKE,
): Promise<Advance> {
  const { name } = projection;
  const { limit: most, check } = await brake();
  if (most === 0) return "done";
  let failure: ApplyError | null = null;
  for (let limit = Math.min(CHUNK, most ?? CHUNK); limit > 0; ) {
    try {
      const advance = await takeStretch(ctx, projection, generation, { limit, check });
      if (failure === null) return advance;
      break;
    } catch (error) {
      if (!(error instanceof ApplyError)) throw error;
      failure = error;
      limit = error.index;
    }
  }
  if (failure === null) return "done";
  const error = failure.message.slice(0, MAX_ERROR_LENGTH);
  await recordProjectionFailure(ctx.sql, { name, generation, position: failure.position, error });
  return "failed";
}

async function takeStretch(
  { sql, names }: Pick<Context, "sql" | "names">,
  projection: Projection,
  generation: number,
  { limit, check }: { limit: number; check: (projected: ProjectedEvent) => void },
): Promise<Advance> {
  const { name } = projection;
  const upTo = await getSafePosition(sql);
  // After the safe position, so that no type of an event below it is unknown yet.
  const typeIds = await listTypeIds(sql, projection.types);
  return sql.begin(async (tx) => {
    const claimed = await claimGeneration(tx, name, generation);
    if (claimed === null) return "taken";
    const after = claimed.position;
    if (BigInt(after) >= BigInt(upTo)) return "done";
    const page = await listProjected(tx, names, projection, typeIds, { after, upTo, limit: CHUNK });
    const events = page.events.slice(0, limit);
    for (const [index, projected] of events.entries()) {
      try {
        check(projected);
        await projection.apply(tx, projected, generation);
      } catch (error) {
        throw new ApplyError(index, projected.position, error);
      }
    }
    const isCut = events.length < page.events.length;
    const position = isCut ? (events.at(-1)?.position ?? after) : page.reached;
    await moveGeneration(tx, { name, generation, position, applied: events.length });
    if (events.length > 0) await noteProgress(tx, { name, generation });
    return position === upTo ? "done" : "moved";
  });
}
