import type { SqlTx } from "#drizzle/db.ts";
import { listMissingDestinations } from "#drizzle/queries/alert-destinations.ts";
import {
  type AlertRuleRow,
  countOpenAlerts,
  deleteAlertRule as deleteRow,
  findAlertRule,
  insertAlertRule,
  listAlertRules as listRows,
  lockAlertNames,
  lockAlertRule,
  muteAlertRule as muteRow,
  updateAlertRule,
} from "#drizzle/queries/alert-rules.ts";
import { lockOpenAlerts } from "#drizzle/queries/alerts.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  ALERTS_TOPIC,
  type AlertRuleChange,
  type AlertRuleDto,
  type AlertRuleInput,
  type MuteInput,
} from "#server/contract/alerts.ts";
import { endAlert, type StepCause } from "#server/domain/alerts/alert-life.ts";
import { problemOfCondition } from "#server/domain/alerts/condition.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { toRuleDto } from "./alert-dto.ts";
import { checkMute } from "./check-mute.ts";
import { changeOf, readCondition, ruleOfRow, settleAlerts } from "./settle-alerts.ts";
import { lifeOf, muteOf } from "./stored-life.ts";

export const MAX_RULES = 500;

/** All rules, by name. */
export async function listAlertRules(ctx: Context): Promise<{ rules: AlertRuleDto[] }> {
  const [rows, open] = await Promise.all([listRows(ctx.sql), countOpenAlerts(ctx.sql, null)]);
  const nowMs = ctx.clock.now().getTime();
  return { rules: rows.map((row) => toRuleDto(row, open, nowMs)) };
}

export async function getAlertRule(ctx: Context, id: number): Promise<AlertRuleDto> {
  const row = await findAlertRule(ctx.sql, id);
  if (row === null) throw noRule(id);
  return toRuleDto(row, await countOpenAlerts(ctx.sql, id), ctx.clock.now().getTime());
}

/** Makes a rule. Throws `invalid` for one that can't work, `conflict` for a name that is taken. */
export async function createAlertRule(ctx: Context, input: AlertRuleInput): Promise<AlertRuleDto> {
  const id = await ctx.sql.begin(async (tx) => {
    await checkRule(tx, input, null);
    const at = ctx.clock.now().toISOString();
    const made = await insertAlertRule(tx, input, { at, by: ctx.actor });
    await audit(tx, ctx, { action: "alert-rule.created", name: input.name, details: { id: made, ...input } });
    return made;
  });
  return getAlertRule(ctx, id);
}

export type RuleChangeOutcome =
  | { kind: "changed"; rule: AlertRuleDto }
  | { kind: "moved-on"; actualVersion: number };

/**
 * Changes a rule. Alerts go on, unless the condition is another one or the rule was switched off: then they are over.
 */
export async function changeAlertRule(
  ctx: Context,
  id: number,
  { expectedVersion, ...input }: AlertRuleChange,
): Promise<RuleChangeOutcome> {
  const actualVersion = await ctx.sql.begin(async (tx) => {
    await checkRule(tx, input, id);
    const row = await getLocked(tx, id);
    if (expectedVersion !== undefined && row.version !== expectedVersion) return row.version;
    await writeRule(tx, ctx, row, input);
    await audit(tx, ctx, { action: "alert-rule.changed", name: input.name, details: { id, ...input } });
    return null;
  });
  if (actualVersion !== null) return { kind: "moved-on", actualVersion };
  return { kind: "changed", rule: await getAlertRule(ctx, id) };
}

/** Switches a rule on or off. What is so already stays. */
export async function switchAlertRule(ctx: Context, id: number, isOn: boolean): Promise<AlertRuleDto> {
  await ctx.sql.begin(async (tx) => {
    const row = await getLocked(tx, id);
    if (row.is_on === isOn) return;
    await writeRule(tx, ctx, row, { ...ruleInputOf(row), isOn });
    const action = isOn ? "alert-rule.switched-on" : "alert-rule.switched-off";
    await audit(tx, ctx, { action, name: row.name, details: { id } });
  });
  return getAlertRule(ctx, id);
}

/** Keeps a rule from telling anybody anything until a moment; null lets it speak again. */
export async function muteAlertRule(ctx: Context, id: number, mute: MuteInput | null): Promise<AlertRuleDto> {
  if (mute !== null) checkMute(ctx, mute);
  await ctx.sql.begin(async (tx) => {
    const { name } = await getLocked(tx, id);
    await muteRow(tx, id, mute === null ? null : { ...mute, by: ctx.actor });
    const action = mute === null ? "alert-rule.unmuted" : "alert-rule.muted";
    await audit(tx, ctx, { action, name, details: { id, ...mute } });
  });
  return getAlertRule(ctx, id);
}

/** Removes a rule. Its alerts are over; what they were stays. */
export async function deleteAlertRule(ctx: Context, id: number): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    const row = await getLocked(tx, id);
    await endAlertsOf(tx, ctx, row, "rule-deleted");
    await deleteRow(tx, id);
    await audit(tx, ctx, { action: "alert-rule.deleted", name: row.name, details: { id } });
  });
}

export function noRule(id: number): AppError {
  return new AppError("not-found", `There is no alert rule ${id}. It may have been deleted.`);
}

async function writeRule(tx: SqlTx, ctx: Context, row: AlertRuleRow, input: AlertRuleInput): Promise<void> {
  // Both from the same schema, so that the same has the same text.
  const isSame = JSON.stringify(readCondition(row.condition)) === JSON.stringify(input.condition);
  if (!input.isOn) await endAlertsOf(tx, ctx, row, "rule-off");
  else if (!isSame) await endAlertsOf(tx, ctx, row, "rule-changed");
  await updateAlertRule(tx, row.id, input, { at: ctx.clock.now().toISOString(), by: ctx.actor });
}

async function endAlertsOf(tx: SqlTx, ctx: Context, row: AlertRuleRow, cause: StepCause): Promise<void> {
  const nowMs = ctx.clock.now().getTime();
  const rule = ruleOfRow(row);
  const changes = (await lockOpenAlerts(tx, [row.id])).flatMap((alert) => {
    const isMuted = muteOf(alert, nowMs) !== null || muteOf(row, nowMs) !== null;
    const advance = endAlert(lifeOf(alert), cause, { nowMs, isMuted });
    return advance === null ? [] : [changeOf(alert, rule, advance, { actor: ctx.actor })];
  });
  await settleAlerts(tx, changes, nowMs);
}

function ruleInputOf(row: AlertRuleRow): AlertRuleInput {
  const { name, severity, destinations, note, runbook } = row;
  const condition = readCondition(row.condition) as AlertRuleInput["condition"]; // read by the same schema
  return { name, severity, destinations, note, runbook, condition, isOn: row.is_on, forMs: row.for_ms };
}

async function getLocked(tx: SqlTx, id: number): Promise<AlertRuleRow> {
  const row = await lockAlertRule(tx, id);
  if (row === null) throw noRule(id);
  return row;
}

async function checkRule(tx: SqlTx, input: AlertRuleInput, id: number | null): Promise<void> {
  const problem = problemOfCondition(input.condition);
  if (problem !== null) throw new AppError("invalid", problem);
  await lockAlertNames(tx);
  const rows = await listRows(tx);
  if (id === null && rows.length >= MAX_RULES) {
    throw new AppError(
      "conflict",
      `There are ${MAX_RULES} alert rules. Delete one that isn't needed any more.`,
    );
  }
  const isTaken = rows.some((row) => row.id !== id && row.name.toLowerCase() === input.name.toLowerCase());
  if (isTaken)
    throw new AppError("conflict", `There is an alert rule ${input.name} already. Choose another name.`);
  const [missing] = await listMissingDestinations(tx, input.destinations);
  if (missing !== undefined) {
    throw new AppError("invalid", `There is no destination ${missing}. It may have been deleted.`);
  }
}

async function audit(
  tx: SqlTx,
  { actor }: Context,
  { action, name, details }: { action: string; name: string; details: Record<string, unknown> },
): Promise<void> {
  await insertAudit(tx, { actor, action, subject: name, details });
  await notifyTopic(tx, ALERTS_TOPIC);
}
