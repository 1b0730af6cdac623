import type { Sql, SqlTx } from "../db.ts";

export type FlowCandidate = {
  start_position: string;
  type_id: number;
  source_id: number;
  correlation_id: string;
};

/** Lets one worker at a time examine flows; false when another does right now. */
export async function claimFlows(tx: SqlTx): Promise<boolean> {
  const [row] = await tx<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(7104014) as locked`;
  return row?.locked ?? false;
}

/** Waits until nobody examines flows, and lets nobody until the transaction ends. */
export async function lockFlows(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7104014)`;
}

/** Flows whose time to be looked at has come, the longest waiting first, at most `limit`. */
export async function listDueFlows(tx: SqlTx, limit: number): Promise<FlowCandidate[]> {
  return tx<FlowCandidate[]>`
    select start_position, type_id, source_id, correlation_id from flow_candidates
    where look_at <= now() order by look_at limit ${limit}`;
}

export async function postponeFlows(
  tx: SqlTx,
  { starts, delayMs }: { starts: readonly string[]; delayMs: number },
): Promise<void> {
  await tx`
    update flow_candidates set look_at = now() + ${delayMs} * interval '1 millisecond'
    where start_position = any(${[...starts]}::bigint[])`;
}

export async function deleteCandidates(tx: SqlTx, starts: readonly string[]): Promise<void> {
  await tx`delete from flow_candidates where start_position = any(${[...starts]}::bigint[])`;
}

export type FlowEventRow = {
  start_position: string;
  position: string;
  id: string;
  type_id: number;
  source_id: number;
  channel_id: number | null;
  kind: number | null;
  causation_id: string | null;
  event_us: string | null;
};

/** The events of some flows from their first on, in order, at most `limit` of each. */
export async function listEventsOfFlows(
  sql: Sql | SqlTx,
  flows: readonly { start_position: string; correlation_id: string }[],
  limit: number,
): Promise<FlowEventRow[]> {
  if (flows.length === 0) return [];
  const starts = flows.map((one) => one.start_position);
  const correlations = flows.map((one) => one.correlation_id);
  return sql<FlowEventRow[]>`
    select flow.start_position, e.* from unnest(${starts}::bigint[], ${correlations}::text[])
      as flow (start_position, correlation_id)
    cross join lateral (
      select position, id, type_id, source_id, channel_id, kind, causation_id,
        (extract(epoch from event_time) * 1000000)::bigint as event_us
      from events
      where hashtextextended(events.correlation_id, 0) = hashtextextended(flow.correlation_id, 0)
        and events.correlation_id = flow.correlation_id and position >= flow.start_position
      order by position limit ${limit}
    ) e
    order by flow.start_position, e.position`;
}

export type FlowDeliveryRow = {
  position: string;
  subscription_id: number;
  status: number;
  generation: number;
  attempts: number;
  /** Of the last attempt, microseconds since 1970. */
  started_us: string | null;
  duration_us: string | null;
};

/** What is written down of the deliveries of some events. */
export async function listDeliveriesOfEvents(
  sql: Sql | SqlTx,
  positions: readonly string[],
): Promise<FlowDeliveryRow[]> {
  if (positions.length === 0) return [];
  return sql<FlowDeliveryRow[]>`
    select position, subscription_id, status, generation, attempts,
      (extract(epoch from started_at) * 1000000)::bigint as started_us, duration_us
    from deliveries where position = any(${[...positions]}::bigint[]) order by position, subscription_id`;
}

/** The position up to which every consumer that this server delivers to, and that is not paused, has been handed events. */
export async function findHandedOutPosition(sql: Sql | SqlTx): Promise<string | null> {
  const [row] = await sql<{ position: string | null }[]>`
    select least(
      (select min(c.position) from subscriptions s join delivery_cursors c on c.id = s.cursor_id
        where deleted_at is null and paused_at is null and target->>'kind' <> 'external'),
      (select min(after_position) from delivery_leases)) as position`;
  return row?.position ?? null;
}

export type FlowMinuteKey = { minute: string; typeId: number; sourceId: number; way: string };
export type FlowMinute = FlowMinuteKey & {
  flows: number;
  summary: unknown;
  traffic: unknown;
  examples: unknown;
};

/** Those rows that are there of some keys. */
export async function listFlowMinutesOf(tx: SqlTx, keys: readonly FlowMinuteKey[]): Promise<FlowMinute[]> {
  return tx<FlowMinute[]>`
    select m.minute, type_id as "typeId", source_id as "sourceId", m.way, flows::float8 as flows, summary, traffic, examples
    from flow_minutes m join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k (
      minute timestamptz, "typeId" integer, "sourceId" integer, way text)
      on m.minute = k.minute and type_id = "typeId" and source_id = "sourceId" and m.way = k.way`;
}

export async function putFlowMinutes(tx: SqlTx, rows: readonly FlowMinute[]): Promise<void> {
  await tx`
    insert into flow_minutes (minute, type_id, source_id, way, flows, summary, traffic, examples)
    select minute, "typeId", "sourceId", way, flows, summary, traffic, examples
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (minute timestamptz, "typeId" integer,
      "sourceId" integer, way text, flows bigint, summary jsonb, traffic jsonb, examples jsonb)
    on conflict (minute, type_id, source_id, way) do update set flows = excluded.flows, summary = excluded.summary,
      traffic = excluded.traffic, examples = excluded.examples`;
}

/**
 * What was found out about flows that began in a range, all or those that begin with a type; with what they emitted and
 * who was handed it only if asked for.
 */
export async function listFlowMinutes(
  sql: Sql | SqlTx,
  {
    from,
    to,
    withTraffic,
    startedWith = null,
  }: { from: string; to: string; withTraffic: boolean; startedWith?: string | null },
): Promise<FlowMinute[]> {
  const which =
    startedWith === null
      ? sql``
      : sql`and type_id = (select id from interned_names 
          where field = 'type' and md5(name) = md5(${startedWith}) and name = ${startedWith})`;
  return sql<FlowMinute[]>`
    select minute, type_id as "typeId", source_id as "sourceId", way, flows::float8 as flows, summary,
      ${withTraffic ? sql`traffic` : sql`null as traffic`}, examples
    from flow_minutes where minute >= ${from}::timestamptz and minute < ${to}::timestamptz ${which}
    order by minute, type_id, source_id, way`;
}

/** How many flows began in a range. */
export async function countFlowStarts(sql: Sql, { from, to }: { from: string; to: string }): Promise<number> {
  const [row] = await sql<{ flows: number }[]>`
    select coalesce(sum(flows), 0)::float8 as flows from flow_starts
    where minute >= ${from}::timestamptz and minute < ${to}::timestamptz`;
  return Math.round(row?.flows ?? 0);
}

/** By which sources flows that begin with a type were ever started, with how many of them began in a range. */
export async function listFlowStarts(
  sql: Sql,
  typeId: number,
  { from, to }: { from: string; to: string },
): Promise<{ source_id: number; flows: number }[]> {
  return sql<{ source_id: number; flows: number }[]>`
    select source_id, coalesce(sum(flows) filter (
      where minute >= ${from}::timestamptz and minute < ${to}::timestamptz), 0)::float8 as flows
    from flow_starts where type_id = ${typeId} group by source_id`;
}

export async function deleteFlowMinutes(
  tx: SqlTx,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await tx`delete from flow_minutes where minute >= ${from}::timestamptz and minute < ${to}::timestamptz`;
}
