import type { SqlTx } from "../db.ts";
import { STATUS } from "./delivery-settling.ts";

/** An attempt that ended, as the rollups count it. Times in microseconds since 1970, durations in microseconds. */
export type EndedAttempt = {
  typeId: number;
  /** Where the delivery stands after it, by number. */
  status: number;
  endedUs: number;
  durationUs: number;
  /** From the event's own time to the end; null of one that did not succeed. */
  criticalUs: number | null;
};

/** Writes an attempt down, to be counted a moment later. */
export async function insertUncounted(
  tx: SqlTx,
  subscriptionId: number,
  { typeId, status, endedUs, durationUs, criticalUs }: EndedAttempt,
): Promise<void> {
  await tx`
    insert into uncounted_attempts (subscription_id, type_id, status, ended_us, duration_us, critical_us)
    values (${subscriptionId}, ${typeId}, ${status}, ${endedUs}, ${durationUs}, ${criticalUs})`;
}

export type DeliveryGeneration = { position: string; subscription_id: number; generation: number };

/** Writes the attempts of deliveries down that have succeeded in just these generations, to be counted a moment later. */
export async function insertUncountedSuccesses(
  tx: SqlTx,
  deliveries: readonly DeliveryGeneration[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await tx`
    insert into uncounted_attempts (subscription_id, type_id, status, ended_us, duration_us, critical_us)
    select d.subscription_id, d.type_id, d.status, ended.us, d.duration_us,
      greatest(0, ended.us - coalesce((extract(epoch from e.event_time) * 1000000)::bigint, d.position))
    from unnest(${deliveries.map(({ position }) => position)}::bigint[],
      ${deliveries.map(({ subscription_id }) => subscription_id)}::int[],
      ${deliveries.map(({ generation }) => generation)}::int[]) as h (position, subscription_id, generation)
    join deliveries d on d.position = h.position and d.subscription_id = h.subscription_id
      and d.generation = h.generation and d.status = ${STATUS.succeeded}
    left join events e on e.position = d.position
    cross join lateral (select (extract(epoch from d.settled_at) * 1000000)::bigint as us) ended`;
}

/** Takes attempts that nobody else is just taking, at most `limit`: whoever commits this has to have counted them. */
export async function takeUncounted(
  tx: SqlTx,
  limit: number,
): Promise<(EndedAttempt & { subscriptionId: number })[]> {
  const rows = await tx<
    {
      subscription_id: number;
      type_id: number;
      status: number;
      ended_us: string;
      duration_us: string;
      critical_us: string | null;
    }[]
  >`
    delete from uncounted_attempts where id = any(array(
      select id from uncounted_attempts order by id limit ${limit} for update skip locked))
    returning subscription_id, type_id, status, ended_us, duration_us, critical_us`;
  return rows.map((row) => ({
    subscriptionId: row.subscription_id,
    typeId: row.type_id,
    status: row.status,
    endedUs: Number(row.ended_us),
    durationUs: Number(row.duration_us),
    criticalUs: row.critical_us === null ? null : Number(row.critical_us),
  }));
}
