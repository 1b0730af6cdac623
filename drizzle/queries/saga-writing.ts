import type { SqlTx } from "../db.ts";

/** A saga as it is written. Times in microseconds since 1970. */
export type SagaWrite = {
  id: string;
  typeId: number;
  kind: number;
  correlation: string;
  subject: string | null;
  businessKey: string | null;
  keyTail: string | null;
  basis: number;
  state: number;
  sinceUs: number;
  startedUs: number;
  endedUs: number | null;
  step: string | null;
  awaits: string | null;
  failedStep: string | null;
  failure: string | null;
  completed: number;
  steps: number;
  failed: number;
  compensated: number;
  toCompensate: number;
  events: number;
  services: number;
  firstPosition: string;
  lastPosition: string;
  heldPosition: string | null;
  lookUs: number | null;
  lookedUs: number;
  /** In base64. */
  counted: string | null;
  countedHourUs: number | null;
};

export async function upsertSagas(tx: SqlTx, rows: readonly SagaWrite[]): Promise<void> {
  if (rows.length === 0) return;
  await tx`
    insert into sagas (id, type_id, correlation_kind, correlation, subject, business_key, key_tail, basis, state, since,
      started_at, ended_at, took_us, step, awaits, failed_step, failure, completed, steps, failed, compensated,
      to_compensate, events, services, first_position, last_position, held_position, look_at, looked_at, counted,
      counted_hour)
    select id, "typeId", kind, correlation, subject, "businessKey", "keyTail", basis, state, to_timestamp("sinceUs" / 1e6),
      to_timestamp("startedUs" / 1e6), to_timestamp("endedUs" / 1e6), greatest(0, "endedUs" - "startedUs")::bigint, step,
      awaits, "failedStep", failure, completed, steps, failed, compensated, "toCompensate", events, services,
      "firstPosition", "lastPosition", "heldPosition", to_timestamp("lookUs" / 1e6), to_timestamp("lookedUs" / 1e6),
      decode(counted, 'base64'), to_timestamp("countedHourUs" / 1e6)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      id uuid, "typeId" integer, kind smallint, correlation text, subject text, "businessKey" text, "keyTail" text,
      basis smallint, state smallint, "sinceUs" float8, "startedUs" float8, "endedUs" float8, step text, awaits text,
      "failedStep" text, failure text, completed integer, steps integer, failed integer, compensated integer,
      "toCompensate" integer, events integer, services integer, "firstPosition" bigint, "lastPosition" bigint,
      "heldPosition" bigint, "lookUs" float8, "lookedUs" float8, counted text, "countedHourUs" float8)
    order by id
    on conflict (id) do update set type_id = excluded.type_id, business_key = excluded.business_key,
      key_tail = excluded.key_tail, basis = excluded.basis, state = excluded.state, since = excluded.since,
      started_at = excluded.started_at, ended_at = excluded.ended_at, took_us = excluded.took_us, step = excluded.step,
      awaits = excluded.awaits, failed_step = excluded.failed_step, failure = excluded.failure,
      completed = excluded.completed, steps = excluded.steps, failed = excluded.failed,
      compensated = excluded.compensated, to_compensate = excluded.to_compensate, events = excluded.events,
      services = excluded.services, first_position = excluded.first_position, last_position = excluded.last_position,
      held_position = excluded.held_position, look_at = excluded.look_at, looked_at = excluded.looked_at,
      counted = excluded.counted, counted_hour = excluded.counted_hour`;
}

export async function deleteSagas(tx: SqlTx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx`delete from sagas where id = any(${[...ids]}::uuid[])`;
}

/** Puts the next look at some sagas off. */
export async function postponeSagas(
  tx: SqlTx,
  looks: readonly { id: string; lookUs: number }[],
): Promise<void> {
  if (looks.length === 0) return;
  await tx`
    update sagas set look_at = to_timestamp("lookUs" / 1e6)
    from jsonb_to_recordset(${JSON.stringify(looks)}::jsonb) as r (id uuid, "lookUs" float8)
    where sagas.id = r.id`;
}

export type SagaCountDelta = { typeId: number; basis: number; state: number; step: string; sagas: number };

/** Adds to the counts, or takes from them; in order, and without rows that count nothing. */
export async function adjustSagaCounts(tx: SqlTx, deltas: readonly SagaCountDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  await tx`
    insert into saga_counts as old (type_id, basis, state, step, sagas)
    select "typeId", basis, state, step, sagas from jsonb_to_recordset(${JSON.stringify(deltas)}::jsonb) as r (
      "typeId" integer, basis smallint, state smallint, step text, sagas bigint)
    order by 1, 2, 3, 4
    on conflict (type_id, basis, state, step) do update set sagas = old.sagas + excluded.sagas`;
  await tx`delete from saga_counts where sagas = 0`;
}

export type SagaMapRow = { typeId: number; hourUs: number; map: unknown };

/** Those maps that are there of some types and hours. */
export async function listMapsOf(
  tx: SqlTx,
  keys: readonly { typeId: number; hourUs: number }[],
): Promise<SagaMapRow[]> {
  return tx<SagaMapRow[]>`
    select type_id as "typeId", (extract(epoch from hour) * 1000000)::float8 as "hourUs", map
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as r ("typeId" integer, "hourUs" float8)
    join saga_maps on type_id = "typeId" and hour = to_timestamp("hourUs" / 1e6)`;
}

export async function putMaps(tx: SqlTx, rows: readonly SagaMapRow[]): Promise<void> {
  await tx`
    insert into saga_maps as old (type_id, hour, map)
    select "typeId", to_timestamp("hourUs" / 1e6), map from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
      "typeId" integer, "hourUs" float8, map jsonb)
    order by 1, 2
    on conflict (type_id, hour) do update set map = excluded.map, version = old.version + 1`;
}

export async function deleteMaps(
  tx: SqlTx,
  keys: readonly { typeId: number; hourUs: number }[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx`
    delete from saga_maps using jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as r ("typeId" integer, "hourUs" float8)
    where type_id = "typeId" and hour = to_timestamp("hourUs" / 1e6)`;
}
