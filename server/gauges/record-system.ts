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
  #totals: DatabaseTotals | null = null;
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

  /** What Postgres counted since the look before, where that was recorded here: nobody else has counted it then. */
  #transactions({ databaseTotals: now, looks }: SystemSamples, isOurs: boolean): MetricPoint[] {
    const before = isOurs ? this.#totals : null;
    if (before === null || now === null || now === before || now.counted_since !== before.counted_since)
      return [];
    const atMs = looks.at(-1)?.takenMs ?? 0;
    const commits = Math.max(0, now.commits - before.commits);
    const rollbacks = Math.max(0, now.rollbacks - before.rollbacks);
    return [
      countPoint("database_commits", {}, { atMs, count: commits }),
      countPoint("database_rollbacks", {}, { atMs, count: rollbacks }),
    ];
  }
}
