import type { SqlTx } from "#drizzle/db.ts";
import { addProcessingCounts, type BinCount, type MinuteCount } from "#drizzle/queries/processing-counts.ts";
import { takeTallies, tryLockCounting } from "#drizzle/queries/processing-tallies.ts";
import { listRouted } from "#drizzle/queries/subscriptions.ts";
import { takeUncounted } from "#drizzle/queries/uncounted-attempts.ts";
import type { MetricPoint } from "#server/domain/metrics/points.ts";
import { readSecond, type TallyMeasure, type TallySecond } from "#server/domain/tally-sheet.ts";
import type { Context } from "#server/platform/context.ts";
import { recordPoints } from "../metrics/record-points.ts";
import { attemptPoints, channelPoints } from "./attempt-points.ts";
import { ProcessingTally } from "./processing-tally.ts";

const ATTEMPTS_AT_ONCE = 5_000;
const TALLIES_AT_ONCE = 500;

/**
 * Adds what has ended to the minutes of consumers and to the metrics, in one transaction with forgetting what was
 * written down of it. One process at a time: another leaves it to that one.
 *
 * @returns whether there may be more.
 */
export async function countAttemptsOnce({
  sql,
  names,
  clock,
}: Pick<Context, "sql" | "names" | "clock">): Promise<boolean> {
  return sql.begin(async (tx) => {
    if (!(await tryLockCounting(tx))) return false;
    const [attempts, written] = await Promise.all([
      takeUncounted(tx, ATTEMPTS_AT_ONCE),
      takeTallies(tx, TALLIES_AT_ONCE),
    ]);
    const tallies = new Map<number, ProcessingTally>();
    const tallyOf = (subscriptionId: number) => {
      const known = tallies.get(subscriptionId) ?? new ProcessingTally();
      tallies.set(subscriptionId, known);
      return known;
    };
    for (const attempt of attempts) tallyOf(attempt.subscriptionId).addEnded(attempt);
    for (const { subscriptionId, seconds } of written) {
      tallyOf(subscriptionId).sheet.addAll(seconds.map(readSecond));
    }
    const seconds = [...tallies].map(([id, { sheet }]) => [id, sheet.seconds] as const);
    await Promise.all([
      addMinutes(tx, seconds),
      toPoints(tx, names, seconds).then((points) =>
        recordPoints(tx, points, { nowMs: clock.now().getTime() }),
      ),
    ]);
    return attempts.length === ATTEMPTS_AT_ONCE || written.length === TALLIES_AT_ONCE;
  });
}

type SecondsOf = readonly (readonly [subscriptionId: number, seconds: readonly TallySecond[]])[];

async function toPoints(tx: SqlTx, names: Context["names"], tallies: SecondsOf): Promise<MetricPoint[]> {
  if (tallies.length === 0) return [];
  const subscriptions = new Map(
    (
      await listRouted(
        tx,
        tallies.map(([id]) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const nameOf = await names.resolve(
    new Set(tallies.flatMap(([, seconds]) => seconds.map(({ typeId }) => typeId))),
    tx,
  );
  return tallies.flatMap(([id, seconds]) => {
    const { consumer, channel } = subscriptions.get(id) ?? { consumer: null, channel: null };
    if (consumer === null) return [];
    return seconds.flatMap((second) => [
      ...attemptPoints(second, { consumer, type: nameOf(second.typeId) }),
      ...(channel === null ? [] : channelPoints(second, channel)),
    ]);
  });
}

async function addMinutes(tx: SqlTx, tallies: SecondsOf): Promise<void> {
  const minutes = new Map<string, MinuteCount>();
  const bins = new Map<string, BinCount>();
  for (const [subscriptionId, seconds] of tallies) {
    for (const second of seconds) {
      const minute = new Date(Math.floor(second.second / 60) * 60_000).toISOString();
      const { typeId } = second;
      addMinute(minutes, { minute, subscriptionId, typeId }, second);
      addBins(bins, { minute, subscriptionId, typeId, measure: 0 }, second.processing);
      addBins(bins, { minute, subscriptionId, typeId, measure: 1 }, second.critical);
    }
  }
  await addProcessingCounts(
    tx,
    [...minutes.values()],
    [...bins.values()].filter(({ count }) => count !== 0),
  );
}

function addMinute(
  minutes: Map<string, MinuteCount>,
  key: Pick<MinuteCount, "minute" | "subscriptionId" | "typeId">,
  { succeeded, failed, retried, duplicates, dead, processing, critical }: TallySecond,
): void {
  const name = `${key.minute}/${key.subscriptionId}/${key.typeId}`;
  const zero = { succeeded: 0, failed: 0, retried: 0, duplicates: 0, dead: 0, durationUs: 0, criticalUs: 0 };
  const known = minutes.get(name) ?? { ...key, ...zero };
  known.succeeded += succeeded;
  known.failed += failed;
  known.retried += retried;
  known.duplicates += duplicates;
  known.dead += dead;
  known.durationUs += processing.us;
  known.criticalUs += critical.us;
  minutes.set(name, known);
}

function addBins(
  bins: Map<string, BinCount>,
  key: Omit<BinCount, "bin" | "count">,
  measure: TallyMeasure,
): void {
  for (const [bin, count] of measure.bins) {
    const name = `${key.minute}/${key.subscriptionId}/${key.typeId}/${key.measure}/${bin}`;
    const known = bins.get(name);
    if (known) known.count += count;
    else bins.set(name, { ...key, bin, count });
  }
}
