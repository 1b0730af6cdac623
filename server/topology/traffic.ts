import type { TrafficDto } from "#server/contract/topology.ts";
import { quantile } from "#server/domain/log-histogram.ts";

/** What went along an edge, or came to a node, being summed up. */
export class Traffic {
  count = 0;
  succeeded = 0;
  failed = 0;
  retried = 0;
  dead = 0;
  readonly #types = new Map<string, number>();
  readonly #bins = new Map<number, number>();
  #lastSeenMs: number | null = null;

  add(type: string, count: number, lastSeenMs: number): void {
    this.count += count;
    this.#types.set(type, (this.#types.get(type) ?? 0) + count);
    this.#lastSeenMs = Math.max(this.#lastSeenMs ?? 0, lastSeenMs);
  }

  addAttempts(attempts: { succeeded: number; failed: number; retried: number; dead: number }): void {
    this.succeeded += attempts.succeeded;
    this.failed += attempts.failed;
    this.retried += attempts.retried;
    this.dead += attempts.dead;
  }

  /** @param bin of a histogram of microseconds. */
  addTimes(bin: number, count: number): void {
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count);
  }

  get lastSeenMs(): number | null {
    return this.#lastSeenMs;
  }

  /** Most frequent first. */
  get types(): { type: string; count: number }[] {
    const types = [...this.#types].map(([type, count]) => ({ type, count }));
    return types.toSorted((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  }

  toDto(seconds: number): TrafficDto {
    const attempts = this.succeeded + this.failed;
    const bins = [...this.#bins].map(([bin, count]) => ({ bin, count }));
    const milliseconds = (q: number) => {
      const micros = quantile(bins, q);
      return micros === null ? null : Math.round(micros) / 1000;
    };
    return {
      count: this.count,
      perSecond: this.count / seconds,
      failed: this.failed,
      failureRate: attempts === 0 ? null : this.failed / attempts,
      retried: this.retried,
      dead: this.dead,
      p50Ms: milliseconds(0.5),
      p95Ms: milliseconds(0.95),
      lastSeenAt: this.#lastSeenMs === null ? null : new Date(this.#lastSeenMs).toISOString(),
    };
  }
}
