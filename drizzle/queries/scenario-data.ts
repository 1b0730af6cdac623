import { globToLike } from "#server/domain/glob.ts";
import type { Sql, SqlTx } from "../db.ts";
import { deleteMarkedPostings } from "./event-postings.ts";
import { sumUpDays } from "./hourly-counts.ts";
import { deleteMarkedLetters } from "./letter-retention.ts";
import { deleteMarkedMetrics } from "./metric-removal.ts";
import { newestNamed } from "./named-events.ts";
import { lockCounting } from "./processing-tallies.ts";
import { deleteMarkedSagas } from "./saga-retention.ts";
import { lockTopologyPosition } from "./topology-counting.ts";
import { lockFlows } from "./topology-flows.ts";

export type ScenarioDataCounts = {
  events: number;
  deliveries: number;
  attempts: number;
  processes: number;
  subscriptions: number;
  channels: number;
  streams: number;
};

/** What marks the data of one scenario. */
export type ScenarioMarks = {
  sourcePrefix: string;
  consumerPrefix: string;
  aggregatePrefix: string;
  processes: readonly string[];
  /** The read model that holds nothing else. */
  projection: { name: string; tables: readonly string[] } | null;
};

/** Puts aside, until the transaction ends, which events and subscriptions belong to the scenario, and counts. */
export async function collectScenarioData(
  tx: SqlTx,
  { sourcePrefix, consumerPrefix, aggregatePrefix, processes }: ScenarioMarks,
): Promise<ScenarioDataCounts & { lastPosition: string }> {
  await tx`
    create temporary table marked_events on commit drop as
      select found.position, type_id, source_id, channel_id, kind, subject
      from interned_names cross join lateral (
        ${newestNamed(tx, { column: "source_id", name: tx`interned_names.id` })}) found
      where field = 'source' and name like ${globToLike(`${sourcePrefix}*`)}`;
  await tx`create index on marked_events (position)`;
  await tx`analyze marked_events`;
  await tx`
    create temporary table marked_subscriptions on commit drop as
      select id, cursor_id from subscriptions where consumer like ${globToLike(`${consumerPrefix}*`)}`;
  await tx`
    create temporary table marked_streams on commit drop as
      select streams.id from streams join interned_names n on n.id = type_id
      where n.field = 'aggregate-type' and n.name like ${globToLike(`${aggregatePrefix}*`)}`;
  const [row] = await tx<(ScenarioDataCounts & { lastPosition: string })[]>`
    select (select count(*)::int from marked_events) as events,
      (select coalesce(max(position), 0) from marked_events) as "lastPosition",
      (select count(*)::int from deliveries where position in (select position from marked_events)) as deliveries,
      (select count(*)::int from attempts where position in (select position from marked_events)) as attempts,
      (select count(*)::int from processes where name = any(${[...processes]}::text[])) as processes,
      (select count(*)::int from marked_subscriptions) as subscriptions,
      (select count(*)::int from channels where name like ${globToLike(`${consumerPrefix}*`)}) as channels,
      (select count(*)::int from marked_streams) as streams`;
  if (!row) throw new Error("Nothing was counted.");
  return row;
}

/** Removes what `collectScenarioData` put aside in the same transaction, and all that was derived from it. */
export async function deleteScenarioData(
  tx: SqlTx,
  scenario: string,
  { sourcePrefix, consumerPrefix, processes, projection }: ScenarioMarks,
): Promise<void> {
  // First: this waits for whoever takes one of them further, and publishes in the same transaction.
  await tx`delete from processes where name = any(${[...processes]}::text[])`;
  await tx`delete from outbox where envelope like ${globToLike(`*"source":"${sourcePrefix}*`)}`;
  for (const table of ["sample_effects", "sample_totals", "sample_documents"]) {
    await tx`delete from ${tx(table)} where scenario = ${scenario}`;
  }
  for (const table of ["snapshots", "stream_events"]) {
    await tx`delete from ${tx(table)} where stream_id in (select id from marked_streams)`;
  }
  await tx`delete from streams where id in (select id from marked_streams)`;
  if (projection !== null) await emptyProjection(tx, projection);
  await subtractSchemaCounts(tx);
  for (const table of ["attempts", "deliveries", "schema_violations", "stream_events"]) {
    await tx`delete from ${tx(table)} where position in (select position from marked_events)`;
  }
  await deleteMarkedLetters(tx);
  await lockCounting(tx);
  for (const table of [
    "processing_tallies",
    "uncounted_attempts",
    "processing_minutes",
    "processing_bins",
    "delivery_leases",
  ]) {
    await tx`delete from ${tx(table)} where subscription_id in (select id from marked_subscriptions)`;
  }
  await subtractHourlyCounts(tx);
  await deleteMarkedPostings(tx);
  await subtractUnrouted(tx, sourcePrefix);
  await deleteTopology(tx, { sourcePrefix, consumerPrefix });
  const sagas = await deleteMarkedSagas(tx, sourcePrefix);
  await tx`delete from events where position in (select position from marked_events)`;
  await tx`delete from subscriptions where id in (select id from marked_subscriptions)`;
  await tx`
    delete from delivery_cursors where id in (select cursor_id from marked_subscriptions)
      and not exists (select from subscriptions where cursor_id = delivery_cursors.id)`;
  await tx`delete from channels where name like ${globToLike(`${consumerPrefix}*`)}`;
  await tx`delete from scenarios where name = ${scenario}`;
  const projections = projection === null ? [] : [projection.name];
  await deleteMarkedMetrics(tx, { sourcePrefix, consumerPrefix, projections, sagas });
}

/** Whether something was published by a scenario that is not in the log yet. */
export async function hasUnsentFrom(sql: Sql, sourcePrefix: string): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select from outbox where sent_at is null and refused_reason is null
        and envelope like ${globToLike(`*"source":"${sourcePrefix}*`)}) as found`;
  return row?.found ?? false;
}

/** What the topology knows of the scenario, while nobody counts or examines. */
async function deleteTopology(
  tx: SqlTx,
  { sourcePrefix, consumerPrefix }: Pick<ScenarioMarks, "sourcePrefix" | "consumerPrefix">,
): Promise<void> {
  await lockTopologyPosition(tx);
  await lockFlows(tx);
  const sources = tx`select id from interned_names where field = 'source' and name like ${globToLike(`${sourcePrefix}*`)}`;
  for (const table of [
    "event_minutes",
    "flow_starts",
    "flow_candidates",
    "flow_minutes",
    "source_reactions",
  ]) {
    await tx`delete from ${tx(table)} where source_id in (${sources})`;
  }
  await tx`delete from cause_minutes where source_id in (${sources}) or cause_source_id in (${sources})`;
  await tx`
    delete from service_sightings
    where source_id in (${sources}) or consumer like ${globToLike(`${consumerPrefix}*`)}`;
}

/** Whether the log holds any event of a type, of whatever source. */
export async function hasEventsOfType(sql: Sql, typeId: number): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (${newestNamed(sql, { column: "type_id", name: typeId })} limit 1) as found`;
  return row?.found ?? false;
}

/** Takes the events out of the hours in which they were counted. */
async function subtractHourlyCounts(tx: SqlTx): Promise<void> {
  await tx`select from checkpoints where name = 'hourly-counts' for update`;
  await tx`
    with counted as (
      select to_timestamp(position / 3600000000::bigint * 3600) as hour, type_id, source_id, channel_id, kind
      from marked_events where position <= (select position from checkpoints where name = 'hourly-counts')
    ), kinds as (
      select id, case name when 'domain' then 0 when 'integration' then 1 when 'command' then 2 end as kind
      from interned_names where field = 'kind'
    ), counts as (
      select hour, type_id as name_id, count(*) as events from counted group by 1, 2
      union all
      select hour, source_id, count(*) from counted group by 1, 2
      union all
      select hour, channel_id, count(*) from counted where channel_id is not null group by 1, 2
      union all
      select hour, kinds.id, count(*) from counted join kinds using (kind) group by 1, 2
    )
    update hourly_counts set events = hourly_counts.events - counts.events
    from counts where hourly_counts.hour = counts.hour and hourly_counts.name_id = counts.name_id`;
  const [marked] = await tx<{ first: string | null }[]>`select min(position) as first from marked_events`;
  if (marked?.first != null) await sumUpDays(tx, marked.first);
  await tx`delete from hourly_counts where events <= 0`;
  await tx`delete from daily_counts where events <= 0`;
}

/** Waits for who builds the read model, and leaves it as if it had never taken an event. */
async function emptyProjection(
  tx: SqlTx,
  { name, tables }: NonNullable<ScenarioMarks["projection"]>,
): Promise<void> {
  await tx`select from projection_generations where name = ${name} order by generation for update`;
  for (const table of tables) await tx`delete from ${tx(table)}`;
  await tx`
    update projection_generations set applied = 0, failures = 0, error = null, failed_position = null,
      failed_at = null, retry_at = null
    where name = ${name}`;
}

/** Takes the events out of what was judged, and of what was found wrong. Those that were refused never were stored. */
async function subtractSchemaCounts(tx: SqlTx): Promise<void> {
  await tx`select from checkpoints where name = 'schema-violations' for update`;
  await tx`
    with judged as (
      select to_timestamp(position / 3600000000::bigint * 3600) as hour, type_id, count(*) as judged,
        count(*) filter (where exists (
          select from schema_violations v where v.position = marked_events.position)) as violations
      from marked_events join schema_types using (type_id)
      where position > since and position <= (select position from checkpoints where name = 'schema-violations')
      group by 1, 2
    )
    update schema_counts s set judged = greatest(0, s.judged - judged.judged),
      violations = greatest(0, s.violations - judged.violations)
    from judged where s.hour = judged.hour and s.type_id = judged.type_id`;
  await tx`delete from schema_counts where judged = 0 and violations = 0 and refused = 0`;
}

/** Takes the system out of what nobody took. Nobody counts meanwhile, and afterwards its events are gone. */
async function subtractUnrouted(tx: SqlTx, sourcePrefix: string): Promise<void> {
  await tx`select from checkpoints where name = 'unrouted-events' for update`;
  await tx`
    delete from unrouted_events where source_id in (
      select id from interned_names where field = 'source' and name like ${globToLike(`${sourcePrefix}*`)})`;
}
