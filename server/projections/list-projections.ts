import { listPositionsOfTypes } from "#drizzle/queries/projection-events.ts";
import { findProjection, type GenerationRow, listGenerations } from "#drizzle/queries/projections.ts";
import type { ProjectionDto, ProjectionListDto } from "#server/contract/projections.ts";
import type { Context } from "#server/platform/context.ts";
import { getAsOf } from "../events/as-of.ts";
import { listTypeIds } from "./list-projected.ts";
import type { Projection } from "./projection.ts";
import { PROJECTIONS } from "./registry.ts";

/** Events that are counted exactly when a projection is behind. */
const MAX_COUNTED = 10_000;
const END = "9007199254740991";

type Ctx = Pick<Context, "sql" | "clock">;

/** Every projection with where it stands. */
export async function listProjections(ctx: Context): Promise<ProjectionListDto> {
  const asOf = await getAsOf(ctx);
  const projections = await Promise.all(PROJECTIONS.map((projection) => describeProjection(ctx, projection)));
  return { projections, asOf };
}

/** Where one projection stands. Before its first run it stands at the beginning. */
export async function describeProjection(ctx: Ctx, projection: Projection): Promise<ProjectionDto> {
  const { name, types } = projection;
  const row = await findProjection(ctx.sql, name);
  const generations = await listGenerations(ctx.sql, name);
  const served = generations.find(({ generation }) => generation === row?.generation);
  const building = generations.find(({ generation }) => generation > (row?.generation ?? 0));
  const position = served?.position ?? "0";
  const applied = Number(served?.applied ?? 0);
  const lag = await measureLag(ctx, types, position);
  return {
    name,
    types: [...types],
    position,
    applied,
    movedAt: toIso(served?.moved_at ?? null) ?? ctx.clock.now().toISOString(),
    pausedAt: toIso(row?.paused_at ?? null),
    error: served ? errorOf(served) : null,
    lag,
    rebuild: building
      ? {
          startedAt: toIso(building.started_at) ?? "",
          applied: Number(building.applied),
          expected: Math.max(applied + lag.events, Number(building.applied)),
          position: building.position,
          error: errorOf(building),
        }
      : null,
  };
}

async function measureLag(
  { sql, clock }: Ctx,
  types: readonly string[],
  after: string,
): Promise<ProjectionDto["lag"]> {
  const typeIds = await listTypeIds(sql, types);
  const waiting = await listPositionsOfTypes(sql, typeIds, { after, upTo: END, limit: MAX_COUNTED + 1 });
  const oldest = waiting[0];
  const seconds = oldest === undefined ? 0 : (clock.now().getTime() - Number(oldest) / 1000) / 1000;
  return {
    events: Math.min(waiting.length, MAX_COUNTED),
    capped: waiting.length > MAX_COUNTED,
    seconds: Math.max(0, Math.round(seconds * 10) / 10),
  };
}

function errorOf(row: GenerationRow): ProjectionDto["error"] {
  if (row.error === null) return null;
  return {
    message: row.error,
    position: row.failed_position,
    at: toIso(row.failed_at) ?? "",
    failures: row.failures,
    retryAt: toIso(row.retry_at) ?? "",
  };
}

function toIso(moment: string | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
