import { BinaryCopy, copyIn } from "../copy-binary.ts";
import type { Sql, SqlTx } from "../db.ts";

/** By number: pending, processing, succeeded, retrying, dead, discarded. */
export const STATUS = {
  pending: 0,
  processing: 1,
  succeeded: 2,
  retrying: 3,
  dead: 4,
  discarded: 5,
} as const;

/** By number: succeeded, failed, timed out, interrupted. */
export const OUTCOME = { succeeded: 0, failed: 1, timedOut: 2, interrupted: 3 } as const;

/** Where a delivery stands after an attempt. Times in microseconds since 1970, durations in microseconds. */
export type DeliveryRecord = {
  position: string;
  typeId: number;
  generation: number;
  status: (typeof STATUS)[keyof typeof STATUS];
  attempts: number;
  startedAtUs: number | null;
  durationUs: number | null;
  settledAtUs: number | null;
  nextAttemptAtUs: number | null;
  orderingKey: string | null;
};

const COPY_DELIVERIES = `copy deliveries (position, subscription_id, type_id, generation, status, attempts,
  started_at, duration_us, settled_at, next_attempt_at, ordering_key) from stdin (format binary)`;

/** Writes deliveries that have no row yet. Rejects with a unique violation when one has. */
export async function copyDeliveries(
  tx: SqlTx,
  subscriptionId: number,
  records: DeliveryRecord[],
): Promise<void> {
  const copy = new BinaryCopy(records.length * 120 + 64);
  for (const record of records) {
    copy.row(11);
    copy.int8(Number(record.position));
    copy.int4(subscriptionId);
    copy.int4(record.typeId);
    copy.int4(record.generation);
    copy.int2(record.status);
    copy.int4(record.attempts);
    copy.timestampMicros(record.startedAtUs);
    if (record.durationUs === null) copy.none();
    else copy.int8(record.durationUs);
    copy.timestampMicros(record.settledAtUs);
    copy.timestampMicros(record.nextAttemptAtUs);
    copy.text(record.orderingKey);
  }
  await copyIn(tx, COPY_DELIVERIES, copy.finish());
}

/** Writes that an event was handled at the first attempt. Gives false when a row stands there already. */
export async function insertHandled(
  tx: SqlTx,
  subscriptionId: number,
  record: DeliveryRecord,
): Promise<boolean> {
  const result = await tx`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts, started_at,
      duration_us, settled_at)
    values (${record.position}, ${subscriptionId}, ${record.typeId}, ${record.generation}, ${record.status}, 1,
      to_timestamp(${record.startedAtUs}::bigint / 1e6), ${record.durationUs},
      to_timestamp(${record.settledAtUs}::bigint / 1e6))
    on conflict do nothing`;
  return result.count === 1;
}

/**
 * Writes deliveries, also over rows of an older generation, whose last attempt is kept in the history.
 *
 * @returns the positions that were written; the others have a row of this generation already.
 */
export async function upsertDeliveries(
  tx: SqlTx,
  subscriptionId: number,
  records: DeliveryRecord[],
): Promise<Set<string>> {
  const rows = await tx<{ position: string }[]>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (
        position bigint, "typeId" integer, generation integer, status smallint, attempts integer,
        "startedAtUs" bigint, "durationUs" bigint, "settledAtUs" bigint, "nextAttemptAtUs" bigint, "orderingKey" text)
    ), history as (
      insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome)
      select d.position, subscription_id, d.generation, d.attempts, d.started_at, d.duration_us, ${OUTCOME.succeeded}
      from deliveries d join given g on g.position = d.position and d.generation < g.generation
      where subscription_id = ${subscriptionId} and d.status = ${STATUS.succeeded} and d.attempts > 0
      on conflict do nothing
    )
    insert into deliveries as old (position, subscription_id, type_id, generation, status, attempts,
      started_at, duration_us, settled_at, next_attempt_at, ordering_key)
    select position, ${subscriptionId}, "typeId", generation, status, attempts,
      to_timestamp("startedAtUs" / 1e6), "durationUs", to_timestamp("settledAtUs" / 1e6),
      to_timestamp("nextAttemptAtUs" / 1e6), "orderingKey"
    from given order by position
    on conflict (position, subscription_id) do update set generation = excluded.generation, status = excluded.status,
      attempts = excluded.attempts, started_at = excluded.started_at, duration_us = excluded.duration_us,
      settled_at = excluded.settled_at, next_attempt_at = excluded.next_attempt_at,
      ordering_key = excluded.ordering_key, lease_until = null, worker = null, attempt_limit = null
    where old.generation < excluded.generation
    returning position`;
  return new Set(rows.map((row) => row.position));
}

/** Counts that these events came again and were skipped. */
export async function countDuplicates(tx: SqlTx, subscriptionId: number, positions: string[]): Promise<void> {
  await tx`
    update deliveries set duplicates = duplicates + 1
    where subscription_id = ${subscriptionId} and position = any(${positions}::bigint[])`;
}

/**
 * Ends an attempt of a delivery that this worker holds. Gives false when the lease expired and another worker has it:
 * nothing is changed then.
 */
export async function updateClaimed(
  tx: Sql | SqlTx,
  { subscriptionId, worker, record }: { subscriptionId: number; worker: string; record: DeliveryRecord },
): Promise<boolean> {
  const result = await tx`
    update deliveries set status = ${record.status}, started_at = to_timestamp(${record.startedAtUs}::bigint / 1e6),
      duration_us = ${record.durationUs}, settled_at = to_timestamp(${record.settledAtUs}::bigint / 1e6),
      next_attempt_at = to_timestamp(${record.nextAttemptAtUs}::bigint / 1e6), ordering_key = ${record.orderingKey},
      lease_until = null
    where position = ${record.position} and subscription_id = ${subscriptionId} and status = ${STATUS.processing}
      and worker = ${worker} and generation = ${record.generation} and attempts = ${record.attempts}`;
  return result.count > 0;
}

/**
 * Writes, in the transaction of its effect, that a delivery succeeded that was handed over to this worker: see
 * `replay-handing.ts`. Gives false when it is written as claimed by now, or of another generation: nothing is changed then.
 */
export async function updateHanded(
  tx: SqlTx,
  { subscriptionId, worker, record }: { subscriptionId: number; worker: string; record: DeliveryRecord },
): Promise<boolean> {
  const result = await tx`
    update deliveries set generation = ${record.generation}, status = ${STATUS.succeeded}, attempts = 1,
      started_at = to_timestamp(${record.startedAtUs}::bigint / 1e6), duration_us = ${record.durationUs},
      settled_at = to_timestamp(${record.settledAtUs}::bigint / 1e6), next_attempt_at = null, lease_until = null,
      worker = ${worker}, ordering_key = null
    where position = ${record.position} and subscription_id = ${subscriptionId} and status = ${STATUS.dead}
      and generation = ${record.generation - 1}`;
  return result.count > 0;
}

/** Does the same as `updateClaimed` for many. Gives the positions of those that this worker holds. */
export async function updateManyClaimed(
  tx: SqlTx,
  { subscriptionId, worker, records }: { subscriptionId: number; worker: string; records: DeliveryRecord[] },
): Promise<Set<string>> {
  const rows = await tx<{ position: string }[]>`
    update deliveries d set status = r.status, started_at = to_timestamp(r."startedAtUs" / 1e6),
      duration_us = r."durationUs", settled_at = to_timestamp(r."settledAtUs" / 1e6),
      next_attempt_at = to_timestamp(r."nextAttemptAtUs" / 1e6), ordering_key = r."orderingKey", lease_until = null
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (
      position bigint, generation integer, status smallint, attempts integer, "startedAtUs" bigint,
      "durationUs" bigint, "settledAtUs" bigint, "nextAttemptAtUs" bigint, "orderingKey" text)
    where d.position = r.position and subscription_id = ${subscriptionId} and d.status = ${STATUS.processing}
      and worker = ${worker} and d.generation = r.generation and d.attempts = r.attempts
    returning d.position`;
  return new Set(rows.map((row) => row.position));
}

/** Keeps claimed deliveries for this worker. */
export async function extendClaims(
  sql: Sql,
  {
    subscriptionId,
    worker,
    positions,
    leaseMs,
  }: { subscriptionId: number; worker: string; positions: string[]; leaseMs: number },
): Promise<void> {
  await sql`
    update deliveries set lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where subscription_id = ${subscriptionId} and position = any(${positions}::bigint[])
      and status = ${STATUS.processing} and worker = ${worker}`;
}

export type AttemptRecord = {
  position: string;
  generation: number;
  attempt: number;
  startedAtUs: number;
  durationUs: number;
  outcome: (typeof OUTCOME)[keyof typeof OUTCOME];
  error: unknown;
};

/** Adds attempts to the history; one that stands there already is kept as it is. */
export async function insertAttempts(
  tx: Sql | SqlTx,
  subscriptionId: number,
  records: AttemptRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await tx`
    insert into attempts (position, subscription_id, generation, attempt, started_at, duration_us, outcome, error)
    select position, ${subscriptionId}, generation, attempt, to_timestamp("startedAtUs" / 1e6), "durationUs", outcome, error
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (position bigint, generation integer, attempt integer,
      "startedAtUs" bigint, "durationUs" bigint, outcome smallint, error jsonb)
    on conflict do nothing`;
}
