import type { SqlTx } from "../db.ts";
import type { EventAttemptRow } from "./event-deliveries.ts";

export type FailedDeliveryRow = {
  position: string;
  type: string;
  /** 3: retrying, 4: dead. */
  status: 3 | 4;
  next_attempt_at: string | null;
  last_attempt: EventAttemptRow | null;
};

/** Deliveries of a subscription that failed and have not succeeded since, newest event first. */
export async function listFailedDeliveries(
  tx: SqlTx,
  subscriptionId: number,
  limit: number,
): Promise<FailedDeliveryRow[]> {
  return tx<FailedDeliveryRow[]>`
    with failed as (
      (select position, type_id, status, next_attempt_at from deliveries
        where subscription_id = ${subscriptionId} and status = 4 order by position desc limit ${limit})
      union all
      (select position, type_id, status, next_attempt_at from deliveries
        where subscription_id = ${subscriptionId} and status in (0, 3) and status = 3
        order by next_attempt_at desc limit ${limit})
      order by position desc limit ${limit}
    )
    select f.position, n.name as type, f.status, f.next_attempt_at, to_jsonb(a) as last_attempt
    from failed f join interned_names n on n.id = f.type_id
    left join lateral (
      select generation, attempt, started_at, duration_us::text, outcome, error,
        coalesce(ended_at, started_at + duration_us * interval '1 microsecond') as ended_at
      from attempts where position = f.position and subscription_id = ${subscriptionId}
      order by generation desc, attempt desc limit 1
    ) a on true
    order by f.position desc`;
}
