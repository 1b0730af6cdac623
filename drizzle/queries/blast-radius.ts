import type { Sql } from "../db.ts";
import { newestNamed } from "./named-events.ts";
import type { ProcessRow } from "./processes.ts";

/**
 * The newest events of a type that a consumer has handled and that belong to a flow, newest first, of the newest
 * `lookedAt` events of the type. A consumer of the same name that was deleted counts as the same.
 */
export async function listHandledOfType(
  sql: Sql,
  {
    typeId,
    consumer,
    lookedAt,
    limit,
  }: { typeId: number; consumer: string; lookedAt: number; limit: number },
): Promise<{ start_position: string; correlation_id: string }[]> {
  return sql<{ start_position: string; correlation_id: string }[]>`
    select e.position as start_position, e.correlation_id from (
      ${newestNamed(sql, { column: "type_id", name: typeId })} limit ${lookedAt}) e
    where e.correlation_id is not null and (
      select count(*) from deliveries d
      where d.position = e.position and d.status = 2
        and d.subscription_id = any(array(select id from subscriptions where consumer = ${consumer}))) > 0
    order by e.position desc limit ${limit}`;
}

export type BlockedKeyRow = { key: string; waiting: number };

/** The ordering key that a delivery holds, and how many wait behind it, at most `limit`; null where it holds none. */
export async function findBlockedKey(
  sql: Sql,
  { position, subscriptionId, limit }: { position: string; subscriptionId: number; limit: number },
): Promise<BlockedKeyRow | null> {
  const [row] = await sql<BlockedKeyRow[]>`
    select d.ordering_key as key, (
      select count(*)::int from (
        select from deliveries later
        where later.subscription_id = d.subscription_id and later.ordering_key = d.ordering_key
          and later.position > d.position
        limit ${limit}) waiting) as waiting
    from deliveries d
    where d.position = ${position} and d.subscription_id = ${subscriptionId} and d.ordering_key is not null`;
  return row ?? null;
}

/** Processes of a flow that have not ended, by the names of their declarations. */
export async function listOpenProcesses(
  sql: Sql,
  { correlationId, names }: { correlationId: string; names: readonly string[] },
): Promise<ProcessRow[]> {
  return sql<ProcessRow[]>`
    select id, name, business_key, correlation_id, status, state, version, start_position, started_at, updated_at, ended_at
    from processes
    where name = any(${[...names]}::text[]) and correlation_id = ${correlationId}
      and status in ('running', 'compensating')
    order by name`;
}
