import type { Sql } from "../db.ts";

/** Rows of up to a thousand identities that are read at once. */
const ROWS_AT_ONCE = 50;

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Holds the turn with this connection until it is left, so that no other process takes it meanwhile; waits so many
 * milliseconds for another one to leave it.
 *
 * @returns whether it holds the turn.
 */
export async function holdTurn(connection: Sql, patienceMs: number): Promise<boolean> {
  await connection`select set_config('lock_timeout', ${`${patienceMs}ms`}, false)`;
  try {
    await connection`select pg_advisory_lock(turn_lock())`;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  } finally {
    await connection`reset lock_timeout`;
  }
}

/** Ends the connection that holds the turn. */
export async function endHolder(sql: Sql): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid = 0 and objid = turn_lock()::oid and granted
      and database = (select oid from pg_database where datname = current_database())`;
}

export async function leaveTurn(connection: Sql): Promise<void> {
  await connection`select pg_advisory_unlock(turn_lock())`;
}

/** Ends the turn of whoever had it. @returns the new one. */
export async function countTurn(sql: Sql): Promise<number> {
  const [row] = await sql<{ turn: string }[]>`update append_turns set turn = turn + 1 returning turn`;
  return Number(row?.turn);
}

export async function getTurn(sql: Sql): Promise<number> {
  const [row] = await sql<{ turn: string }[]>`select turn from append_turns`;
  return Number(row?.turn);
}

/** The transactions whose appends are open. */
export async function listOpenAppends(sql: Sql): Promise<string[]> {
  const [row] = await sql<{ open: string[] }[]>`select open_appends() as open`;
  return row?.open ?? [];
}

/** Ends the connections whose appends are open, of those transactions. */
export async function endAppends(sql: Sql, transactions: readonly string[]): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from (
      select distinct pid from pg_locks where virtualtransaction = any(${[...transactions]}::text[])) open`;
}

export type IdentityBatch = { first: number; prefixes: Uint8Array };

/** The identities after a position that are in no run, each as its first 8 bytes, those of consecutive positions together; some at a time. */
export async function* listBatchesAfter(sql: Sql, position: number): AsyncGenerator<IdentityBatch[]> {
  const rows = sql<{ first: string; prefixes: Uint8Array }[]>`
    select first, prefixes from identity_batches where first > ${position} order by first`.cursor(
    ROWS_AT_ONCE,
  );
  for await (const some of rows) {
    yield some.map(({ first, prefixes }) => ({ first: Number(first), prefixes }));
  }
}

/** The last position that is sealed in a run; 0 when there is none. */
export async function getSealedTo(sql: Sql): Promise<number> {
  const [row] = await sql<{ last: string }[]>`select coalesce(max(last), 0) as last from identity_runs`;
  return Number(row?.last);
}
