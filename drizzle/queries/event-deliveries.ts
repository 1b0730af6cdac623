import type { Sql, SqlTx } from "../db.ts";

export type EventDeliveryRow = {
  subscription_id: number;
  consumer: string;
  channel: string | null;
  is_ended: boolean;
  /** Of the subscription's cursor, now. */
  cursor_position: string;
  cursor_generation: number;
  generation: number;
  status: number;
  attempts: number;
  duplicates: number;
  started_at: string | null;
  duration_us: string | null;
  settled_at: string | null;
  next_attempt_at: string | null;
};

/** What is written down of the deliveries of one event, those of deleted subscriptions among them. */
export async function listEventDeliveries(tx: SqlTx, position: string): Promise<EventDeliveryRow[]> {
  return tx<EventDeliveryRow[]>`
    select d.subscription_id, s.consumer, s.channel, s.deleted_at is not null as is_ended,
      c.position as cursor_position, c.generation as cursor_generation,
      d.generation, d.status, d.attempts, d.duplicates, d.started_at, d.duration_us, d.settled_at,
      case when d.status = 3 then d.next_attempt_at end as next_attempt_at
    from deliveries d join subscriptions s on s.id = d.subscription_id join delivery_cursors c on c.id = s.cursor_id
    where d.position = ${position} order by s.consumer, s.id`;
}

export type EventAttemptRow = {
  subscription_id: number;
  generation: number;
  attempt: number;
  started_at: string | null;
  ended_at: string | null;
  duration_us: string | null;
  outcome: number;
  error: unknown;
};

/** The attempts of all deliveries of one event that are in the history, oldest first. */
export async function listEventAttempts(tx: Sql | SqlTx, position: string): Promise<EventAttemptRow[]> {
  return tx<EventAttemptRow[]>`
    select subscription_id, generation, attempt, started_at,
      coalesce(ended_at, started_at + duration_us * interval '1 microsecond') as ended_at, duration_us, outcome, error
    from attempts where position = ${position} order by subscription_id, generation, attempt`;
}

/** Which subscriptions have a stretch under way that the event lies in. */
export async function listLeasesOver(
  tx: SqlTx,
  position: string,
): Promise<{ subscription_id: number; generation: number }[]> {
  return tx<{ subscription_id: number; generation: number }[]>`
    select subscription_id, max(generation) as generation from delivery_leases
    where after_position < ${position} and to_position >= ${position} group by subscription_id`;
}
