import { GAMMA } from "#server/domain/log-histogram.ts";
import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";

const CHECKPOINT = "topology";
const MINUTE_MICROS = 60_000_000;

/** How many causes one round looks for, how far back, and among how many events of the flow before the effect. */
export type TraceLimits = { causes: number; lookBackUs: number; flowEvents: number };

/**
 * How many flows of one beginning, and of all, one round chooses to be examined; how many may wait for it; and how long
 * after its first event a flow is looked at.
 */
export type FlowLimits = { ofOneStart: number; inAll: number; waiting: number; settleMs: number };

/** Where the counting stands, held for this transaction; null when another process counts right now. */
export async function claimTopologyPosition(tx: SqlTx): Promise<string | null> {
  await tx`insert into checkpoints (name, position) values (${CHECKPOINT}, 0) on conflict do nothing`;
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update skip locked`;
  return row?.position ?? null;
}

/** The same, but waits for the one that counts. */
export async function lockTopologyPosition(tx: SqlTx): Promise<void> {
  await tx`select from checkpoints where name = ${CHECKPOINT} for update`;
}

/** Events up to here are counted; null before any round. */
export async function findTopologyPosition(sql: Sql | SqlTx): Promise<string | null> {
  const [row] = await sql<
    { position: string }[]
  >`select position from checkpoints where name = ${CHECKPOINT}`;
  return row?.position ?? null;
}

export async function moveTopologyPosition(tx: SqlTx, position: string): Promise<void> {
  await tx`update checkpoints set position = ${position}, updated_at = now() where name = ${CHECKPOINT}`;
}

/**
 * Counts the first `limit` events after one position and up to another into their minutes, with the causes of the
 * first `trace.causes` that name one. Gives how many events there were, and the position of the last.
 *
 * A cause is the event of the same flow, recorded before the effect, that has the id. A flow begins with an event that
 * names no cause and has none of its flow before it; where more such events come than are looked at, the share of those
 * that were tells how many flows began.
 */
export async function countTopology(
  tx: SqlTx,
  {
    after,
    upTo,
    limit,
    trace,
    flows,
  }: { after: string; upTo: string; limit: number; trace: TraceLimits; flows: FlowLimits },
): Promise<{ counted: number; last: string | null }> {
  const count = () => tx<{ counted: number; last: string | null }[]>`
    with fresh as materialized (
      select position, position / ${MINUTE_MICROS}::bigint as minute, type_id, source_id,
        coalesce(channel_id, 0) as channel_id, coalesce(kind, -1)::smallint as kind, correlation_id, causation_id
      from events where position > ${after} and position <= ${upTo} order by position limit ${limit}
    ), sought as materialized (
      select * from fresh where causation_id is not null and correlation_id is not null
      order by position limit ${trace.causes}
    ), traced as materialized (
      select sought.*, cause.position as cause_position, cause.type_id as cause_type_id,
        cause.source_id as cause_source_id
      from sought left join lateral (
        select position, type_id, source_id from (
          select e.position, e.id, e.type_id, e.source_id from events e
          where hashtextextended(e.correlation_id, 0) = hashtextextended(sought.correlation_id, 0)
            and e.correlation_id = sought.correlation_id
            and e.position < sought.position and e.position >= sought.position - ${trace.lookBackUs}::bigint
          order by e.position desc limit ${trace.flowEvents}
        ) before
        where before.id = sought.causation_id order by position limit 1
      ) cause on true
    ), traces as (
      select minute, type_id, source_id, channel_id, kind, count(*) as traced,
        count(*) filter (where cause_position is null) as uncaused
      from traced group by 1, 2, 3, 4, 5
    ), counts as (
      select minute, type_id, source_id, channel_id, kind, count(*) as events,
        count(*) filter (where correlation_id is null) as uncorrelated, count(causation_id) as caused,
        max(position) as last_position
      from fresh group by 1, 2, 3, 4, 5
    ), counted as (
      insert into event_minutes as old (minute, type_id, source_id, channel_id, kind, events, uncorrelated, caused,
        traced, uncaused, last_position)
      select to_timestamp(minute * 60), type_id, source_id, channel_id, kind, events, uncorrelated, caused,
        coalesce(traced, 0), coalesce(uncaused, 0), last_position
      from counts left join traces using (minute, type_id, source_id, channel_id, kind)
      on conflict (minute, type_id, source_id, channel_id, kind) do update set events = old.events + excluded.events,
        uncorrelated = old.uncorrelated + excluded.uncorrelated, caused = old.caused + excluded.caused,
        traced = old.traced + excluded.traced, uncaused = old.uncaused + excluded.uncaused,
        last_position = greatest(old.last_position, excluded.last_position)
    ), led as (
      insert into cause_minutes as old (minute, cause_type_id, cause_source_id, type_id, source_id, bin, events)
      select to_timestamp(minute * 60), cause_type_id, cause_source_id, type_id, source_id,
        ceil(ln((position - cause_position)::float8) / ${Math.log(GAMMA)}::float8)::smallint as bin, count(*)
      from traced where cause_position is not null group by 1, 2, 3, 4, 5, 6
      on conflict (minute, cause_type_id, cause_source_id, type_id, source_id, bin)
        do update set events = old.events + excluded.events
    ), roots as materialized (
      select position, minute, type_id, source_id, correlation_id,
        row_number() over (partition by minute, type_id, source_id order by position) as place,
        count(*) over (partition by minute, type_id, source_id) as roots
      from fresh where correlation_id is not null and causation_id is null
    ), looked_at as materialized (
      select roots.*, not exists (
          select from events e
          where hashtextextended(e.correlation_id, 0) = hashtextextended(roots.correlation_id, 0)
            and e.correlation_id = roots.correlation_id
            and e.position < roots.position and e.position >= roots.position - ${trace.lookBackUs}::bigint
        ) as is_first
      from roots where place <= ${flows.ofOneStart} order by place, position limit ${flows.inAll}
    ), started as (
      insert into flow_starts as old (minute, type_id, source_id, flows)
      select to_timestamp(minute * 60), type_id, source_id, max(roots)::float8 * count(*) filter (where is_first) / count(*)
      from looked_at group by minute, type_id, source_id having bool_or(is_first)
      on conflict (minute, type_id, source_id) do update set flows = old.flows + excluded.flows
    ), chosen as (
      insert into flow_candidates (start_position, type_id, source_id, correlation_id, look_at)
      select position, type_id, source_id, correlation_id,
        to_timestamp(position / 1e6) + ${flows.settleMs} * interval '1 millisecond'
      from looked_at where is_first and (select count(*) from flow_candidates) < ${flows.waiting}
      on conflict do nothing
    )
    select count(*)::int as counted, max(position) as last from fresh`;
  const [row] = await readInLogOrder(tx, count);
  return row ?? { counted: 0, last: null };
}
