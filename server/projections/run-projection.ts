import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { noteProgress } from "#drizzle/queries/projection-progress.ts";
import {
  claimGeneration,
  deleteGeneration,
  deleteGenerationRows,
  ensureProjection,
  findProjection,
  type GenerationRow,
  insertGeneration,
  listGenerations,
  lockProjection,
  serveGeneration,
} from "#drizzle/queries/projections.ts";
import type { Context } from "#server/platform/context.ts";
import { advanceGeneration } from "./advance.ts";
import { NO_BRAKE, type Projection, type ProjectionBrake } from "./projection.ts";

/** Told of whenever a projection is paused, rebuilt, switched or resumed. */
export const PROJECTIONS_TOPIC = "projections";

const ROWS_AT_ONCE = 5_000;

type Ctx = Pick<Context, "sql" | "names" | "log">;

/**
 * Does what is next for a projection: takes the served generation and the one under construction further, switches to
 * the latter once it has caught up, and clears away what is served no more. Several processes may do this at once. The
 * brake holds up the served one alone.
 *
 * @returns whether there is more to do at once
 */
export async function runProjection(
  ctx: Ctx,
  projection: Projection,
  brake: ProjectionBrake = NO_BRAKE,
): Promise<boolean> {
  const { name, version } = projection;
  await ensureProjection(ctx.sql, name, version);
  const row = await findProjection(ctx.sql, name);
  if (row === null || row.paused_at !== null) return false;
  const generations = await listGenerations(ctx.sql, name);
  const served = generations.find(({ generation }) => generation === row.generation);
  const building = generations.find(({ generation }) => generation > row.generation);
  const old = generations.filter(({ generation }) => generation < row.generation);
  let isMore = false;
  // What other code has built stays as it is: mixed, it would be neither.
  if (served?.version === version) isMore = (await advance(ctx, projection, served, brake)) || isMore;
  else if (served && served.version < version && !building) isMore = await startBuild(ctx, projection);
  if (building) {
    isMore = (await continueBuild(ctx, projection, building)) || isMore;
  }
  for (const { generation } of old) isMore = (await clearAway(ctx, projection, generation)) || isMore;
  return isMore;
}

/** Begins a new generation beside the served one; gives false when one is under construction already. */
export async function startBuild(
  { sql, log }: Pick<Context, "sql" | "log">,
  projection: Projection,
  actor = "projections",
): Promise<boolean> {
  const { name, version } = projection;
  return sql.begin(async (tx) => {
    await lockProjection(tx, name);
    const generations = await listGenerations(tx, name);
    const row = await findProjection(tx, name);
    if (row === null || generations.some(({ generation }) => generation > row.generation)) return false;
    await insertGeneration(tx, { name, generation: row.generation + 1, version });
    await insertAudit(tx, {
      actor,
      action: "projection.rebuild-started",
      subject: name,
      details: { version },
    });
    await notifyTopic(tx, PROJECTIONS_TOPIC);
    log.info({ projection: name, generation: row.generation + 1 }, "projection.rebuild-started");
    return true;
  });
}

async function advance(
  ctx: Ctx,
  projection: Projection,
  { generation, is_waiting }: GenerationRow,
  brake: ProjectionBrake,
): Promise<boolean> {
  if (is_waiting) return false;
  const outcome = await advanceGeneration(ctx, projection, generation, brake);
  if (outcome === "failed") ctx.log.warn({ projection: projection.name, generation }, "projection.failed");
  return outcome === "moved";
}

async function continueBuild(ctx: Ctx, projection: Projection, building: GenerationRow): Promise<boolean> {
  // Under construction by other code, which this one has replaced: begin again.
  if (building.version < projection.version) {
    await ctx.sql.begin(async (tx) => {
      const row = await lockProjection(tx, projection.name);
      if (row && row.generation < building.generation) {
        for (const table of projection.tables) {
          await deleteGenerationRows(tx, table, building.generation, Number.MAX_SAFE_INTEGER);
        }
        await deleteGeneration(tx, projection.name, building.generation);
      }
    });
    return true;
  }
  if (building.version > projection.version) return false;
  if (await advance(ctx, projection, building, NO_BRAKE)) return true;
  return switchTo(ctx, projection, building.generation);
}

/** Serves a generation once it knows at least what the served one does. */
async function switchTo({ sql, log }: Ctx, { name }: Projection, generation: number): Promise<boolean> {
  return sql.begin(async (tx) => {
    const row = await lockProjection(tx, name);
    const generations = await listGenerations(tx, name);
    const built = generations.find((one) => one.generation === generation);
    const served = generations.find((one) => one.generation === row?.generation);
    if (!built || !served || built.generation <= served.generation || built.error !== null) return false;
    if (BigInt(built.position) < BigInt(served.position)) return false;
    await serveGeneration(tx, name, generation);
    await noteProgress(tx, { name, generation });
    await notifyTopic(tx, PROJECTIONS_TOPIC);
    log.info({ projection: name, generation }, "projection.rebuilt");
    return true;
  });
}

async function clearAway({ sql }: Ctx, { name, tables }: Projection, generation: number): Promise<boolean> {
  return sql.begin(async (tx) => {
    // Not while another process still writes to it.
    if ((await claimGeneration(tx, name, generation)) === null) return false;
    let deleted = 0;
    for (const table of tables) deleted += await deleteGenerationRows(tx, table, generation, ROWS_AT_ONCE);
    if (deleted > 0) return true;
    await deleteGeneration(tx, name, generation);
    return false;
  });
}
