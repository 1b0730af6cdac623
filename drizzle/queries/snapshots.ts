import type { Sql } from "../db.ts";

export type SnapshotRow = { version: number; state_version: number; state: unknown };

/** The latest snapshot of a stream, or null. */
export async function findSnapshot(sql: Sql, streamId: string): Promise<SnapshotRow | null> {
  const [row] = await sql<SnapshotRow[]>`
    select version, state_version, state from snapshots where stream_id = ${streamId}`;
  return row ?? null;
}

/** Keeps a snapshot, unless one of a later version that was built in the same way is there. */
export async function keepSnapshot(
  sql: Sql,
  type: string,
  aggregateId: string,
  { version, state_version, state }: SnapshotRow,
): Promise<void> {
  await sql`
    insert into snapshots as old (stream_id, version, state_version, state)
    select streams.id, ${version}, ${state_version}, ${JSON.stringify(state)}::text::jsonb
    from streams join interned_names on interned_names.id = type_id
    where field = 'aggregate-type' and md5(name) = md5(${type}) and name = ${type} and aggregate_id = ${aggregateId}
    on conflict (stream_id) do update
      set version = excluded.version, state_version = excluded.state_version, state = excluded.state, taken_at = now()
      where old.version < excluded.version or old.state_version <> excluded.state_version`;
}
