import type { Sql, SqlTx } from "../db.ts";
import type { OpenLeaseRow } from "./subscription-status.ts";

export type OpenDeliveriesRow = {
  id: number;
  /** Waiting or to be tried again, at most the limit, and under way. */
  open: number;
  /** Of those that were counted. */
  oldest: string | null;
};

/** What is written down of deliveries that have not ended, by subscription. */
export async function listOpenDeliveries(
  tx: Sql | SqlTx,
  subscriptionIds: readonly number[],
  limit: number,
): Promise<OpenDeliveriesRow[]> {
  return tx<OpenDeliveriesRow[]>`
    select s.id, o.* from unnest(${[...subscriptionIds]}::int[]) s(id)
    cross join lateral (
      select count(*)::int as open, min(position) as oldest from (
        (select position from deliveries where subscription_id = s.id and status in (0, 3) limit ${limit})
        union all
        (select position from deliveries where subscription_id = s.id and status = 1 limit ${limit})
      ) open
    ) o`;
}

/** Events within stretches under way of which it is written down already what became of them. */
export async function listWrittenWithin(
  tx: Sql | SqlTx,
  leases: readonly OpenLeaseRow[],
  limit: number,
): Promise<{ subscription_id: number; position: string }[]> {
  return tx<{ subscription_id: number; position: string }[]>`
    select l.subscription_id, d.position
    from unnest(${leases.map((one) => one.subscription_id)}::int[], ${leases.map((one) => one.after_position)}::bigint[],
      ${leases.map((one) => one.to_position)}::bigint[], ${leases.map((one) => one.generation)}::int[])
      as l (subscription_id, after_position, to_position, generation)
    cross join lateral (
      select position from deliveries
      where subscription_id = l.subscription_id and position > l.after_position and position <= l.to_position
        and deliveries.generation >= l.generation limit ${limit}) d`;
}

export type SagaGaugeRow = { saga: string; state: number; sagas: number };

/** How many sagas of each type are in which state, most first. */
export async function countSagasByState(sql: Sql, limit: number): Promise<SagaGaugeRow[]> {
  return sql<SagaGaugeRow[]>`
    select type as saga, state, sum(sagas)::float8 as sagas from saga_counts join saga_types on id = type_id
    group by type, state order by sagas desc, type, state limit ${limit}`;
}

export type LetterGaugeRow = { parked: number; replaying: number };

/** How many dead letters are parked, and how many a replay has taken up. */
export async function countOpenLetters(sql: Sql): Promise<LetterGaugeRow> {
  const [row] = await sql<LetterGaugeRow[]>`
    select coalesce(sum(parked), 0)::float8 as parked, coalesce(sum(replaying), 0)::float8 as replaying
    from failure_cases`;
  return row ?? { parked: 0, replaying: 0 };
}

export type DatabaseRow = {
  bytes: number;
  commits: number;
  rollbacks: number;
  blocks_hit: number;
  blocks_read: number;
  /** Since when these are counted, seconds since 1970; null where they never began anew. */
  counted_since: number | null;
  /** Of the sessions that this user may look into. */
  longest_seconds: number;
};

/** What Postgres counts of this database. Any user may ask. */
export async function readDatabaseCounts(sql: Sql): Promise<DatabaseRow | null> {
  const [row] = await sql<DatabaseRow[]>`
    select pg_database_size(current_database())::float8 as bytes, xact_commit::float8 as commits,
      xact_rollback::float8 as rollbacks, blks_hit::float8 as blocks_hit, blks_read::float8 as blocks_read,
      extract(epoch from stats_reset)::float8 as counted_since,
      coalesce((
        select extract(epoch from clock_timestamp() - min(xact_start)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'), 0)::float8
        as longest_seconds
    from pg_stat_database where datname = current_database()`;
  return row ?? null;
}

/** Sessions of this database by what they do; `hidden` are those of users that this one may not look into. */
export async function countConnections(sql: Sql): Promise<{ state: string; connections: number }[]> {
  return sql<{ state: string; connections: number }[]>`
    select coalesce(state, 'hidden') as state, count(*)::int as connections from pg_stat_activity
    where datname = current_database() and coalesce(backend_type, 'client backend') = 'client backend'
    group by 1 order by 1`;
}

const SAMPLED = "metric-samples";

/** The moment up to which samples of the system are recorded, microseconds since 1970; null before the first. */
export async function findSampledTo(sql: Sql): Promise<string | null> {
  const [row] = await sql<{ position: string }[]>`select position from checkpoints where name = ${SAMPLED}`;
  return row?.position ?? null;
}

/** Moves it on. False: somebody else has recorded in the meantime. */
export async function moveSampledTo(
  tx: SqlTx,
  { from, to }: { from: string | null; to: string },
): Promise<boolean> {
  const moved =
    from === null
      ? await tx`insert into checkpoints (name, position) values (${SAMPLED}, ${to}) on conflict do nothing`
      : await tx`
          update checkpoints set position = ${to}, updated_at = now() where name = ${SAMPLED} and position = ${from}`;
  return moved.count > 0;
}
