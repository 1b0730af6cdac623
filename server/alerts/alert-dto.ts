import { z } from "zod";
import type { AlertRuleRow, OpenCountRow } from "#drizzle/queries/alert-rules.ts";
import type { AlertRow } from "#drizzle/queries/alerts.ts";
import {
  type AlertDto,
  type AlertRuleDto,
  alertConditionSchema,
  alertRuleSchema,
} from "#server/contract/alerts.ts";
import { metricLabelSchema } from "#server/contract/metrics.ts";
import { FLAP_WINDOW_MS } from "#server/domain/alerts/alert-life.ts";
import { chartHrefOf } from "#server/domain/alerts/chart-href.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { lifeOf, muteOf } from "./stored-life.ts";

const labelsSchema = z.partialRecord(metricLabelSchema, z.string());

/** A rule as it is shown. */
export function toRuleDto(row: AlertRuleRow, open: readonly OpenCountRow[], nowMs: number): AlertRuleDto {
  return {
    id: row.id,
    name: row.name,
    isOn: row.is_on,
    severity: row.severity,
    condition: alertConditionSchema.parse(row.condition),
    forMs: row.for_ms,
    destinations: row.destinations,
    note: row.note,
    runbook: row.runbook,
    version: row.version,
    mute: muteOf(row, nowMs),
    evaluatedAt: isoOrNull(row.evaluated_at),
    problem: row.problem,
    problemFacts: alertRuleSchema.shape.problemFacts.parse(row.problem_facts),
    open: Object.fromEntries(
      open.filter(({ rule_id }) => rule_id === row.id).map(({ state, alerts }) => [state, alerts]),
    ),
    updatedAt: isoTime(row.updated_at),
    updatedBy: row.updated_by,
  };
}

/** An alert as it is shown. */
export function toAlertDto(row: AlertRow, nowMs: number): AlertDto {
  const { changesMs } = lifeOf(row);
  const last = changesMs.at(-1) ?? 0;
  const { acknowledged_at: at, acknowledged_by: by, acknowledged_note: note } = row;
  const labels = labelsOf(row.labels);
  return {
    id: row.id,
    rule: { id: row.rule_id, name: row.rule_name },
    severity: row.severity,
    labels,
    state: row.state,
    beganAt: isoTime(row.began_at),
    firedAt: isoOrNull(row.fired_at),
    acknowledged: at === null ? null : { at: isoTime(at), by: by ?? "", note },
    resolvedAt: isoOrNull(row.resolved_at),
    value: row.value,
    worst: row.worst,
    changes: changesMs.filter((ms) => last - ms < FLAP_WINDOW_MS).length,
    mute: muteOf(row, nowMs),
    href: chartHrefOf(alertConditionSchema.parse(row.condition), labels, {
      fromMs: Date.parse(row.began_at),
      toMs: row.resolved_at === null ? null : Date.parse(row.resolved_at),
      nowMs,
    }),
  };
}

/** The labels of a series as they are stored. */
export function labelsOf(stored: unknown): Labels {
  return labelsSchema.parse(stored);
}

function isoOrNull(text: string | null): string | null {
  return text === null ? null : isoTime(text);
}
