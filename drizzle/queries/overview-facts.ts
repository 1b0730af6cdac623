import type { Sql } from "../db.ts";

export type NewSeriesRow = { labels: Record<string, string>; label_names: string; created_at: string };

/** Which events began to come since a moment, or between two: by type or by source; the newest first. */
export async function listNewEventSeries(
  sql: Sql,
  {
    since,
    until = null,
    labelNames,
    limit,
  }: { since: string; until?: string | null; labelNames: readonly string[]; limit: number },
): Promise<NewSeriesRow[]> {
  return sql<NewSeriesRow[]>`
    select labels, label_names, to_json(created_at) #>> '{}' as created_at from metric_series
    where metric = 'events' and label_names = any(${[...labelNames]}::text[]) and created_at >= ${since}::timestamptz
      ${until === null ? sql`` : sql`and created_at < ${until}::timestamptz`}
    order by created_at desc, id desc limit ${limit}`;
}

/**
 * Versions of types that had not been seen before, the newest first. A producer or a channel that is new makes no new
 * version of one that was known.
 *
 * @param labelNames all labels of events.
 */
export async function listNewVersions(
  sql: Sql,
  {
    since,
    until,
    labelNames,
    limit,
  }: { since: string; until: string | null; labelNames: string; limit: number },
): Promise<{ type: string; version: string; created_at: string }[]> {
  return sql<{ type: string; version: string; created_at: string }[]>`
    select labels ->> 'type' as type, labels ->> 'version' as version, to_json(min(created_at)) #>> '{}' as created_at
    from metric_series where metric = 'events' and label_names = ${labelNames}
    group by 1, 2 having min(created_at) >= ${since}::timestamptz
      ${until === null ? sql`` : sql`and min(created_at) < ${until}::timestamptz`}
    order by min(created_at) desc limit ${limit}`;
}

/** Consumers that were subscribed since a moment, the newest first. */
export async function listNewConsumers(
  sql: Sql,
  { since, limit }: { since: string; limit: number },
): Promise<{ consumer: string; created_at: string }[]> {
  return sql<{ consumer: string; created_at: string }[]>`
    select consumer, to_json(created_at) #>> '{}' as created_at from subscriptions
    where deleted_at is null and created_at >= ${since}::timestamptz order by created_at desc limit ${limit}`;
}

export type OpenCaseRow = {
  id: number;
  consumer: string;
  message: string;
  parked: number;
  first_at: string;
  is_failing_now: boolean;
};

/** Cases that nobody has put aside, and that are new since a moment: those with the most letters first. */
export async function listNewCases(
  sql: Sql,
  { since, now, limit }: { since: string; now: string; limit: number },
): Promise<OpenCaseRow[]> {
  return sql<OpenCaseRow[]>`
    select c.id, s.consumer, c.message, c.parked::float8 as parked, to_json(c.first_at) #>> '{}' as first_at,
      c.last_at > ${now}::timestamptz - interval '10 minutes' as is_failing_now
    from failure_cases c join subscriptions s on s.id = c.subscription_id
    where c.status = 'open' and c.parked > 0 and c.first_at >= ${since}::timestamptz
    order by c.parked desc, c.id limit ${limit}`;
}

/** Sagas that are stuck, by type, and since when the first of them is. */
export async function listStuckSagas(
  sql: Sql,
  { stuckState, limit }: { stuckState: number; limit: number },
): Promise<{ type: string; name: string; stuck: number; since: string }[]> {
  return sql<{ type: string; name: string; stuck: number; since: string }[]>`
    select t.type, t.name, count(*)::int as stuck, to_json(min(s.since)) #>> '{}' as since
    from sagas s join saga_types t on t.id = s.type_id where s.state = ${stuckState}
    group by t.id order by stuck desc limit ${limit}`;
}

/** Read models that don't get on since an event fails. */
export async function listBrokenProjections(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from projections join projection_generations using (name, generation) where error is not null`;
  return rows.map(({ name }) => name);
}

/** Consumers that are owed events, and whether they are paused. */
export async function listConsumers(sql: Sql): Promise<{ consumer: string; is_paused: boolean }[]> {
  return sql<{ consumer: string; is_paused: boolean }[]>`
    select consumer, paused_at is not null as is_paused from subscriptions where deleted_at is null order by consumer`;
}
