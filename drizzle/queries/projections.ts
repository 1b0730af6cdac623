import type { Sql, SqlTx } from "../db.ts";

export type ProjectionRow = { name: string; generation: number; paused_at: string | null };

export type GenerationRow = {
  generation: number;
  version: number;
  position: string;
  applied: string;
  started_at: string;
  moved_at: string;
  failures: number;
  error: string | null;
  failed_position: string | null;
  failed_at: string | null;
  retry_at: string | null;
  /** It failed, and its time to try again has not come. */
  is_waiting: boolean;
};

/** Makes a projection and its first generation, when they are missing. */
export async function ensureProjection(sql: Sql, name: string, version: number): Promise<void> {
  await sql`
    with made as (insert into projections (name) values (${name}) on conflict do nothing returning name),
    begun as (
      insert into projection_generations (name, generation, version) select name, 1, ${version} from made
      returning name, generation, version, position
    )
    insert into projection_progress (projection, generation, version, position)
    select name, generation, version, position from begun`;
}

export async function findProjection(sql: Sql | SqlTx, name: string): Promise<ProjectionRow | null> {
  const [row] = await sql<ProjectionRow[]>`
    select name, generation, paused_at from projections where name = ${name}`;
  return row ?? null;
}

/** The same, locked until the transaction ends: generations come and go under this lock alone. */
export async function lockProjection(tx: SqlTx, name: string): Promise<ProjectionRow | null> {
  const [row] = await tx<ProjectionRow[]>`
    select name, generation, paused_at from projections where name = ${name} for update`;
  return row ?? null;
}

/** All generations of a projection, the oldest first. */
export async function listGenerations(sql: Sql | SqlTx, name: string): Promise<GenerationRow[]> {
  return sql<GenerationRow[]>`
    select generation, version, position, applied, started_at, moved_at, failures, error, failed_position, failed_at,
      retry_at, coalesce(retry_at > now(), false) as is_waiting
    from projection_generations where name = ${name} order by generation`;
}

/** Takes a generation for this transaction; null when another process has it, or it is gone. */
export async function claimGeneration(
  tx: SqlTx,
  name: string,
  generation: number,
): Promise<{ position: string } | null> {
  const [row] = await tx<{ position: string }[]>`
    select position from projection_generations
    where name = ${name} and generation = ${generation} for update skip locked`;
  return row ?? null;
}

/** Moves the checkpoint of a generation that was claimed; what failed before is done with. */
export async function moveGeneration(
  tx: SqlTx,
  {
    name,
    generation,
    position,
    applied,
  }: { name: string; generation: number; position: string; applied: number },
): Promise<void> {
  await tx`
    update projection_generations
    set position = ${position}, applied = applied + ${applied}, moved_at = now(),
      failures = 0, error = null, failed_position = null, failed_at = null, retry_at = null
    where name = ${name} and generation = ${generation}`;
}

/** Writes down why a generation can't go on, and when it is tried again: after 1, 2, 4 … seconds, at most 60. */
export async function recordProjectionFailure(
  sql: Sql,
  {
    name,
    generation,
    position,
    error,
  }: { name: string; generation: number; position: string | null; error: string },
): Promise<void> {
  await sql`
    update projection_generations
    set failures = failures + 1, error = ${error}, failed_position = ${position}, failed_at = now(),
      retry_at = now() + least(60, power(2, least(failures, 6))) * interval '1 second'
    where name = ${name} and generation = ${generation}`;
}

export async function insertGeneration(
  tx: SqlTx,
  { name, generation, version }: { name: string; generation: number; version: number },
): Promise<void> {
  await tx`
    insert into projection_generations (name, generation, version) values (${name}, ${generation}, ${version})`;
}

export async function serveGeneration(tx: SqlTx, name: string, generation: number): Promise<void> {
  await tx`update projections set generation = ${generation} where name = ${name}`;
}

export async function deleteGeneration(tx: SqlTx, name: string, generation: number): Promise<void> {
  await tx`delete from projection_generations where name = ${name} and generation = ${generation}`;
}

/** Gives whether it was the other way before. */
export async function setProjectionPaused(tx: SqlTx, name: string, isPaused: boolean): Promise<boolean> {
  const changed = isPaused
    ? await tx`update projections set paused_at = now() where name = ${name} and paused_at is null`
    : await tx`update projections set paused_at = null where name = ${name} and paused_at is not null`;
  return changed.count > 0;
}

/** Deletes up to `limit` rows of a generation from the table of a read model. Gives how many it deleted. */
export async function deleteGenerationRows(
  sql: Sql | SqlTx,
  table: string,
  generation: number,
  limit: number,
): Promise<number> {
  const result = await sql`
    delete from ${sql(table)} where ctid = any(array(
      select ctid from ${sql(table)} where generation = ${generation} limit ${limit}))`;
  return result.count;
}
