import type { Sql, SqlTx } from "#drizzle/db.ts";
import { countLetters, countParked, isListed, letterConditions } from "#drizzle/queries/letter-selection.ts";
import {
  type PlannedConsumer,
  planItems,
  type RecentProcessing,
  sumRecentProcessing,
} from "#drizzle/queries/replay-planning.ts";
import type { ItemSource } from "#drizzle/queries/replay-writing.ts";
import type { LetterSelection } from "#server/contract/dead-letters.ts";
import type { ReplayOptionsDto, ReplayPlanDto } from "#server/contract/replays.ts";
import { recordedAt } from "#server/domain/instant.ts";
import type { Context } from "#server/platform/context.ts";
import { type ResolvedSelection, resolveSelection } from "../dead-letters/resolve-selection.ts";
import { getAsOf } from "../events/as-of.ts";
import { checkEdits, sampleEdits } from "./check-edits.ts";
import { listWarnings } from "./plan-warnings.ts";

/** What one process of the bus surely settles a second: no estimate is faster. */
const FASTEST_PER_SECOND = 2_000;

/** What a replay would do. Changes nothing. */
export async function planReplay(
  ctx: Context,
  selection: LetterSelection,
  options: ReplayOptionsDto,
): Promise<ReplayPlanDto> {
  const { sql, schemas } = ctx;
  const resolved = await resolveSelection(sql, selection);
  const source = sourceOf(sql, resolved, options);
  const edits = options.edit === null ? null : await checkEdits(sql, schemas, source, options.edit);
  const [items, newer, all, samples] = await Promise.all([
    planItems(sql, source),
    countNewer(sql, resolved),
    countLetters(sql, letterConditions(sql, resolved.terms, { upTo: resolved.upTo })),
    sampleEdits(sql, schemas, source, options.edit),
  ]);
  const parked = await countParked(sql, source);
  const recent = await sumRecentProcessing(
    sql,
    items.consumers.map((one) => one.subscription_id),
  );
  const taking = items.consumers.filter((one) => stateOf(one) === "active" || stateOf(one) === "paused");
  const included = taking.reduce((sum, one) => sum + one.items, 0) - (edits?.failed.length ?? 0);
  return {
    included,
    newer,
    upTo: resolved.upTo,
    notParked: all - parked,
    consumers: items.consumers.map((one) => ({
      consumer: one.consumer,
      items: one.items,
      failureRate: failureRateOf(recent, one),
      state: stateOf(one),
    })),
    cases: items.cases.map((one) => ({ case: one.case_id, items: one.items })),
    keys: items.keys,
    unkeyed: items.unkeyed,
    oldest: items.oldest === null ? null : recordedAt(items.oldest),
    newest: items.newest === null ? null : recordedAt(items.newest),
    warnings: await listWarnings(ctx, { source, items, recent, edits }),
    estimate: estimate(taking, recent, included, options),
    samples,
    asOf: await getAsOf(ctx),
  };
}

/** The items that a replay of a selection takes. */
export function sourceOf(
  sql: Sql | SqlTx,
  { terms, upTo }: ResolvedSelection,
  { to }: Pick<ReplayOptionsDto, "to">,
): ItemSource {
  return { where: letterConditions(sql, terms, { upTo }), isListed: isListed(terms), to };
}

/** Parked letters that match, but died after the cut-off. */
export function countNewer(sql: Sql | SqlTx, { terms, upTo }: ResolvedSelection): Promise<number> {
  const where = letterConditions(sql, terms, { after: upTo });
  return countParked(sql, { where, isListed: isListed(terms) });
}

function stateOf(consumer: PlannedConsumer): ReplayPlanDto["consumers"][number]["state"] {
  if (consumer.is_ended) return "ended";
  if (consumer.is_external) return "external";
  return consumer.is_paused ? "paused" : "active";
}

function failureRateOf(recent: readonly RecentProcessing[], { subscription_id }: PlannedConsumer) {
  const own = recent.find((one) => one.subscription_id === subscription_id);
  return own === undefined || own.attempts === 0 ? null : own.failed / own.attempts;
}

/**
 * By how long attempts took of late, side by side as far as consumer and replay allow; or by the rate that was asked
 * for, where that is slower.
 */
function estimate(
  consumers: readonly PlannedConsumer[],
  recent: readonly RecentProcessing[],
  included: number,
  { ratePerSecond, concurrency }: ReplayOptionsDto,
): ReplayPlanDto["estimate"] {
  const byRate = ratePerSecond === null ? null : included / ratePerSecond;
  const times = consumers.map(({ subscription_id, items, concurrency: own }) => {
    const known = recent.find((one) => one.subscription_id === subscription_id);
    if (known === undefined || known.day_attempts === 0) return null;
    const secondsEach = known.day_duration_us / known.day_attempts / 1_000_000;
    const perSecond = Math.min(own, concurrency) / Math.max(secondsEach, 1e-6);
    return items / Math.min(perSecond, FASTEST_PER_SECOND);
  });
  const slowest =
    times.includes(null) || times.length === 0 ? null : Math.max(...times.map((one) => one ?? 0));
  if (byRate !== null && (slowest === null || byRate >= slowest)) return { seconds: byRate, basis: "rate" };
  return slowest === null
    ? { seconds: null, basis: "none" }
    : { seconds: slowest, basis: "recent-throughput" };
}
