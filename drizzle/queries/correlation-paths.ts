import type { Sql, SqlTx } from "../db.ts";

export type CorrelationPathRow = { id: number; type: string; path: string; created_at: string };

/** All paths in the order in which they are asked. */
export async function listCorrelationPaths(sql: Sql | SqlTx): Promise<CorrelationPathRow[]> {
  return sql<CorrelationPathRow[]>`select id, type, path, created_at from correlation_paths order by id`;
}

/** Lets one transaction at a time change the paths. */
export async function lockCorrelationPaths(tx: SqlTx): Promise<void> {
  await tx`lock table correlation_paths in share row exclusive mode`;
}

/** Null where there is such a path. */
export async function insertCorrelationPath(
  tx: SqlTx,
  { type, path }: { type: string; path: string },
): Promise<CorrelationPathRow | null> {
  const [row] = await tx<CorrelationPathRow[]>`
    insert into correlation_paths (type, path) values (${type}, ${path})
    on conflict (type, path) do nothing returning id, type, path, created_at`;
  return row ?? null;
}

/** Gives what was deleted; null where there is no such path. */
export async function deleteCorrelationPath(tx: SqlTx, id: number): Promise<CorrelationPathRow | null> {
  const [row] = await tx<CorrelationPathRow[]>`
    delete from correlation_paths where id = ${id} returning id, type, path, created_at`;
  return row ?? null;
}
