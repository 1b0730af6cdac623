import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";

const CHECKPOINT = "metrics";

/** Where the counting of events stands, held for this transaction; null when another process counts right now. */
export async function claimMetricsPosition(tx: SqlTx): Promise<string | null> {
  await tx`insert into checkpoints (name, position) values (${CHECKPOINT}, 0) on conflict do nothing`;
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update skip locked`;
  return row?.position ?? null;
}

/** Waits for whoever counts events; nobody does until this transaction ends. */
export async function lockMetricsPosition(tx: SqlTx): Promise<void> {
  await tx`select from checkpoints where name = ${CHECKPOINT} for update`;
}

export async function moveMetricsPosition(tx: SqlTx, position: string): Promise<void> {
  await tx`update checkpoints set position = ${position}, updated_at = now() where name = ${CHECKPOINT}`;
}

export type EventCount = {
  second: number;
  type_id: number;
  source_id: number;
  channel_id: number | null;
  data_schema_id: number | null;
  /** That the event names itself. */
  version: string | null;
  events: number;
  last: string;
};

/** The first `limit` events after one position and up to another, by the second in which they were recorded. */
export async function countEventSeconds(
  tx: SqlTx,
  { after, upTo, limit }: { after: string; upTo: string; limit: number },
): Promise<EventCount[]> {
  const counts = () => tx<EventCount[]>`
    select (position / 1000000)::float8 as second, type_id, source_id, channel_id, data_schema_id,
      case when extensions like '%"dataversion"%' then extensions::json->>'dataversion' end as version,
      count(*)::int as events, max(position) as last
    from (
      select position, type_id, source_id, channel_id, data_schema_id, extensions from events
      where position > ${after} and position <= ${upTo} order by position limit ${limit}
    ) fresh
    group by 1, 2, 3, 4, 5, 6`;
  return readInLogOrder(tx, counts);
}

/** How far the counting of events has come, the last position that was handed out, and how far the log is final. */
export async function readEventCoverage(
  sql: Sql,
): Promise<{ counted: string | null; last: string; safe: string }> {
  const [row] = await sql<{ counted: string | null; last: string; safe: string }[]>`
    select (select position from checkpoints where name = ${CHECKPOINT}) as counted,
      (select last_value from event_positions) as last, safe_position() as safe`;
  return row ?? { counted: null, last: "0", safe: "0" };
}

/** Says that everything is counted since a moment, where that is earlier than what was known. */
export async function extendCoverage(tx: SqlTx, source: string, sinceUs: string): Promise<void> {
  await tx`update metric_coverage set since_us = ${sinceUs} where source = ${source} and since_us > ${sinceUs}`;
}
