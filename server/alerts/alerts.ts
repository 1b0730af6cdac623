import type { SqlTx } from "#drizzle/db.ts";
import { type AlertRuleRow, getEvaluatedAt, lockAlertRule } from "#drizzle/queries/alert-rules.ts";
import {
  type AlertRow,
  countAlerts,
  findAlert,
  listAlertRows,
  listSteps,
  lockAlert,
  muteAlert as muteRow,
  noteAcknowledged,
} from "#drizzle/queries/alerts.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  ALERTS_TOPIC,
  type AlertDetailDto,
  type AlertFilter,
  type AlertListDto,
  type MuteInput,
} from "#server/contract/alerts.ts";
import {
  type Advance,
  acknowledgeAlert as acknowledge,
  endAlert,
  STEP_CAUSES,
  type StepCause,
} from "#server/domain/alerts/alert-life.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { toAlertDto } from "./alert-dto.ts";
import { checkMute } from "./check-mute.ts";
import { changeOf, ruleOfAlert, settleAlerts } from "./settle-alerts.ts";
import { lifeOf, muteOf } from "./stored-life.ts";

const MAX_STEPS = 500;

/** Alerts, the newest first. */
export async function listAlerts(ctx: Context, filter: AlertFilter): Promise<AlertListDto> {
  const { state, severity, rule, after, limit } = filter;
  const [rows, counts, evaluatedAt] = await Promise.all([
    listAlertRows(ctx.sql, {
      states: state ?? null,
      severities: severity ?? null,
      ruleId: rule ?? null,
      after: after ?? null,
      limit,
    }),
    countAlerts(ctx.sql),
    getEvaluatedAt(ctx.sql),
  ]);
  const nowMs = ctx.clock.now().getTime();
  return {
    alerts: rows.map((row) => toAlertDto(row, nowMs)),
    nextAfter: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
    counts: Object.fromEntries(counts.map(({ state, alerts }) => [state, alerts])),
    evaluatedAt: evaluatedAt === null ? null : isoTime(evaluatedAt),
  };
}

export async function getAlert(ctx: Context, id: string): Promise<AlertDetailDto> {
  const row = await findAlert(ctx.sql, id);
  if (row === null) throw noAlert(id);
  const steps = await listSteps(ctx.sql, id, MAX_STEPS);
  return {
    ...toAlertDto(row, ctx.clock.now().getTime()),
    history: steps.map(({ at, state, cause, value, actor }) => ({
      at: isoTime(at),
      state,
      cause: causeOf(cause),
      value,
      by: actor,
    })),
  };
}

/** Takes an alert, so that others know that somebody looks after it. Taken twice, the first one has it. */
export async function acknowledgeAlert(ctx: Context, id: string, note: string): Promise<AlertDetailDto> {
  await ctx.sql.begin(async (tx) => {
    const { row, rule, options } = await getLocked(tx, ctx, id);
    if (row.acknowledged_at !== null && row.state !== "resolved") return;
    const advance = acknowledge(lifeOf(row), options);
    if (advance === null) throw notOpen(id, row);
    const taken = { by: ctx.actor, note: note === "" ? null : note };
    await noteAcknowledged(tx, id, { at: ctx.clock.now().toISOString(), ...taken });
    await settle(tx, ctx, { row, rule, advance, acknowledged: taken });
    await audit(tx, ctx, { action: "alert.acknowledged", row, details: { note } });
  });
  return getAlert(ctx, id);
}

/** Ends an alert. Where its condition holds still, another one begins. */
export async function resolveAlert(ctx: Context, id: string, note: string): Promise<AlertDetailDto> {
  await ctx.sql.begin(async (tx) => {
    const { row, rule, options } = await getLocked(tx, ctx, id);
    if (row.state === "resolved") return;
    const advance = row.state === "pending" ? null : endAlert(lifeOf(row), "resolved-by-hand", options);
    if (advance === null) throw notOpen(id, row);
    await settle(tx, ctx, { row, rule, advance, acknowledged: takenOf(row) });
    await audit(tx, ctx, { action: "alert.resolved", row, details: { note } });
  });
  return getAlert(ctx, id);
}

/** Keeps an alert from telling anybody anything until a moment; null lets it speak again. */
export async function muteAlert(ctx: Context, id: string, mute: MuteInput | null): Promise<AlertDetailDto> {
  if (mute !== null) checkMute(ctx, mute);
  await ctx.sql.begin(async (tx) => {
    const { row } = await getLocked(tx, ctx, id);
    await muteRow(tx, id, mute === null ? null : { ...mute, by: ctx.actor });
    const action = mute === null ? "alert.unmuted" : "alert.muted";
    await audit(tx, ctx, { action, row, details: { ...mute } });
  });
  return getAlert(ctx, id);
}

type Locked = {
  row: AlertRow;
  rule: AlertRuleRow | null;
  options: { nowMs: number; isMuted: boolean };
};

/** The rule is taken before its alert, as everybody does. */
async function getLocked(tx: SqlTx, ctx: Context, id: string): Promise<Locked> {
  const known = await findAlert(tx, id);
  if (known === null) throw noAlert(id);
  const rule = await lockAlertRule(tx, known.rule_id);
  const row = await lockAlert(tx, id);
  if (row === null) throw noAlert(id);
  const nowMs = ctx.clock.now().getTime();
  const isMuted = muteOf(row, nowMs) !== null || (rule !== null && muteOf(rule, nowMs) !== null);
  return { row, rule, options: { nowMs, isMuted } };
}

async function settle(
  tx: SqlTx,
  ctx: Context,
  {
    row,
    rule,
    advance,
    acknowledged,
  }: {
    row: AlertRow;
    rule: AlertRuleRow | null;
    advance: Advance;
    acknowledged: { by: string; note: string | null } | null;
  },
): Promise<void> {
  const change = changeOf(row, ruleOfAlert(row, rule), advance, { actor: ctx.actor });
  await settleAlerts(tx, [{ ...change, acknowledged }], ctx.clock.now().getTime());
}

function takenOf({ acknowledged_by: by, acknowledged_note: note }: AlertRow) {
  return by === null ? null : { by, note };
}

function noAlert(id: string): AppError {
  return new AppError(
    "not-found",
    `There is no alert ${id}. It may never have fired, or be older than what is kept.`,
  );
}

function notOpen(id: string, { state }: AlertRow): AppError {
  return new AppError("conflict", `The alert ${id} is ${state}: there is nothing to take or to end.`);
}

function causeOf(stored: string): StepCause {
  return STEP_CAUSES.find((cause) => cause === stored) ?? "condition";
}

async function audit(
  tx: SqlTx,
  { actor }: Context,
  { action, row, details }: { action: string; row: AlertRow; details: Record<string, unknown> },
): Promise<void> {
  const subject = row.series === "" ? row.rule_name : `${row.rule_name} (${row.series})`;
  await insertAudit(tx, { actor, action, subject, details: { id: row.id, ...details } });
  await notifyTopic(tx, ALERTS_TOPIC);
}
