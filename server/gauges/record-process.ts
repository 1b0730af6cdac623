import { hostname } from "node:os";
import { valueOfBin } from "#server/domain/log-histogram.ts";
import type { StoredMetric } from "#server/domain/metrics/catalogue.ts";
import { countPoint, gaugePoint, type MetricPoint } from "#server/domain/metrics/points.ts";
import type { Context } from "#server/platform/context.ts";
import type { Env } from "#server/platform/env.ts";
import type { TimeMeter } from "#server/platform/meters.ts";
import { REJECTIONS } from "../ingest/ingest-meter.ts";
import { recordPoints } from "../metrics/record-points.ts";

/** Measures that wait to be written, where the database does not answer. Counts are never dropped. */
const MAX_WAITING = 2_000;

type Ctx = Pick<Context, "sql" | "clock" | "meters" | "ingest">;

/** What this process is called beside others: the address of its machine, as far as that is known before it listens. */
export function instanceName({ port }: Pick<Env, "port">): string {
  return port === 0 ? `${hostname()}:pid-${process.pid}` : `${hostname()}:${port}`;
}

/**
 * Writes down what this process counts, as what came since the time before, and how it is. What can't be written waits
 * with the second in which it happened, and is forgotten by the process only once it is written.
 */
export class ProcessRecorder {
  readonly #ctx: Ctx;
  readonly #instance: string;
  readonly #written = new Map<string, number>();
  readonly #writtenBins = new Map<string, ReadonlyMap<number, number>>();
  #waiting: MetricPoint[] = [];
  #cpu = process.cpuUsage();
  #cpuAtMs: number;

  constructor(ctx: Ctx, instance: string) {
    this.#ctx = ctx;
    this.#instance = instance;
    this.#cpuAtMs = ctx.clock.elapsedMs();
  }

  async recordOnce(): Promise<void> {
    const atMs = this.#ctx.clock.now().getTime();
    const gauges = this.#waiting.length > MAX_WAITING ? [] : this.#gauges(atMs);
    this.#waiting.push(...this.#counts(atMs), ...gauges);
    const points = this.#waiting;
    await this.#ctx.sql.begin((tx) => recordPoints(tx, points, { nowMs: atMs }));
    this.#waiting = [];
  }

  #counts(atMs: number): MetricPoint[] {
    const { ingest, eventLoop } = this.#ctx.meters;
    const rejected = REJECTIONS.flatMap((reason, place) => {
      const count = this.#since(`rejected ${reason}`, ingest.rejected[reason].total);
      // Of one reason also that there was none: the second is known then, and no gap.
      const isSaid = count > 0 || place === 0;
      return isSaid ? [this.#countPoint("ingest_rejected", { reason }, { atMs, count })] : [];
    });
    return [
      this.#countPoint(
        "ingest_acknowledged",
        {},
        { atMs, count: this.#since("acknowledged", ingest.acknowledged) },
      ),
      ...rejected,
      ...this.#times("ingest_write_time", ingest.writes, ingest.writeBins, atMs),
      ...this.#times("event_loop_delay", eventLoop.delays, eventLoop.delayBins, atMs),
    ];
  }

  #countPoint(
    metric: StoredMetric,
    labels: MetricPoint["labels"],
    { atMs, count }: { atMs: number; count: number },
  ): MetricPoint {
    return countPoint(metric, { ...labels, instance: this.#instance }, { atMs, count });
  }

  #times(
    metric: StoredMetric,
    times: TimeMeter,
    bins: ReadonlyMap<number, number>,
    atMs: number,
  ): MetricPoint[] {
    const before = this.#writtenBins.get(metric);
    this.#writtenBins.set(metric, new Map(bins));
    const fresh = new Map(
      [...bins].flatMap(([bin, count]) => {
        const more = count - (before?.get(bin) ?? 0);
        return more > 0 ? [[bin, more] as const] : [];
      }),
    );
    const samples = this.#since(`${metric} count`, times.count);
    const sum = this.#since(`${metric} seconds`, times.seconds);
    if (samples === 0) return [];
    const ends = [...fresh.keys()].map((bin) => valueOfBin(bin) / 1e6);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    return [{ metric, labels: { instance: this.#instance }, atMs, samples, sum, low, high, bins: fresh }];
  }

  /** How much more it is than the time before. */
  #since(what: string, total: number): number {
    const before = this.#written.get(what) ?? 0;
    this.#written.set(what, total);
    return total - before;
  }

  #gauges(atMs: number): MetricPoint[] {
    const { ingest, meters } = this.#ctx;
    const { rss, heapUsed } = process.memoryUsage();
    const gauge = (metric: StoredMetric, value: number) =>
      gaugePoint(metric, { instance: this.#instance }, { atMs, value });
    return [
      gauge("ingest_buffered", ingest.buffered),
      gauge("ingest_lag", ingest.lagMs / 1000),
      gauge("process_cpu", this.#measureCpu()),
      gauge("process_memory", rss),
      gauge("process_heap", heapUsed),
      gauge("live_clients", meters.countLiveClients()),
    ];
  }

  /** Cores that this process used since the time before. */
  #measureCpu(): number {
    const nowMs = this.#ctx.clock.elapsedMs();
    const { user, system } = process.cpuUsage(this.#cpu);
    const share = (user + system) / 1000 / Math.max(1, nowMs - this.#cpuAtMs);
    this.#cpu = process.cpuUsage();
    this.#cpuAtMs = nowMs;
    return share;
  }
}
