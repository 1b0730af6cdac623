import { findSampledTo, moveSampledTo } from "#drizzle/queries/gauges.ts";
import { countPoint, gaugePoint, type MetricPoint } from "#server/domain/metrics/points.ts";
import type { Context } from "#server/platform/context.ts";
import { recordPoints } from "../metrics/record-points.ts";
import type { DatabaseTotals } from "./sample-database.ts";
import type { SystemSamples } from "./sample-system.ts";

/** Who has recorded last goes on. Another process takes over when nothing was recorded for so long. */
const TAKEN_OVER_AFTER_US = 15_000_000;
/** Looking and writing take no larger share of the time than this. */
const DUTY = 0.2;
/** Series that are written every second; more of them less often, but at least every ten. */
const EACH_SECOND = 100;
const LONGEST_REST_MS = 10_000;

type Ctx = Pick<Context, "sql" | "names" | "clock" | "meters">;

/**
 * Writes down what the system looks like, about once a second: one process at a time, and what each look saw once. Where
 * there is very much to look at, less often.
 */
export class SystemRecorder {
  readonly #ctx: Ctx;
  /** Up to where this process recorded; where another has gone on, it is that one's turn. */
  #recordedTo: string | null = null;
  /** What Postgres had counted by the look that was recorded last, and when that was. */
  #totals: DatabaseTotals | null = null;
  #totalsMs = 0;
  #restUntilMs = -Infinity;
  /** When each part of the system may be written again. */
  #dueMs: number[] = [];

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
  }

  async recordOnce(): Promise<void> {
    const { sql, clock, meters } = this.#ctx;
    const startedMs = clock.elapsedMs();
    if (startedMs < this.#restUntilMs) return;
    const from = await findSampledTo(sql);
    const isOurs = from !== null && from === this.#recordedTo;
    const nowUs = clock.now().getTime() * 1000;
    if (!isOurs && from !== null && nowUs - Number(from) < TAKEN_OVER_AFTER_US) return;
    const system = await meters.sampleSystem(this.#ctx);
    const to = String(Math.max(nowUs, Number(from) + 1));
    const points = [...this.#gauges(system), ...this.#transactions(system, isOurs)];
    const isWritten = await sql.begin(async (tx) => {
      if (!(await moveSampledTo(tx, { from, to }))) return false;
      await recordPoints(tx, points, { nowMs: nowUs / 1000 });
      return true;
    });
    if (isWritten) {
      this.#recordedTo = to;
      this.#totals = system.databaseTotals;
      this.#totalsMs = system.looks.at(-1)?.takenMs ?? 0;
    }
    const tookMs = clock.elapsedMs() - startedMs;
    this.#restUntilMs = startedMs + Math.min(tookMs / DUTY, LONGEST_REST_MS);
  }

  #gauges({ looks }: SystemSamples): MetricPoint[] {
    return looks.flatMap(({ takenMs, samples }, place) => {
      if (takenMs < (this.#dueMs[place] ?? 1)) return [];
      const restMs = Math.min(LONGEST_REST_MS, Math.floor(samples.length / EACH_SECOND) * 1_000);
      this.#dueMs[place] = takenMs + Math.max(1, restMs);
      return samples.map(({ metric, labels, value }) => gaugePoint(metric, labels, { atMs: takenMs, value }));
    });
  }

  /**
   * What Postgres counted since the look before, spread evenly over the seconds between; where that look was recorded
   * here, for nobody else has counted it then.
   */
  #transactions({ databaseTotals: now, looks }: SystemSamples, isOurs: boolean): MetricPoint[] {
    const before = isOurs ? this.#totals : null;
    const fromMs = this.#totalsMs;
    const toMs = looks.at(-1)?.takenMs ?? 0;
    if (before === null || now === null || toMs <= fromMs || now.counted_since !== before.counted_since)
      return [];
    return [
      ...spread("database_commits", now.commits - before.commits, { fromMs, toMs }),
      ...spread("database_rollbacks", now.rollbacks - before.rollbacks, { fromMs, toMs }),
    ];
  }
}

function spread(
  metric: "database_commits" | "database_rollbacks",
  total: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): MetricPoint[] {
  const seconds = Math.max(1, Math.round((toMs - fromMs) / 1000));
  const upTo = (second: number) => Math.floor((Math.max(0, total) * second) / seconds);
  return Array.from({ length: seconds }, (_, second) =>
    countPoint(
      metric,
      {},
      { atMs: toMs - (seconds - 1 - second) * 1000, count: upTo(second + 1) - upTo(second) },
    ),
  );
}
