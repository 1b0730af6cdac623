import type { Sql, SqlTx } from "../db.ts";
import { type SummaryRow, summaryColumns } from "./event-reading.ts";

/**
 * The position up to which the log is final: nothing can appear at or below it any more. Read the log in a later
 * statement, outside of any repeatable-read transaction.
 */
export async function getSafePosition(sql: Sql | SqlTx): Promise<string> {
  const [row] = await sql<{ safe: string }[]>`select safe_position() as safe`;
  return row?.safe ?? "0";
}

/** The log after one position and up to another, oldest first, at most `limit` rows. */
export async function listLog(
  sql: Sql,
  { after, upTo, limit, withData }: { after: string; upTo: string; limit: number; withData: boolean },
): Promise<SummaryRow[]> {
  return sql<SummaryRow[]>`
    select ${summaryColumns(sql, withData)} from events
    where position > ${after} and position <= ${upTo} order by position limit ${limit}`;
}
