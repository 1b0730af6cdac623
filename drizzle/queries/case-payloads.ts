import type { Sql } from "../db.ts";
import { newestNamed } from "./named-events.ts";

type Limits = { limit: number; maxBytes: number };

/** Payloads of the newest letters of a case, as text: at most so many, and so many bytes together. */
export async function listFailingPayloads(
  sql: Sql,
  caseId: number,
  { limit, maxBytes }: Limits,
): Promise<string[]> {
  const rows = await sql<{ payload: string }[]>`
    select payload from (
      select e.data_text as payload, sum(octet_length(e.data_text)) over (order by l.number desc) as bytes
      from (
        select position, number from dead_letters
        where case_id = ${caseId} and number is not null order by number desc limit ${limit}) l
      join events e on e.position = l.position
      where e.data_text is not null) sized
    where bytes <= ${maxBytes}`;
  return rows.map(({ payload }) => payload);
}

/** Payloads of the newest events of a type that a consumer handled without ever failing for good at them. */
export async function listSucceedingPayloads(
  sql: Sql,
  { typeId, consumer, lookedAt }: { typeId: number; consumer: string; lookedAt: number },
  { limit, maxBytes }: Limits,
): Promise<string[]> {
  const rows = await sql<{ payload: string }[]>`
    select payload from (
      select e.data_text as payload, sum(octet_length(e.data_text)) over (order by e.position desc) as bytes
      from (
        select position, data_text from (
          ${newestNamed(sql, { column: "type_id", name: typeId })} limit ${lookedAt}) newest
        where data_text is not null
          and (select count(*) from deliveries d where d.position = newest.position and d.status = 2
            and d.subscription_id = any(${ids(sql, consumer)})) > 0
          and (select count(*) from dead_letters l where l.position = newest.position
            and l.subscription_id = any(${ids(sql, consumer)})) = 0
        order by position desc limit ${limit}) e) sized
    where bytes <= ${maxBytes}`;
  return rows.map(({ payload }) => payload);
}

/** Counts, and arrays of ids, keep these looks at one row each; joins would read the whole tables. */
function ids(sql: Sql, consumer: string): ReturnType<Sql> {
  return sql`array(select id from subscriptions where consumer = ${consumer})`;
}
