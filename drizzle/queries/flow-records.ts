import type { Sql, SqlTx } from "../db.ts";

/** A flow by the number of its kind of correlation, see `CORRELATIONS`, and the value. */
export type FlowRow = { kind: number; value: string };

export type FlowRecordRow = {
  /** Place of its flow among those asked for, from 0. */
  flow: number;
  position: string;
  id: string;
  type_id: number;
  source_id: number;
  channel_id: number | null;
  kind: number | null;
  subject: string | null;
  correlation_id: string | null;
  causation_id: string | null;
  traceparent: string | null;
  event_us: string | null;
};

/**
 * The positions of the first events of some flows, at most `limit` of each, as a common table `own`, and what to ask of
 * a column so that it is one of them. As one list they are found in one walk through an index, where a join would go
 * down into it for each; the range leaves out the days of which there are none.
 */
export function ownPositions(sql: Sql | SqlTx, flows: readonly FlowRow[], limit: number) {
  const none = sql`select null::bigint as position where false`;
  const [first = none, second = none] = branchesOf(flows).map((branch) =>
    branch(sql, flows, limit, sql`position`),
  );
  return {
    own: sql`own as materialized (select position from (${first}) f union all select position from (${second}) s)`,
    isOwn: (column: ReturnType<typeof recordColumns>) => sql`
      ${column} = any(array(select position from own))
      and ${column} between (select min(position) from own) and (select max(position) from own)`,
  };
}

/** The first events of each of some flows, in order, at most `limit` of each. */
export async function listRecordsOfFlows(
  sql: Sql | SqlTx,
  flows: readonly FlowRow[],
  limit: number,
): Promise<FlowRecordRow[]> {
  const columns = recordColumns(sql);
  const [first, second] = branchesOf(flows).map((branch) => branch(sql, flows, limit, columns));
  if (first === undefined) return [];
  return sql<FlowRecordRow[]>`
    ${second === undefined ? first : sql`${first} union all ${second}`} order by flow, position`;
}

function branchesOf(flows: readonly FlowRow[]) {
  const kinds = new Set(flows.map(({ kind }) => kind));
  return [
    ...(kinds.has(0) ? [recordsByCorrelation] : []),
    ...(kinds.has(1) || kinds.has(2) ? [recordsOfMembers] : []),
  ];
}

function recordsByCorrelation(
  sql: Sql | SqlTx,
  flows: readonly FlowRow[],
  limit: number,
  columns: ReturnType<typeof recordColumns>,
) {
  return sql`
    select flow.place as flow, e.* from ${wanted(sql, flows, ({ kind }) => kind === 0)}
    cross join lateral (
      select ${columns} from events
      where hashtextextended(events.correlation_id, 0) = hashtextextended(flow.value, 0)
        and events.correlation_id = flow.value
      order by position limit ${limit}
    ) e`;
}

/** Members of a flow by trace or payload are few: of each, the event is looked up. */
function recordsOfMembers(
  sql: Sql | SqlTx,
  flows: readonly FlowRow[],
  limit: number,
  columns: ReturnType<typeof recordColumns>,
) {
  return sql`
    select flow.place as flow, e.* from ${wanted(sql, flows, ({ kind }) => kind !== 0)}
    cross join lateral (
      select position from flow_members m
      where hashtextextended(m.correlation, 0) = hashtextextended(flow.value, 0)
        and m.correlation = flow.value and m.correlation_kind = flow.kind
      order by position limit ${limit}
    ) members
    join lateral (select ${columns} from events where events.position = members.position) e on true`;
}

function wanted(sql: Sql | SqlTx, flows: readonly FlowRow[], isWanted: (flow: FlowRow) => boolean) {
  const rows = [...flows.entries()].filter(([, flow]) => isWanted(flow));
  const places = rows.map(([place]) => place);
  const numbers = rows.map(([, flow]) => flow.kind);
  const values = rows.map(([, flow]) => flow.value);
  return sql`unnest(${places}::int[], ${numbers}::int[], ${values}::text[]) as flow (place, kind, value)`;
}

function recordColumns(sql: Sql | SqlTx) {
  return sql`position, id, type_id, source_id, channel_id, kind, subject, correlation_id, causation_id, traceparent,
    (extract(epoch from event_time) * 1000000)::bigint as event_us`;
}

export type RecordedDeliveryRow = {
  position: string;
  subscription_id: number;
  consumer: string;
  is_ended: boolean;
  status: number;
  generation: number;
  attempts: number;
  started_us: string | null;
  duration_us: string | null;
  next_attempt_us: string | null;
  /** A worker of the bus is at it: the times are still those of the attempt before. */
  is_held: boolean;
};

/**
 * What is written down of the deliveries of the first events of some flows. The events are found by the flows again,
 * since ten thousand positions take longer on their way than the database takes to find them.
 */
export async function listRecordedDeliveries(
  sql: Sql | SqlTx,
  flows: readonly FlowRow[],
  limit: number,
): Promise<RecordedDeliveryRow[]> {
  const { own, isOwn } = ownPositions(sql, flows, limit);
  return sql<RecordedDeliveryRow[]>`
    with ${own}
    select d.position, d.subscription_id, s.consumer, s.deleted_at is not null as is_ended, d.status, d.generation,
      d.attempts, (extract(epoch from d.started_at) * 1000000)::bigint as started_us, d.duration_us,
      (extract(epoch from d.next_attempt_at) * 1000000)::bigint as next_attempt_us, d.worker is not null as is_held
    from deliveries d join subscriptions s on s.id = d.subscription_id
    where ${isOwn(sql`d.position`)}`;
}

export type RecordedAttemptRow = {
  position: string;
  consumer: string;
  generation: number;
  attempt: number;
  started_us: string | null;
  duration_us: string | null;
  outcome: number;
  error_name: string | null;
  error_message: string | null;
};

/** The attempts to deliver the first events of some flows that are in the history. */
export async function listRecordedAttempts(
  sql: Sql | SqlTx,
  flows: readonly FlowRow[],
  limit: number,
): Promise<RecordedAttemptRow[]> {
  const { own, isOwn } = ownPositions(sql, flows, limit);
  return sql<RecordedAttemptRow[]>`
    with ${own}
    select a.position, s.consumer, a.generation, a.attempt,
      (extract(epoch from a.started_at) * 1000000)::bigint as started_us,
      coalesce(a.duration_us, (extract(epoch from a.ended_at - a.started_at) * 1000000)::bigint) as duration_us,
      a.outcome, a.error->>'name' as error_name, a.error->>'message' as error_message
    from attempts a join subscriptions s on s.id = a.subscription_id
    where ${isOwn(sql`a.position`)}`;
}

/** Every stretch of the log that is being delivered. */
export async function listLeases(
  sql: Sql | SqlTx,
): Promise<{ subscription_id: number; after_position: string; to_position: string; generation: number }[]> {
  return sql<
    { subscription_id: number; after_position: string; to_position: string; generation: number }[]
  >`select subscription_id, after_position, to_position, generation from delivery_leases`;
}
