import type { AlertSeverity, AlertState } from "#server/domain/alerts/alert.ts";
import type { Sql, SqlTx } from "../db.ts";

export type AlertRuleRow = {
  id: number;
  name: string;
  is_on: boolean;
  severity: AlertSeverity;
  condition: unknown;
  for_ms: number;
  destinations: number[];
  note: string;
  runbook: string | null;
  version: number;
  muted_until: string | null;
  mute_reason: string | null;
  muted_by: string | null;
  evaluated_at: string | null;
  problem: string | null;
  problem_facts: unknown;
  updated_at: string;
  updated_by: string;
};

export type AlertRuleValues = {
  name: string;
  isOn: boolean;
  severity: AlertSeverity;
  condition: unknown;
  forMs: number;
  destinations: readonly number[];
  note: string;
  runbook: string | null;
};

type Change = { at: string; by: string };

export type MuteValues = { until: string; reason: string; by: string } | null;

/** All rules, by name. */
export async function listAlertRules(sql: Sql | SqlTx): Promise<AlertRuleRow[]> {
  return sql<AlertRuleRow[]>`select * from alert_rules order by lower(name), id`;
}

export async function findAlertRule(sql: Sql | SqlTx, id: number): Promise<AlertRuleRow | null> {
  const [row] = await sql<AlertRuleRow[]>`select * from alert_rules where id = ${id}`;
  return row ?? null;
}

/** The same, held until the transaction ends: whoever changes a rule or its alerts takes it first. */
export async function lockAlertRule(tx: SqlTx, id: number): Promise<AlertRuleRow | null> {
  const [row] = await tx<AlertRuleRow[]>`select * from alert_rules where id = ${id} for update`;
  return row ?? null;
}

/** Rules of these versions that are on and that nobody else is changing now, held until the transaction ends. */
export async function lockUnchangedRules(
  tx: SqlTx,
  rules: readonly { id: number; version: number }[],
): Promise<AlertRuleRow[]> {
  return tx<AlertRuleRow[]>`
    select r.* from alert_rules r
    join jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as seen (id int, version int)
      on seen.id = r.id and seen.version = r.version
    where r.is_on order by r.id for update of r skip locked`;
}

/** Holds back whoever adds or renames rules or destinations, until the transaction ends. */
export async function lockAlertNames(tx: SqlTx): Promise<void> {
  await tx`select pg_advisory_xact_lock(7104041)`;
}

export async function insertAlertRule(tx: SqlTx, values: AlertRuleValues, change: Change): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into alert_rules (name, is_on, severity, condition, for_ms, destinations, note, runbook, updated_at, updated_by)
    values (${values.name}, ${values.isOn}, ${values.severity}, ${JSON.stringify(values.condition)}::jsonb,
      ${values.forMs}, ${[...values.destinations]}::int[], ${values.note}, ${values.runbook},
      ${change.at}::timestamptz, ${change.by})
    returning id`;
  if (!row) throw new Error("An insert gave no row back.");
  return row.id;
}

/** Writes a rule anew, as its next version. What was the matter with the earlier one is forgotten. */
export async function updateAlertRule(
  tx: SqlTx,
  id: number,
  values: AlertRuleValues,
  change: Change,
): Promise<void> {
  await tx`
    update alert_rules set name = ${values.name}, is_on = ${values.isOn}, severity = ${values.severity},
      condition = ${JSON.stringify(values.condition)}::jsonb, for_ms = ${values.forMs},
      destinations = ${[...values.destinations]}::int[], note = ${values.note}, runbook = ${values.runbook},
      version = version + 1, problem = null, problem_facts = null, updated_at = ${change.at}::timestamptz, updated_by = ${change.by}
    where id = ${id}`;
}

export async function muteAlertRule(tx: SqlTx, id: number, mute: MuteValues): Promise<void> {
  await tx`
    update alert_rules set muted_until = ${mute?.until ?? null}::timestamptz, mute_reason = ${mute?.reason ?? null},
      muted_by = ${mute?.by ?? null}
    where id = ${id}`;
}

export async function deleteAlertRule(tx: SqlTx, id: number): Promise<void> {
  await tx`delete from alert_rules where id = ${id}`;
}

/** Notes when rules were looked at, and what was the matter with each. */
export async function noteEvaluations(
  tx: SqlTx,
  at: string,
  rules: readonly { id: number; problem: string | null; facts: unknown }[],
): Promise<void> {
  await tx`
    update alert_rules r set evaluated_at = ${at}::timestamptz, problem = seen.problem,
      problem_facts = nullif(seen.facts, 'null')
    from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as seen (id int, problem text, facts jsonb) where seen.id = r.id`;
}

export type OpenCountRow = { rule_id: number; state: AlertState; alerts: number };

/** Alerts that are not over, by rule and state; of one rule, where it is named. */
export async function countOpenAlerts(sql: Sql | SqlTx, ruleId: number | null): Promise<OpenCountRow[]> {
  return sql<OpenCountRow[]>`
    select rule_id, state, count(*)::int as alerts from alerts
    where state <> 'resolved' and (${ruleId}::int is null or rule_id = ${ruleId}) group by rule_id, state`;
}

/** Makes this process the one that looks at the rules, or keeps it so; false where another one is. */
export async function takeEvaluation(sql: Sql, holder: string, leaseMs: number): Promise<boolean> {
  const rows = await sql`
    update alert_evaluation set holder = ${holder}, leased_until = now() + ${leaseMs} * interval '1 millisecond'
    where id = 1 and (holder is null or holder = ${holder} or leased_until < now()) returning id`;
  return rows.length > 0;
}

/** Whether this process is still the one, which it is then until the transaction ends. */
export async function holdEvaluation(tx: SqlTx, holder: string): Promise<boolean> {
  const rows = await tx`select from alert_evaluation where id = 1 and holder = ${holder} for update`;
  return rows.length > 0;
}

export async function noteEvaluation(tx: SqlTx, at: string): Promise<void> {
  await tx`update alert_evaluation set evaluated_at = ${at}::timestamptz where id = 1`;
}

/** Lets another process take over at once. */
export async function leaveEvaluation(sql: Sql, holder: string): Promise<void> {
  await sql`update alert_evaluation set holder = null, leased_until = null where id = 1 and holder = ${holder}`;
}

/** When the rules were looked at last. */
export async function getEvaluatedAt(sql: Sql): Promise<string | null> {
  const [row] = await sql<{ evaluated_at: string | null }[]>`
    select evaluated_at from alert_evaluation where id = 1`;
  return row?.evaluated_at ?? null;
}
