import type { Sql, SqlTx } from "../db.ts";
import { readInLogOrder } from "./event-log.ts";

export const OBSERVED_CHECKPOINT = "observed-streams";

/** A longer id does not fit into an index entry; events of such aggregates stay in the log alone. */
const MAX_ID_BYTES = 2_000;

/**
 * Registers the events after the checkpoint, up to `upTo` and at most `limit` of them, that say which version of an
 * aggregate they are and came otherwise than by an append. Gives how many events of the log it went over.
 */
export async function observeStreams(tx: SqlTx, upTo: string, limit: number): Promise<number> {
  await tx`insert into checkpoints (name, position) values (${OBSERVED_CHECKPOINT}, 0) on conflict do nothing`;
  const look = () => tx<{ after: string; end: string | null; passed: number; versioned: number }[]>`
    with checkpoint as materialized (
      select position from checkpoints where name = ${OBSERVED_CHECKPOINT} for update
    ), next as (
      select position, aggregate_version from events
      where position > (select position from checkpoint) and position <= ${upTo} order by position limit ${limit}
    )
    select (select position from checkpoint) as after, max(position) as end, count(*)::int as passed,
      count(aggregate_version)::int as versioned
    from next`;
  const [row] = await readInLogOrder(tx, look);
  if (!row || row.end === null) return 0;
  if (row.versioned > 0) await registerVersions(tx, row.after, row.end);
  await tx`update checkpoints set position = ${row.end}, updated_at = now() where name = ${OBSERVED_CHECKPOINT}`;
  return row.passed;
}

/** The position up to which events have been registered. */
export async function getObservedPosition(sql: Sql): Promise<string> {
  const [row] = await sql<{ position: string }[]>`
    select position from checkpoints where name = ${OBSERVED_CHECKPOINT}`;
  return row?.position ?? "0";
}

async function registerVersions(tx: SqlTx, after: string, upTo: string): Promise<void> {
  const fresh = tx`
    select e.position, e.aggregate_type_id as type_id, e.aggregate_id, e.aggregate_version as version from events e
    where e.position > ${after} and e.position <= ${upTo}
      and e.aggregate_type_id is not null and e.aggregate_id is not null and e.aggregate_version is not null
      and octet_length(e.aggregate_id) <= ${MAX_ID_BYTES}
      and not exists (
        select from streams s join stream_events known on known.stream_id = s.id
        where s.type_id = e.aggregate_type_id and s.aggregate_id = e.aggregate_id
          and known.version = e.aggregate_version and known.position = e.position)`;
  // In the order in which appends lock streams, so that neither deadlocks with the other.
  await tx`
    insert into streams (type_id, aggregate_id)
    select type_id, aggregate_id from (select distinct type_id, aggregate_id from (${fresh}) fresh) wanted
    where not exists (
      select from streams s where s.type_id = wanted.type_id and s.aggregate_id = wanted.aggregate_id)
    order by type_id, aggregate_id collate "C"
    on conflict do nothing`;
  await tx`
    select s.id from (select distinct type_id, aggregate_id from (${fresh}) fresh) wanted
    join streams s using (type_id, aggregate_id)
    order by type_id, aggregate_id collate "C" for update of s`;
  await tx`
    with observed as materialized (
      select s.id as stream_id, fresh.version, fresh.position,
        not exists (
          select from stream_events known where known.stream_id = s.id and known.version = fresh.version) as is_new
      from (${fresh}) fresh join streams s using (type_id, aggregate_id)
    ), registered as (
      insert into stream_events (stream_id, version, position) select stream_id, version, position from observed
    ), change as (
      select stream_id, count(*) as events, count(*) - count(distinct version) filter (where is_new) as duplicates,
        min(version) as first_version, max(version) as version, max(position) as last_position
      from observed group by stream_id
    )
    update streams s set events = s.events + change.events, observed = s.observed + change.events,
      duplicates = s.duplicates + change.duplicates, first_version = least(s.first_version, change.first_version),
      version = greatest(s.version, change.version), last_position = greatest(s.last_position, change.last_position)
    from change where s.id = change.stream_id`;
}
