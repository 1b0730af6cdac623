import type { Sql, SqlTx } from "../db.ts";

export type CursorRow = { position: string; reached: string; generation: number };

/** Locks a cursor for this transaction; null when another worker has it right now. */
export async function claimCursor(tx: SqlTx, cursorId: number): Promise<CursorRow | null> {
  const [row] = await tx<CursorRow[]>`
    select position, reached, generation from delivery_cursors where id = ${cursorId} for update skip locked`;
  return row ?? null;
}

export async function advanceCursor(tx: SqlTx, cursorId: number, position: string): Promise<void> {
  await tx`
    update delivery_cursors set position = ${position}, reached = greatest(reached, ${position}), updated_at = now()
    where id = ${cursorId}`;
}

export type LeaseRow = { id: string; after_position: string; to_position: string; generation: number };

export async function insertLease(
  tx: SqlTx,
  lease: {
    subscriptionId: number;
    after: string;
    to: string;
    generation: number;
    worker: string;
    leaseMs: number;
  },
): Promise<string> {
  const [row] = await tx<{ id: string }[]>`
    insert into delivery_leases (subscription_id, after_position, to_position, generation, worker, expires_at)
    values (${lease.subscriptionId}, ${lease.after}, ${lease.to}, ${lease.generation}, ${lease.worker},
      now() + ${lease.leaseMs} * interval '1 millisecond')
    returning id`;
  if (!row) throw new Error("The lease was not inserted.");
  return row.id;
}

/** Open leases on stretches behind a cursor, expired ones among them. */
export async function countLeases(tx: SqlTx, cursorId: number): Promise<number> {
  const [row] = await tx<{ leases: number }[]>`
    select count(*)::int as leases from delivery_leases l
    join subscriptions s on s.id = l.subscription_id where s.cursor_id = ${cursorId}`;
  return row?.leases ?? 0;
}

/** Takes over one stretch whose worker let the lease expire, oldest first. */
export async function takeOverLease(
  sql: Sql,
  { subscriptionId, worker, leaseMs }: { subscriptionId: number; worker: string; leaseMs: number },
): Promise<LeaseRow | null> {
  const [row] = await sql<LeaseRow[]>`
    update delivery_leases set worker = ${worker}, expires_at = now() + ${leaseMs} * interval '1 millisecond'
    where id = (
      select id from delivery_leases where subscription_id = ${subscriptionId} and expires_at < now()
      order by id limit 1 for update skip locked)
    returning id, after_position, to_position, generation`;
  return row ?? null;
}

/** Keeps a lease that is still this worker's. Gives false when another one took it over. */
export async function extendLease(
  sql: Sql | SqlTx,
  { id, worker, leaseMs }: { id: string; worker: string; leaseMs: number },
): Promise<boolean> {
  const result = await sql`
    update delivery_leases set expires_at = now() + ${leaseMs} * interval '1 millisecond'
    where id = ${id} and worker = ${worker}`;
  return result.count > 0;
}

/** Ends a lease that is still this worker's. Gives false when another one took it over. */
export async function endLease(tx: SqlTx, { id, worker }: { id: string; worker: string }): Promise<boolean> {
  const result = await tx`delete from delivery_leases where id = ${id} and worker = ${worker}`;
  return result.count > 0;
}

/** Which of these keys have deliveries that are not settled, and to whom: what comes later in them has to wait. */
export async function listBlockedKeys(
  tx: SqlTx,
  subscriptionIds: number[],
  keys: string[],
): Promise<Map<string, number[]>> {
  const rows = await tx<{ key: string; ids: number[] }[]>`
    select ordering_key as key, array_agg(distinct subscription_id) as ids from deliveries
    where subscription_id = any(${subscriptionIds}::int[]) and ordering_key = any(${keys}::text[])
    group by ordering_key`;
  return new Map(rows.map((row) => [row.key, row.ids]));
}

export type SettledRow = {
  position: string;
  generation: number;
  status: number;
  type_id: number;
  /** Microseconds since 1970. */
  started_us: string | null;
  duration_us: string | null;
  /** Who settled it, where it was claimed by itself; such a one is counted. */
  worker: string | null;
};

/** The rows that stand already for these events. */
export async function listDeliveryRows(
  sql: Sql | SqlTx,
  subscriptionId: number,
  positions: string[],
): Promise<SettledRow[]> {
  return sql<SettledRow[]>`
    select position, generation, status, type_id, (extract(epoch from started_at) * 1000000)::bigint as started_us,
      duration_us, worker
    from deliveries
    where subscription_id = ${subscriptionId} and position = any(${positions}::bigint[])`;
}
