import type { SqlTx } from "../db.ts";

export type ReportedKey = { position: string; subscriptionId: number; typeId: number };

/** Makes the rows that are missing and holds all of them until the transaction ends, in one order for everybody. */
export async function lockReportedDeliveries(
  tx: SqlTx,
  keys: ReportedKey[],
): Promise<{ position: string; subscription_id: number; status: number }[]> {
  await tx`
    insert into deliveries (position, subscription_id, type_id, generation, status, attempts)
    select position, "subscriptionId", "typeId", 0, 0, 0
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k (position bigint, "subscriptionId" integer, "typeId" integer)
    order by position, "subscriptionId" on conflict do nothing`;
  return tx<{ position: string; subscription_id: number; status: number }[]>`
    select d.position, d.subscription_id, d.status from deliveries d
    join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k (position bigint, "subscriptionId" integer)
      on k.position = d.position and k."subscriptionId" = d.subscription_id
    order by d.position, d.subscription_id for update of d`;
}

export type ReportedAttemptRow = {
  position: string;
  subscription_id: number;
  attempt: number;
  started_us: string | null;
  ended_us: string | null;
  outcome: number;
  error: unknown;
};

/** The attempts of these deliveries that were reported before. */
export async function listReportedAttempts(tx: SqlTx, keys: ReportedKey[]): Promise<ReportedAttemptRow[]> {
  return tx<ReportedAttemptRow[]>`
    select a.position, a.subscription_id, attempt, outcome, error,
      (extract(epoch from started_at) * 1000000)::bigint as started_us,
      (extract(epoch from ended_at) * 1000000)::bigint as ended_us
    from attempts a
    join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k (position bigint, "subscriptionId" integer)
      on k.position = a.position and k."subscriptionId" = a.subscription_id
    order by a.position, a.subscription_id, attempt`;
}

/** Writes reported attempts, over what stood there. Times in microseconds since 1970. */
export async function upsertReportedAttempts(
  tx: SqlTx,
  records: {
    position: string;
    subscriptionId: number;
    attempt: number;
    startedUs: number | null;
    endedUs: number | null;
    outcome: number;
    error: unknown;
  }[],
): Promise<void> {
  await tx`
    insert into attempts (position, subscription_id, generation, attempt, started_at, ended_at, duration_us, outcome, error)
    select position, "subscriptionId", 0, attempt, to_timestamp("startedUs" / 1e6), to_timestamp("endedUs" / 1e6),
      greatest("endedUs" - "startedUs", 0), outcome, nullif(error, 'null'::jsonb)
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (position bigint, "subscriptionId" integer,
      attempt integer, "startedUs" bigint, "endedUs" bigint, outcome smallint, error jsonb)
    on conflict (position, subscription_id, generation, attempt) do update set started_at = excluded.started_at,
      ended_at = excluded.ended_at, duration_us = excluded.duration_us, outcome = excluded.outcome, error = excluded.error`;
}

/** Writes how reported deliveries stand now. */
export async function updateReportedDeliveries(
  tx: SqlTx,
  records: {
    position: string;
    subscriptionId: number;
    status: number;
    attempts: number;
    startedUs: number | null;
    endedUs: number | null;
    isSettled: boolean;
  }[],
): Promise<void> {
  await tx`
    update deliveries d set status = r.status, attempts = r.attempts, started_at = to_timestamp("startedUs" / 1e6),
      duration_us = greatest("endedUs" - "startedUs", 0),
      settled_at = case when "isSettled" then to_timestamp("endedUs" / 1e6) end
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (position bigint, "subscriptionId" integer,
      status smallint, attempts integer, "startedUs" bigint, "endedUs" bigint, "isSettled" boolean)
    where d.position = r.position and d.subscription_id = r."subscriptionId"`;
}
