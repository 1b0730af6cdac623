import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { ensureProjection, lockProjection, setProjectionPaused } from "#drizzle/queries/projections.ts";
import type { ProjectionDto } from "#server/contract/projections.ts";
import type { Context } from "#server/platform/context.ts";
import { describeProjection } from "./list-projections.ts";
import type { Projection } from "./projection.ts";
import { PROJECTIONS_TOPIC, startBuild } from "./run-projection.ts";

/** Takes no further event, in a rebuild neither, until it is resumed. What is in the read model stays readable. */
export function pauseProjection(ctx: Context, projection: Projection): Promise<ProjectionDto> {
  return changePaused(ctx, projection, true);
}

/** Goes on where it was paused. */
export function resumeProjection(ctx: Context, projection: Projection): Promise<ProjectionDto> {
  return changePaused(ctx, projection, false);
}

/**
 * Builds the read model anew from the first event, while the present one is served; then the new one takes its place.
 * Where a rebuild is under way already, that one goes on.
 */
export async function rebuildProjection(ctx: Context, projection: Projection): Promise<ProjectionDto> {
  const { name, version } = projection;
  await ensureProjection(ctx.sql, name, version);
  await startBuild(ctx, projection, ctx.actor);
  return describeProjection(ctx, projection);
}

async function changePaused(ctx: Context, projection: Projection, isPaused: boolean): Promise<ProjectionDto> {
  const { name, version } = projection;
  await ensureProjection(ctx.sql, name, version);
  await ctx.sql.begin(async (tx) => {
    await lockProjection(tx, name);
    if (!(await setProjectionPaused(tx, name, isPaused))) return;
    const action = isPaused ? "projection.paused" : "projection.resumed";
    await insertAudit(tx, { actor: ctx.actor, action, subject: name, details: {} });
    await notifyTopic(tx, PROJECTIONS_TOPIC);
  });
  return describeProjection(ctx, projection);
}
