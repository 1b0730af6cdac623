import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";

const CHECKPOINT = "unrouted-events";
const HOUR_MICROS = 3_600_000_000;

/** Where the count stands, held for this transaction; null when another process counts right now. */
export async function claimUnroutedCheckpoint(tx: SqlTx): Promise<string | null> {
  await tx`insert into checkpoints (name, position) values (${CHECKPOINT}, 0) on conflict do nothing`;
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update skip locked`;
  return row?.position ?? null;
}

/** Events of one hour whose channels are the same, since all that routing looks at is. */
export type RoutedGroup = {
  /** Hours since 1970. */
  hour: string;
  type_id: number;
  source_id: number;
  channel_id: number | null;
  events: number;
  last: string;
};

/** The events after one position and up to another, the first `limit` of them, in groups. */
export async function listRoutedGroups(
  tx: SqlTx,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<RoutedGroup[]> {
  const groups = () => tx<RoutedGroup[]>`
    with next as materialized (
      select position, type_id, source_id, channel_id from events
      where position > ${after} and position <= ${upTo} order by position limit ${limit}
    )
    select position / ${HOUR_MICROS}::bigint as hour, type_id, source_id, channel_id,
      count(*)::int as events, max(position) as last
    from next group by 1, 2, 3, 4`;
  return readInLogOrder(tx, groups);
}

/** Adds to the counts and moves the checkpoint, both in the caller's transaction. */
export async function addUnrouted(
  tx: SqlTx,
  counts: { hour: string; typeId: number; sourceId: number; events: number }[],
  position: string,
): Promise<void> {
  await tx`
    insert into unrouted_events as old (hour, type_id, source_id, events)
    select hour, "typeId", "sourceId", events
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as r (
      hour timestamptz, "typeId" integer, "sourceId" integer, events bigint)
    on conflict (hour, type_id, source_id) do update set events = old.events + excluded.events`;
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
