import type { Sql, SqlTx } from "../db.ts";

export type SubscriptionRow = {
  id: number;
  consumer: string;
  channel: string | null;
  cursor_id: number;
  filters: unknown;
  target: unknown;
  ordering: "none" | "key";
  on_dead: "block" | "continue";
  concurrency: number;
  retry: unknown;
  timeout_ms: number;
  paused_at: string | null;
  created_at: string;
  updated_at: string;
  position: string;
  reached: string;
  generation: number;
};

export const MAX_SUBSCRIPTIONS = 1_000;

/** Every subscription that is not deleted, by consumer, at most 1,000. */
export async function listSubscriptions(sql: Sql | SqlTx): Promise<SubscriptionRow[]> {
  return sql<SubscriptionRow[]>`
    select s.id, consumer, channel, cursor_id, filters, target, ordering, on_dead, concurrency, retry, timeout_ms,
      paused_at, s.created_at, s.updated_at, c.position, c.reached, c.generation
    from subscriptions s join delivery_cursors c on c.id = s.cursor_id
    where deleted_at is null order by consumer limit ${MAX_SUBSCRIPTIONS}`;
}

export async function findSubscription(sql: Sql | SqlTx, consumer: string): Promise<SubscriptionRow | null> {
  const [row] = await sql<SubscriptionRow[]>`
    select s.id, consumer, channel, cursor_id, filters, target, ordering, on_dead, concurrency, retry, timeout_ms,
      paused_at, s.created_at, s.updated_at, c.position, c.reached, c.generation
    from subscriptions s join delivery_cursors c on c.id = s.cursor_id
    where consumer = ${consumer} and deleted_at is null`;
  return row ?? null;
}

/** A subscription that may be deleted by now. */
export async function findSubscriptionById(
  sql: Sql | SqlTx,
  id: number,
): Promise<{ consumer: string; target: unknown; deleted_at: string | null } | null> {
  const [row] = await sql<{ consumer: string; target: unknown; deleted_at: string | null }[]>`
    select consumer, target, deleted_at from subscriptions where id = ${id}`;
  return row ?? null;
}

/** The consumers of subscriptions, and the channels that they take from; deleted ones among them. */
export async function listRouted(
  sql: Sql | SqlTx,
  ids: readonly number[],
): Promise<{ id: number; consumer: string; channel: string | null }[]> {
  return sql`select id, consumer, channel from subscriptions where id = any(${[...ids]}::int[])`;
}

/** The same, held against changes until the transaction ends. */
export async function lockSubscription(tx: SqlTx, consumer: string): Promise<SubscriptionRow | null> {
  await tx`select from subscriptions where consumer = ${consumer} and deleted_at is null for update`;
  return findSubscription(tx, consumer);
}

/** Lets only one transaction at a time make subscriptions on its own account. */
export async function lockSubscriptions(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7104006)`;
}

/** The cursor that the consumers of a queue share, once there is one. Those that deliver on their own have others. */
export async function findQueueCursor(tx: SqlTx, channel: string): Promise<number | null> {
  const [row] = await tx<{ cursor_id: number }[]>`
    select cursor_id from subscriptions
    where channel = ${channel} and deleted_at is null and target->>'kind' <> 'external' order by id limit 1`;
  return row?.cursor_id ?? null;
}

/** Waits until nobody hands events out from the cursor, and holds it until the transaction ends. */
export async function lockCursor(
  tx: SqlTx,
  cursorId: number,
): Promise<{ position: string; generation: number }> {
  const [row] = await tx<{ position: string; generation: number }[]>`
    select position, generation from delivery_cursors where id = ${cursorId} for update`;
  if (!row) throw new Error("The cursor of a subscription is gone.");
  return row;
}

/** Ends what a subscription that is deleted still had to deliver. Gives how many deliveries that were. */
export async function discardOpenDeliveries(tx: SqlTx, subscriptionId: number): Promise<number> {
  const result = await tx`
    update deliveries set status = 5, settled_at = now(), next_attempt_at = null, ordering_key = null
    where subscription_id = ${subscriptionId} and status in (0, 3)`;
  return result.count;
}

export type SubscriptionValues = {
  consumer: string;
  channel: string | null;
  filters: unknown;
  target: unknown;
  ordering: string;
  onDead: string;
  concurrency: number;
  retry: unknown;
  timeoutMs: number;
};

/** A new cursor that starts after the position. */
export async function insertCursor(tx: SqlTx, position: string): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into delivery_cursors (position, reached) values (${position}, ${position}) returning id`;
  if (!row) throw new Error("The cursor was not inserted.");
  return row.id;
}

export async function insertSubscription(
  tx: SqlTx,
  cursorId: number,
  values: SubscriptionValues,
): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into subscriptions
      (consumer, channel, cursor_id, filters, target, ordering, on_dead, concurrency, retry, timeout_ms)
    values (${values.consumer}, ${values.channel}, ${cursorId}, ${JSON.stringify(values.filters)}::jsonb, ${JSON.stringify(values.target)}::jsonb,
      ${values.ordering}, ${values.onDead}, ${values.concurrency}, ${JSON.stringify(values.retry)}::jsonb, ${values.timeoutMs})
    returning id`;
  if (!row) throw new Error("The subscription was not inserted.");
  return row.id;
}

/** Changes everything but the consumer and the channel. */
export async function updateSubscription(tx: SqlTx, id: number, values: SubscriptionValues): Promise<void> {
  await tx`
    update subscriptions set filters = ${JSON.stringify(values.filters)}::jsonb, target = ${JSON.stringify(values.target)}::jsonb,
      ordering = ${values.ordering}, on_dead = ${values.onDead}, concurrency = ${values.concurrency},
      retry = ${JSON.stringify(values.retry)}::jsonb, timeout_ms = ${values.timeoutMs}, updated_at = now()
    where id = ${id}`;
}

/** Stops or lets go on. Gives false when it was in that state already. */
export async function setPaused(sql: Sql | SqlTx, id: number, isPaused: boolean): Promise<boolean> {
  const result = await sql`
    update subscriptions set paused_at = case when ${isPaused} then now() end, updated_at = now()
    where id = ${id} and (paused_at is not null) <> ${isPaused}`;
  return result.count > 0;
}

export async function markSubscriptionDeleted(sql: Sql | SqlTx, id: number): Promise<void> {
  await sql`update subscriptions set deleted_at = now(), updated_at = now() where id = ${id}`;
}

/** Lets a channel go that only deleted subscriptions name. */
export async function detachDeletedSubscriptions(tx: SqlTx, channel: string): Promise<void> {
  await tx`update subscriptions set channel = null where channel = ${channel} and deleted_at is not null`;
}

/**
 * Sets a cursor back (or forth). What is handed out from there on is owed in a new generation, a later one than any that
 * replays have given to single deliveries.
 */
export async function moveCursor(
  tx: SqlTx,
  cursorId: number,
  { position, replayed }: { position: string; replayed: number },
): Promise<void> {
  await tx`
    update delivery_cursors set position = ${position}, reached = greatest(reached, position),
      generation = greatest(generation, ${replayed}) + 1, updated_at = now()
    where id = ${cursorId}`;
}
