import type { Sql, SqlTx } from "../db.ts";

const RELAY_LOCK = 7_104_007;

/** Writes an event down, to be moved into the log once the transaction has committed. */
export async function insertOutbox(tx: SqlTx, envelope: string): Promise<void> {
  await tx`insert into outbox (envelope) values (${envelope})`;
}

/** Writes many down at once, in their order. */
export async function insertManyOutbox(tx: SqlTx, envelopes: readonly string[]): Promise<void> {
  await tx`
    insert into outbox (envelope)
    select envelope from unnest(${[...envelopes]}::text[]) with ordinality as given (envelope, place) order by place`;
}

/** Lets only one relay at a time work, so that order is kept. False: another one does, until its transaction ends. */
export async function tryLockRelay(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(${RELAY_LOCK}) as locked`;
  return row?.locked ?? false;
}

/** Waits for a relay that is at work, and keeps others from it until the transaction ends. */
export async function lockRelay(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${RELAY_LOCK})`;
}

/** The oldest events that were not moved yet. */
export async function listUnsent(tx: SqlTx, limit: number): Promise<{ id: string; envelope: string }[]> {
  return tx<{ id: string; envelope: string }[]>`
    select id, envelope from outbox where sent_at is null and refused_reason is null order by id limit ${limit}`;
}

export async function markSent(tx: SqlTx, ids: string[]): Promise<void> {
  await tx`update outbox set sent_at = now() where id = any(${ids}::bigint[])`;
}

export async function markRefused(tx: SqlTx, id: string, reason: string): Promise<void> {
  await tx`update outbox set refused_reason = ${reason} where id = ${id}`;
}

/** Forgets up to `limit` events that were moved before the moment. Gives how many it forgot. */
export async function deleteSentBefore(sql: Sql, moment: string, limit: number): Promise<number> {
  const result = await sql`
    delete from outbox where id = any(array(
      select id from outbox where sent_at < ${moment}::timestamptz limit ${limit}))`;
  return result.count;
}

/** How many events wait, counted up to `limit`, how long the oldest does, and how many the log would not take. */
export async function measureOutbox(
  sql: Sql,
  limit: number,
): Promise<{ unsent: number; oldest_seconds: number | null; refused: number }> {
  const [row] = await sql<{ unsent: number; oldest_seconds: number | null; refused: number }[]>`
    select count(*)::int as unsent, extract(epoch from clock_timestamp() - min(created_at))::float8 as oldest_seconds,
      (select count(*)::int from (
        select from outbox where refused_reason is not null limit ${limit}) refused) as refused
    from (
      select created_at from outbox where sent_at is null and refused_reason is null order by id limit ${limit}) unsent`;
  return row ?? { unsent: 0, oldest_seconds: null, refused: 0 };
}
