import type { AlertSeverity, AlertState, NoticeKind } from "#server/domain/alerts/alert.ts";
import type { Sql, SqlTx } from "../db.ts";
import type { MuteValues } from "./alert-rules.ts";

export type AlertRow = {
  id: string;
  rule_id: number;
  rule_name: string;
  severity: AlertSeverity;
  condition: unknown;
  labels: unknown;
  series: string;
  state: AlertState;
  holds: boolean;
  began_at: string;
  held_ms: string;
  seen_at: string;
  fired_at: string | null;
  resolved_at: string | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  acknowledged_note: string | null;
  changes: unknown;
  value: number | null;
  worst: number | null;
  told: NoticeKind | null;
  muted_until: string | null;
  mute_reason: string | null;
  muted_by: string | null;
};

/** What is written of an alert, with the names of the columns. Moments in RFC 3339. */
export type AlertValues = {
  state: AlertState;
  holds: boolean;
  began_at: string;
  held_ms: number;
  seen_at: string;
  fired_at: string | null;
  resolved_at: string | null;
  changes: readonly number[];
  value: number | null;
  worst: number | null;
  told: NoticeKind | null;
};

export type NewAlertValues = AlertValues & {
  rule_id: number;
  rule_name: string;
  severity: AlertSeverity;
  condition: unknown;
  labels: unknown;
  series: string;
};

export type AlertFilter = {
  states: readonly AlertState[] | null;
  severities: readonly AlertSeverity[] | null;
  ruleId: number | null;
  /** Only those that began before this one. */
  after: string | null;
  limit: number;
};

/** Alerts, the newest first. */
export async function listAlertRows(
  sql: Sql,
  { states, severities, ruleId, after, limit }: AlertFilter,
): Promise<AlertRow[]> {
  return sql<AlertRow[]>`
    select * from alerts
    where (${after}::bigint is null or id < ${after}) and (${ruleId}::int is null or rule_id = ${ruleId})
      and (${states}::text[] is null or state = any(${states}::text[]))
      and (${severities}::text[] is null or severity = any(${severities}::text[]))
    order by id desc limit ${limit}`;
}

/** How many alerts there are, by state. */
export async function countAlerts(sql: Sql): Promise<{ state: AlertState; alerts: number }[]> {
  return sql<{ state: AlertState; alerts: number }[]>`
    select state, count(*)::int as alerts from alerts group by state`;
}

export async function findAlert(sql: Sql | SqlTx, id: string): Promise<AlertRow | null> {
  const [row] = await sql<AlertRow[]>`select * from alerts where id = ${id}`;
  return row ?? null;
}

/** The same, held until the transaction ends; its rule is taken first. */
export async function lockAlert(tx: SqlTx, id: string): Promise<AlertRow | null> {
  const [row] = await tx<AlertRow[]>`select * from alerts where id = ${id} for update`;
  return row ?? null;
}

/** Alerts of these rules that are not over, held until the transaction ends. */
export async function lockOpenAlerts(tx: SqlTx, ruleIds: readonly number[]): Promise<AlertRow[]> {
  return tx<AlertRow[]>`
    select * from alerts where rule_id = any(${[...ruleIds]}::int[]) and state <> 'resolved' order by id for update`;
}

/** When series of these rules changed of late, as their last alert that is over has it. */
export async function listRecentChanges(
  tx: SqlTx,
  ruleIds: readonly number[],
  since: string,
): Promise<{ rule_id: number; series: string; changes: number[] }[]> {
  return tx<{ rule_id: number; series: string; changes: number[] }[]>`
    select distinct on (rule_id, series) rule_id, series, changes from alerts
    where state = 'resolved' and resolved_at > ${since}::timestamptz and rule_id = any(${[...ruleIds]}::int[])
    order by rule_id, series, id desc`;
}

/** Alerts that are over of which people believe still that they fire, and that are not muted any more. */
export async function lockUntoldAlerts(tx: SqlTx, at: string, limit: number): Promise<AlertRow[]> {
  return tx<AlertRow[]>`
    select a.* from alerts a left join alert_rules r on r.id = a.rule_id
    where a.state = 'resolved' and a.told in ('firing', 'acknowledged', 'flapping')
      and coalesce(a.muted_until <= ${at}::timestamptz, true) and coalesce(r.muted_until <= ${at}::timestamptz, true)
    order by a.id limit ${limit} for update of a skip locked`;
}

/** Writes new alerts; gives the id of each by its rule and series. */
export async function insertAlerts(
  tx: SqlTx,
  alerts: readonly NewAlertValues[],
): Promise<{ id: string; rule_id: number; series: string }[]> {
  if (alerts.length === 0) return [];
  return tx<{ id: string; rule_id: number; series: string }[]>`
    insert into alerts (rule_id, rule_name, severity, condition, labels, series, state, holds, began_at, held_ms, seen_at,
      fired_at, resolved_at, changes, value, worst, told)
    select rule_id, rule_name, severity, condition, labels, series, state, holds, began_at, held_ms, seen_at, fired_at,
      resolved_at, changes, value, worst, told
    from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) as a (rule_id int, rule_name text, severity text,
      condition jsonb, labels jsonb, series text, state text, holds boolean, began_at timestamptz, held_ms bigint,
      seen_at timestamptz, fired_at timestamptz, resolved_at timestamptz, changes jsonb, value float8, worst float8,
      told text)
    returning id, rule_id, series`;
}

/** Writes how alerts stand now. */
export async function updateAlerts(
  tx: SqlTx,
  alerts: readonly (AlertValues & { id: string })[],
): Promise<void> {
  if (alerts.length === 0) return;
  await tx`
    update alerts set state = a.state, holds = a.holds, held_ms = a.held_ms, seen_at = a.seen_at,
      fired_at = a.fired_at, resolved_at = a.resolved_at, changes = a.changes, value = a.value, worst = a.worst,
      told = a.told
    from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) as a (id bigint, state text, holds boolean,
      held_ms bigint, seen_at timestamptz, fired_at timestamptz, resolved_at timestamptz, changes jsonb, value float8,
      worst float8, told text)
    where alerts.id = a.id`;
}

/** Removes alerts that never fired. */
export async function deleteAlerts(tx: SqlTx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx`delete from alerts where id = any(${[...ids]}::bigint[])`;
}

export async function noteAcknowledged(
  tx: SqlTx,
  id: string,
  { at, by, note }: { at: string; by: string; note: string | null },
): Promise<void> {
  await tx`
    update alerts set acknowledged_at = ${at}::timestamptz, acknowledged_by = ${by}, acknowledged_note = ${note}
    where id = ${id}`;
}

export async function muteAlert(tx: SqlTx, id: string, mute: MuteValues): Promise<void> {
  await tx`
    update alerts set muted_until = ${mute?.until ?? null}::timestamptz, mute_reason = ${mute?.reason ?? null},
      muted_by = ${mute?.by ?? null}
    where id = ${id}`;
}

export type StepValues = {
  alert_id: string;
  at: string;
  state: AlertState;
  cause: string;
  value: number | null;
  actor: string | null;
};

/** Writes one further step for each of these alerts. */
export async function insertSteps(tx: SqlTx, steps: readonly StepValues[]): Promise<void> {
  if (steps.length === 0) return;
  await tx`
    insert into alert_steps (alert_id, step, at, state, cause, value, actor)
    select s.alert_id, coalesce((select max(step) from alert_steps known where known.alert_id = s.alert_id), 0) + 1,
      s.at, s.state, s.cause, s.value, s.actor
    from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as s (alert_id bigint, at timestamptz, state text,
      cause text, value float8, actor text)`;
}

/** The life of an alert, oldest first; of a long one, the last `limit` steps. */
export async function listSteps(
  sql: Sql,
  alertId: string,
  limit: number,
): Promise<Omit<StepValues, "alert_id">[]> {
  return sql<Omit<StepValues, "alert_id">[]>`
    select at, state, cause, value, actor from (
      select * from alert_steps where alert_id = ${alertId} order by step desc limit ${limit}) latest
    order by step`;
}

/** Removes alerts that were over before a moment, with all that was said of them. */
export async function dropOldAlerts(sql: Sql, before: string): Promise<number> {
  const rows = await sql`
    delete from alerts where state = 'resolved' and resolved_at < ${before}::timestamptz returning id`;
  return rows.length;
}

export type AlertSpellRow = {
  id: string;
  rule_name: string;
  /** By the names of the labels. */
  labels: Record<string, string>;
  fired_at: string;
  resolved_at: string | null;
};

/** Alerts that fired within a window or were firing when it began, the newest first. */
export async function listAlertSpells(
  sql: Sql,
  { from, to, limit }: { from: string; to: string; limit: number },
): Promise<AlertSpellRow[]> {
  // What is open and what is over are told apart, so that each has its index.
  return sql<AlertSpellRow[]>`
    select id::text as id, rule_name, labels, to_json(fired_at) #>> '{}' as fired_at, to_json(resolved_at) #>> '{}' as resolved_at
    from (
      select * from alerts where state <> 'resolved'
      union all
      select * from alerts where state = 'resolved' and resolved_at > ${from}::timestamptz
    ) spells
    where fired_at < ${to}::timestamptz
    order by spells.fired_at desc, spells.id desc limit ${limit}`;
}
