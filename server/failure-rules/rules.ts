import type { SqlTx } from "#drizzle/db.ts";
import { insertAudit } from "#drizzle/queries/audit-log.ts";
import { getLastNumber } from "#drizzle/queries/dead-letters.ts";
import {
  deleteRule as deleteRow,
  insertRule,
  listRules as listRows,
  lockRules,
  placeRules,
  type RuleRow,
  updateRule,
} from "#drizzle/queries/failure-rules.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  type RuleDto,
  type RuleInput,
  type RuleListDto,
  ruleActionSchema,
  ruleConditionsSchema,
} from "#server/contract/failure-rules.ts";
import { type FailureRule, problemOfRule } from "#server/domain/failures/failure-rule.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError } from "#server/platform/errors.ts";
import { isoTime } from "../bus/subscription-dto.ts";
import { getAsOf } from "../events/as-of.ts";

/** The topic of rules. */
export const RULES_TOPIC = "failure-rules";
const MAX_RULES = 200;

/** All rules in the order in which they are asked. */
export async function listRules(ctx: Context): Promise<RuleListDto> {
  const asOf = await getAsOf(ctx);
  return { rules: (await listRows(ctx.sql)).map(toRuleDto), asOf };
}

/** Makes a rule behind all others. Throws `invalid` for one that could do harm, `conflict` for a name that is taken. */
export async function createRule(ctx: Context, input: RuleInput): Promise<RuleDto> {
  return change(ctx, async (tx, rows) => {
    checkRule(input, rows, null);
    if (rows.length >= MAX_RULES) {
      throw new AppError("conflict", `There are ${MAX_RULES} rules. Delete one that isn't needed any more.`);
    }
    const cursor = input.takesParked ? "0" : await getLastNumber(tx);
    const id = await insertRule(tx, { ...input, by: ctx.actor }, cursor);
    await audit(tx, ctx, { action: "failure-rule.created", name: input.name, details: { id, ...input } });
    return id;
  });
}

/**
 * Changes a rule. What it does from then on, it does to letters that are new; with `takesParked` also to those that are
 * parked already.
 */
export async function changeRule(ctx: Context, id: number, input: RuleInput): Promise<RuleDto> {
  return change(ctx, async (tx, rows) => {
    const known = find(rows, id);
    checkRule(input, rows, id);
    const values = { ...input, by: ctx.actor };
    if (input.takesParked) await updateRule(tx, id, values, "0");
    else await updateRule(tx, id, values, known.is_on ? null : await getLastNumber(tx));
    await audit(tx, ctx, { action: "failure-rule.changed", name: input.name, details: { id, ...input } });
    return id;
  });
}

/** Removes a rule; what it did stays. */
export async function deleteRule(ctx: Context, id: number): Promise<void> {
  await ctx.sql.begin(async (tx) => {
    await lockRules(tx);
    const { name } = find(await listRows(tx), id);
    await deleteRow(tx, id);
    await audit(tx, ctx, { action: "failure-rule.deleted", name, details: { id } });
  });
}

/** Puts all rules into an order. Throws `conflict` unless each is named once: somebody else changed them then. */
export async function orderRules(ctx: Context, ids: readonly number[]): Promise<RuleListDto> {
  await ctx.sql.begin(async (tx) => {
    await lockRules(tx);
    const known = (await listRows(tx)).map(({ id }) => id);
    const named = new Set(ids);
    const isSame =
      named.size === ids.length && ids.length === known.length && known.every((id) => named.has(id));
    if (!isSame) {
      throw new AppError(
        "conflict",
        "These are not the rules that there are now. Read them anew, then order them.",
      );
    }
    await placeRules(tx, ids);
    await audit(tx, ctx, { action: "failure-rules.ordered", name: "failure-rules", details: { ids } });
  });
  return listRules(ctx);
}

/** A stored rule in the terms of the domain. */
export function toRule({ id, is_on: isOn, conditions, action }: RuleRow): FailureRule {
  return {
    id: String(id),
    isOn,
    conditions: definedOf(ruleConditionsSchema.parse(conditions)),
    action: ruleActionSchema.parse(action),
  };
}

/** A rule as it was sent, in the terms of the domain. */
export function toDraftRule({ isOn, conditions, action }: RuleInput, id: string): FailureRule {
  return { id, isOn, conditions: definedOf(conditions), action };
}

async function change(
  ctx: Context,
  apply: (tx: SqlTx, rows: readonly RuleRow[]) => Promise<number>,
): Promise<RuleDto> {
  return ctx.sql.begin(async (tx) => {
    await lockRules(tx);
    const id = await apply(tx, await listRows(tx));
    return toRuleDto(find(await listRows(tx), id));
  });
}

function find(rows: readonly RuleRow[], id: number): RuleRow {
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new AppError("not-found", `There is no rule ${id}. It may have been deleted.`);
  return row;
}

function checkRule(input: RuleInput, rows: readonly RuleRow[], id: number | null): void {
  const problem = problemOfRule(toDraftRule(input, "draft"));
  if (problem !== null) throw new AppError("invalid", problem);
  const isTaken = rows.some((row) => row.id !== id && row.name.toLowerCase() === input.name.toLowerCase());
  if (isTaken) throw new AppError("conflict", `There is a rule ${input.name} already. Choose another name.`);
}

async function audit(
  tx: SqlTx,
  { actor, view = null }: Context,
  { action, name, details }: { action: string; name: string; details: Record<string, unknown> },
): Promise<void> {
  await insertAudit(tx, { actor, action, subject: name, details: { ...details, view } });
  await notifyTopic(tx, RULES_TOPIC);
}

function toRuleDto(row: RuleRow): RuleDto {
  return {
    id: row.id,
    name: row.name,
    place: row.place,
    isOn: row.is_on,
    conditions: ruleConditionsSchema.parse(row.conditions),
    action: ruleActionSchema.parse(row.action),
    perMinute: row.per_minute,
    taken: Number(row.taken),
    actedAt: row.acted_at === null ? null : isoTime(row.acted_at),
    waiting: Number(row.waiting),
    updatedAt: isoTime(row.updated_at),
    updatedBy: row.updated_by,
  };
}

type Conditions = FailureRule["conditions"];

/** Without members that are there but undefined. */
function definedOf(conditions: { [name in keyof Conditions]?: Conditions[name] | undefined }): Conditions {
  const entries = Object.entries(conditions).filter(([, value]) => value !== undefined);
  // Only undefined members were taken away.
  return Object.fromEntries(entries) as Conditions;
}
