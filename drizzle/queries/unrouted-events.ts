import type { Sql, SqlTx } from "../db.ts";

const CHECKPOINT = "unrouted-events";

/** Where the count stands, held for this transaction; null when another process counts right now. */
export async function claimUnroutedCheckpoint(tx: SqlTx): Promise<string | null> {
  await tx`insert into checkpoints (name, position) values (${CHECKPOINT}, 0) on conflict do nothing`;
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update skip locked`;
  return row?.position ?? null;
}

/** Adds to the counts and moves the checkpoint, both in the caller's transaction. */
export async function addUnrouted(
  tx: SqlTx,
  counts: { hour: string; typeId: number; events: number }[],
  position: string,
): Promise<void> {
  await tx`
    insert into unrouted_events as old (hour, type_id, events)
    select hour, "typeId", events
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as r (hour timestamptz, "typeId" integer, events bigint)
    on conflict (hour, type_id) do update set events = old.events + excluded.events`;
  await tx`update checkpoints set position = ${position}, updated_at = now() where name = ${CHECKPOINT}`;
}

/** Events that no subscription took, by type, most frequent first, in the hours from `from` on. */
export async function listUnrouted(
  sql: Sql,
  { from, limit }: { from: string; limit: number },
): Promise<{ types: { type: string; count: string }[]; countedTo: string }> {
  const types = await sql<{ type: string; count: string }[]>`
    select name as type, sum(events) as count from unrouted_events join interned_names on id = type_id
    where hour >= ${from}::timestamptz group by name order by sum(events) desc, name limit ${limit}`;
  const [row] = await sql<
    { position: string }[]
  >`select position from checkpoints where name = ${CHECKPOINT}`;
  return { types, countedTo: row?.position ?? "0" };
}
