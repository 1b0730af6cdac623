import type { SqlTx } from "../db.ts";
import { findTopologyPosition } from "./topology-counting.ts";

const CHECKPOINT = "folded-hours";
const HOUR_MICROS = 3_600_000_000;

/**
 * The hour that is to be folded next, held for this transaction: RFC 3339. Null when another process folds right now,
 * when there is nothing, and before the counting has gone past the hour or `before` was reached.
 */
export async function claimHourToFold(tx: SqlTx, before: string): Promise<string | null> {
  const [first] = await tx<{ position: string | null }[]>`
    select (extract(epoch from date_trunc('hour', least(
      (select min(minute) from event_minutes), (select min(minute) from processing_minutes)), 'UTC')) * 1000000)::bigint
      as position`;
  if (!first || first.position === null) return null;
  await tx`
    insert into checkpoints (name, position) values (${CHECKPOINT}, ${first.position}) on conflict do nothing`;
  const [row] = await tx<{ position: string }[]>`
    select position from checkpoints where name = ${CHECKPOINT} for update skip locked`;
  if (!row) return null;
  const hour = Math.max(Number(row.position), Number(first.position));
  const counted = Number((await findTopologyPosition(tx)) ?? 0);
  const end = hour + HOUR_MICROS;
  return end <= Date.parse(before) * 1000 && end <= counted ? new Date(hour / 1000).toISOString() : null;
}

/** The hour is folded: the next one comes after it. */
export async function moveFoldedHour(tx: SqlTx, hour: string): Promise<void> {
  const next = Date.parse(hour) * 1000 + HOUR_MICROS;
  await tx`update checkpoints set position = ${next}, updated_at = now() where name = ${CHECKPOINT}`;
}

/** Puts the minutes of an hour into its first one. */
export async function foldHour(tx: SqlTx, hour: string): Promise<void> {
  const gone = (table: string) => tx`
    delete from ${tx(table)}
    where minute > ${hour}::timestamptz and minute < ${hour}::timestamptz + interval '1 hour' returning *`;
  await tx`
    with gone as (${gone("event_minutes")})
    insert into event_minutes as old (minute, type_id, source_id, channel_id, kind, events, uncorrelated, caused,
      traced, uncaused, last_position)
    select ${hour}::timestamptz, type_id, source_id, channel_id, kind, sum(events), sum(uncorrelated), sum(caused),
      sum(traced), sum(uncaused), max(last_position)
    from gone group by type_id, source_id, channel_id, kind
    on conflict (minute, type_id, source_id, channel_id, kind) do update set events = old.events + excluded.events,
      uncorrelated = old.uncorrelated + excluded.uncorrelated, caused = old.caused + excluded.caused,
      traced = old.traced + excluded.traced, uncaused = old.uncaused + excluded.uncaused,
      last_position = greatest(old.last_position, excluded.last_position)`;
  await tx`
    with gone as (${gone("cause_minutes")})
    insert into cause_minutes as old (minute, cause_type_id, cause_source_id, type_id, source_id, bin, events)
    select ${hour}::timestamptz, cause_type_id, cause_source_id, type_id, source_id, bin, sum(events)
    from gone group by cause_type_id, cause_source_id, type_id, source_id, bin
    on conflict (minute, cause_type_id, cause_source_id, type_id, source_id, bin)
      do update set events = old.events + excluded.events`;
  await tx`
    with gone as (${gone("processing_minutes")})
    insert into processing_minutes as old (minute, subscription_id, type_id, succeeded, failed, retried, duplicates,
      dead, duration_us, critical_us)
    select ${hour}::timestamptz, subscription_id, type_id, sum(succeeded), sum(failed), sum(retried), sum(duplicates),
      sum(dead), sum(duration_us), sum(critical_us)
    from gone group by subscription_id, type_id
    on conflict (minute, subscription_id, type_id) do update set
      succeeded = old.succeeded + excluded.succeeded, failed = old.failed + excluded.failed,
      retried = old.retried + excluded.retried, duplicates = old.duplicates + excluded.duplicates,
      dead = old.dead + excluded.dead, duration_us = old.duration_us + excluded.duration_us,
      critical_us = old.critical_us + excluded.critical_us`;
  await tx`
    with gone as (${gone("processing_bins")})
    insert into processing_bins as old (minute, subscription_id, type_id, measure, bin, count)
    select ${hour}::timestamptz, subscription_id, type_id, measure, bin, sum(count)
    from gone group by subscription_id, type_id, measure, bin
    on conflict (minute, subscription_id, type_id, measure, bin) do update set count = old.count + excluded.count`;
  await tx`
    with gone as (${gone("flow_starts")})
    insert into flow_starts as old (minute, type_id, source_id, flows)
    select ${hour}::timestamptz, type_id, source_id, sum(flows) from gone group by type_id, source_id
    on conflict (minute, type_id, source_id) do update set flows = old.flows + excluded.flows`;
}
