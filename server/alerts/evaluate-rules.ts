import type { SqlTx } from "#drizzle/db.ts";
import {
  type AlertRuleRow,
  holdEvaluation,
  leaveEvaluation,
  listAlertRules,
  lockUnchangedRules,
  noteEvaluation,
  noteEvaluations,
  takeEvaluation,
} from "#drizzle/queries/alert-rules.ts";
import {
  type AlertRow,
  listRecentChanges,
  lockOpenAlerts,
  lockUntoldAlerts,
} from "#drizzle/queries/alerts.ts";
import { alertConditionSchema } from "#server/contract/alerts.ts";
import { advanceAlert, FLAP_WINDOW_MS, type LifeOptions } from "#server/domain/alerts/alert-life.ts";
import { looksForLittle, type Observation, spansOf } from "#server/domain/alerts/condition.ts";
import { problemText } from "#server/domain/alerts/rule-problem.ts";
import { lookEveryMs } from "#server/domain/alerts/windows.ts";
import type { Labels } from "#server/domain/metrics/points.ts";
import type { Context } from "#server/platform/context.ts";
import { AppError, messageOf } from "#server/platform/errors.ts";
import { observeRule, type ReadMetrics, type RuleObservation } from "./observe-rule.ts";
import {
  type AlertChange,
  changeOf,
  type RuleOfAlert,
  readCondition,
  ruleOfAlert,
  ruleOfRow,
  settleAlerts,
} from "./settle-alerts.ts";
import { lifeOf, momentOf, muteOf } from "./stored-life.ts";

const LEASE_MS = 15_000;
const AT_ONCE = 4;
const UNTOLD_AT_ONCE = 100;
/** Rules that another version of the program has written. */
const UNREADABLE_EVERY_MS = 30_000;

type Evaluating = Pick<Context, "sql" | "clock" | "log"> & {
  /** Names this process among those that could look at the rules. */
  holder: string;
  /** What metrics say, for one look at all rules. */
  openMetrics: () => ReadMetrics;
};

type Looked = { id: number; version: number; observation: RuleObservation };

/**
 * Looks at the rules that are due, and lets their alerts live on. One process at a time: it keeps that right as long as it
 * goes on, and another takes over when it does not.
 *
 * Metrics are read before the transaction that writes alerts, steps and notices. A rule that was changed meanwhile is
 * left for the next look.
 */
export async function evaluateRulesOnce(ctx: Evaluating): Promise<boolean> {
  if (!(await takeEvaluation(ctx.sql, ctx.holder, LEASE_MS))) return false;
  const nowMs = ctx.clock.now().getTime();
  const due = (await listAlertRules(ctx.sql)).filter((row) => row.is_on && isDue(row, nowMs));
  const looked = await lookAtAll(ctx, due, nowMs);
  await ctx.sql.begin(async (tx) => {
    if (await holdEvaluation(tx, ctx.holder)) await settleLooks(tx, looked, nowMs);
  });
  const tookMs = Math.round(ctx.clock.now().getTime() - nowMs);
  if (due.length > 0) ctx.log.debug({ rules: due.length, tookMs }, "alert-rules.evaluated");
  return false;
}

/** Lets another process look at the rules at once. */
export async function stopEvaluating({ sql, holder }: Pick<Evaluating, "sql" | "holder">): Promise<void> {
  await leaveEvaluation(sql, holder);
}

function isDue(row: AlertRuleRow, nowMs: number): boolean {
  if (row.evaluated_at === null) return true;
  const { data: condition } = alertConditionSchema.safeParse(row.condition);
  const everyMs = condition === undefined ? UNREADABLE_EVERY_MS : lookEveryMs(spansOf(condition));
  // What is almost due is taken now: it would be late the next time.
  return nowMs - Date.parse(row.evaluated_at) >= everyMs - 250;
}

async function lookAtAll(ctx: Evaluating, rules: readonly AlertRuleRow[], nowMs: number): Promise<Looked[]> {
  const metrics = ctx.openMetrics();
  const waiting = [...rules];
  const looked: Looked[] = [];
  const lookOnce = async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      const { id, version } = row;
      looked.push({ id, version, observation: await lookAt(ctx, row, { metrics, nowMs }) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookOnce));
  return looked;
}

/** What keeps one rule from being looked at is said with that rule, and stops no other. */
async function lookAt(
  { log }: Evaluating,
  row: AlertRuleRow,
  { metrics, nowMs }: { metrics: ReadMetrics; nowMs: number },
): Promise<RuleObservation> {
  try {
    return await observeRule(readCondition(row.condition), metrics, nowMs);
  } catch (error) {
    log.warn({ rule: row.id, err: error }, "alert-rule.not-evaluated");
    const why =
      error instanceof AppError ? messageOf(error) : "Something went wrong; the server's log has it.";
    return { series: new Map(), missing: { kind: "unknown" }, problem: { kind: "failed", why } };
  }
}

async function settleLooks(tx: SqlTx, looked: readonly Looked[], nowMs: number): Promise<void> {
  const seen = new Map(looked.map((look) => [look.id, look.observation]));
  const rules = await lockUnchangedRules(
    tx,
    looked.map(({ id, version }) => ({ id, version })),
  );
  const ids = rules.map(({ id }) => id);
  const open = Map.groupBy(await lockOpenAlerts(tx, ids), ({ rule_id }) => rule_id);
  const recent = await listRecentChanges(tx, ids, momentOf(nowMs - FLAP_WINDOW_MS));
  const earlier = new Map(recent.map(({ rule_id, series, changes }) => [`${rule_id} ${series}`, changes]));
  const changes = rules.flatMap((row) => {
    const observation = seen.get(row.id);
    const alerts = open.get(row.id) ?? [];
    const isReadable = alertConditionSchema.safeParse(row.condition).success;
    return observation === undefined || !isReadable
      ? []
      : changesOf(row, observation, { alerts, earlier, nowMs });
  });
  const untold = await lockUntoldAlerts(tx, momentOf(nowMs), UNTOLD_AT_ONCE);
  await settleAlerts(tx, [...changes, ...untold.map((row) => tellNow(row, nowMs))], nowMs);
  const notes = rules.map(({ id }) => {
    const facts = seen.get(id)?.problem ?? null;
    return { id, problem: facts === null ? null : problemText(facts), facts };
  });
  await noteEvaluations(tx, momentOf(nowMs), notes);
  await noteEvaluation(tx, momentOf(nowMs));
}

function changesOf(
  row: AlertRuleRow,
  { series, missing }: RuleObservation,
  {
    alerts,
    earlier,
    nowMs,
  }: { alerts: readonly AlertRow[]; earlier: ReadonlyMap<string, number[]>; nowMs: number },
): AlertChange[] {
  const rule = ruleOfRow(row);
  const isRuleMuted = muteOf(row, nowMs) !== null;
  const options = { forMs: row.for_ms, nowMs, lowIsWorse: looksForLittle(rule.condition) };
  const known = new Set(alerts.map((alert) => alert.series));
  const goOn = alerts.map((alert) => {
    const isMuted = isRuleMuted || muteOf(alert, nowMs) !== null;
    const observation = series.get(alert.series)?.observation ?? missing;
    return changeOf(alert, rule, advanceAlert(lifeOf(alert), observation, { ...options, isMuted }), {
      actor: null,
    });
  });
  const begin = [...series].flatMap(([key, { labels, observation }]) => {
    if (known.has(key)) return [];
    const earlierMs = earlier.get(`${row.id} ${key}`) ?? [];
    return newAlert(rule, { labels, key, observation }, { ...options, earlierMs, isMuted: isRuleMuted });
  });
  return [...goOn, ...begin];
}

function newAlert(
  rule: RuleOfAlert,
  { labels, key, observation }: { labels: Labels; key: string; observation: Observation },
  options: LifeOptions,
): AlertChange[] {
  const advance = advanceAlert(null, observation, options);
  if (advance.life === null) return [];
  return [{ id: null, rule, labels, series: key, advance, actor: null, acknowledged: null }];
}

/** An alert was over while it was muted, and those who were told that it fires are told now. */
function tellNow(row: AlertRow, nowMs: number): AlertChange {
  const advance = advanceAlert(
    lifeOf(row),
    { kind: "unknown" },
    {
      nowMs,
      forMs: 0,
      isMuted: false,
      lowIsWorse: false,
    },
  );
  return changeOf(row, ruleOfAlert(row, null), advance, { actor: null });
}
