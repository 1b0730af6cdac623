import type { SqlTx } from "#drizzle/db.ts";
import { insertNotices, listTold, type NewNotice } from "#drizzle/queries/alert-notices.ts";
import type { AlertRuleRow } from "#drizzle/queries/alert-rules.ts";
import {
  type AlertRow,
  deleteAlerts,
  insertAlerts,
  insertSteps,
  type NewAlertValues,
  type StepValues,
  updateAlerts,
} from "#drizzle/queries/alerts.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import { ALERTS_TOPIC, alertConditionSchema } from "#server/contract/alerts.ts";
import type { AlertSeverity } from "#server/domain/alerts/alert.ts";
import type { Advance, AlertLife } from "#server/domain/alerts/alert-life.ts";
import type { AlertCondition } from "#server/domain/alerts/condition.ts";
import type { AlertMessage } from "#server/domain/alerts/notice-message.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import { labelsOf } from "./alert-dto.ts";
import { momentOf, valuesOf } from "./stored-life.ts";

/** What of a rule is said of its alerts. */
export type RuleOfAlert = {
  id: number;
  name: string;
  severity: AlertSeverity;
  condition: AlertCondition;
  note: string;
  runbook: string | null;
  destinations: readonly number[];
};

/** A step that an alert takes, or one that begins. */
export type AlertChange = {
  /** Null for a new one. */
  id: string | null;
  rule: RuleOfAlert;
  labels: Labels;
  series: string;
  advance: Advance;
  /** Who did it; null for the condition. */
  actor: string | null;
  acknowledged: { by: string; note: string | null } | null;
};

/** A rule as its row has it. */
export function ruleOfRow(row: AlertRuleRow): RuleOfAlert {
  const { id, name, severity, note, runbook, destinations } = row;
  return { id, name, severity, note, runbook, destinations, condition: readCondition(row.condition) };
}

/** The rule of an alert; of one that was deleted, what the alert remembers. */
export function ruleOfAlert(alert: AlertRow, rule: AlertRuleRow | null): RuleOfAlert {
  if (rule !== null) return ruleOfRow(rule);
  return {
    id: alert.rule_id,
    name: alert.rule_name,
    severity: alert.severity,
    condition: readCondition(alert.condition),
    note: "",
    runbook: null,
    destinations: [],
  };
}

export function readCondition(stored: unknown): AlertCondition {
  return alertConditionSchema.parse(stored);
}

/** An alert that is there already, with what becomes of it. */
export function changeOf(
  row: AlertRow,
  rule: RuleOfAlert,
  advance: Advance,
  { actor }: { actor: string | null },
): AlertChange {
  const { acknowledged_by: by, acknowledged_note: note } = row;
  return {
    id: row.id,
    rule,
    labels: labelsOf(row.labels),
    series: row.series,
    advance,
    actor,
    acknowledged: by === null ? null : { by, note },
  };
}

/**
 * Writes what became of alerts, the steps of their lives, and what is to be said of them. All of it takes effect with
 * the transaction, so that nothing is said twice, or left unsaid.
 */
export async function settleAlerts(tx: SqlTx, changes: readonly AlertChange[], nowMs: number): Promise<void> {
  const kept = changes.flatMap((change) =>
    change.advance.life === null ? [] : [{ ...change, life: change.advance.life }],
  );
  const added = await insertAlerts(tx, kept.filter(({ id }) => id === null).map(newValuesOf));
  const ids = new Map(added.map(({ id, rule_id, series }) => [`${rule_id} ${series}`, id]));
  const settled = kept.map((change) => {
    const id = change.id ?? ids.get(`${change.rule.id} ${change.series}`);
    if (id === undefined) throw new Error("An alert that was written gave no id back.");
    return { ...change, id };
  });
  await updateAlerts(
    tx,
    kept.flatMap(({ id, life }) => (id === null ? [] : [{ id, ...valuesOf(life) }])),
  );
  await deleteAlerts(
    tx,
    changes.flatMap(({ id, advance }) => (id !== null && advance.life === null ? [id] : [])),
  );
  const steps = settled.flatMap((change): StepValues[] => stepOf(change, nowMs));
  await insertSteps(tx, steps);
  const notices = await insertNotices(tx, momentOf(nowMs), await noticesOf(tx, settled, nowMs));
  const isGone = changes.some(({ id, advance }) => id !== null && advance.life === null);
  if (steps.length > 0 || notices.length > 0 || isGone) await notifyTopic(tx, ALERTS_TOPIC);
}

type Settled = AlertChange & { id: string; life: AlertLife };

function newValuesOf({ rule, labels, series, life }: Omit<Settled, "id">): NewAlertValues {
  const { id, name, severity, condition } = rule;
  return { rule_id: id, rule_name: name, severity, condition, labels, series, ...valuesOf(life) };
}

function stepOf({ id, advance, actor }: Settled, nowMs: number): StepValues[] {
  const { step } = advance;
  return step === null ? [] : [{ alert_id: id, at: momentOf(nowMs), ...step, actor }];
}

/** That an alert fires is said to the destinations of its rule; what comes later, to those who were told so. */
async function noticesOf(tx: SqlTx, settled: readonly Settled[], nowMs: number): Promise<NewNotice[]> {
  const speaking = settled.filter(({ advance }) => advance.notice !== null);
  const later = speaking.filter(({ advance }) => !isAlarm(advance)).map(({ id }) => id);
  const told = Map.groupBy(later.length === 0 ? [] : await listTold(tx, later), ({ alert_id }) => alert_id);
  return speaking.flatMap((change): NewNotice[] => {
    const { advance, id, rule } = change;
    const { notice } = advance;
    if (notice === null || notice.kind === "test") return [];
    const toldIds = (told.get(id) ?? []).map(({ destination_id }) => destination_id);
    const { kind, isMuted } = notice;
    const message = messageOf(change, kind, nowMs);
    return (isAlarm(advance) ? rule.destinations : toldIds).map((destination) => ({
      alert_id: id,
      kind,
      destination_id: destination,
      message,
      status: isMuted ? ("muted" as const) : ("waiting" as const),
    }));
  });
}

function isAlarm({ notice }: Advance): boolean {
  return notice?.kind === "firing" || notice?.kind === "flapping";
}

function messageOf(
  { id, rule, labels, life, acknowledged }: Settled,
  kind: AlertMessage["kind"],
  nowMs: number,
): AlertMessage {
  const { destinations: _elsewhere, ...said } = rule;
  const { began_at: beganAt, fired_at: firedAt, resolved_at: resolvedAt, value, worst } = valuesOf(life);
  return {
    kind,
    at: momentOf(nowMs),
    alert: { id, labels, value, worst, beganAt, firedAt, resolvedAt, acknowledged },
    rule: said,
  };
}
