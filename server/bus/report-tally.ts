import type { SqlTx } from "#drizzle/db.ts";
import { addProcessingCounts, type BinCount, type MinuteCount } from "#drizzle/queries/processing-counts.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import type { ReportedAttempt } from "#server/domain/reported-attempts.ts";

export type ReportedEvent = { position: string; typeId: number; eventUs: number | null };

/**
 * What reported attempts add to the rollups. An attempt of which more becomes known is taken out as it was and put in
 * as it is, so that the sums are those of the final state, whatever the order of the reports.
 */
export class ReportTally {
  readonly #minutes = new Map<string, MinuteCount>();
  readonly #bins = new Map<string, BinCount>();

  replace(event: ReportedEvent, before: ReportedAttempt | undefined, after: ReportedAttempt): void {
    if (before) this.#add(event, before, -1);
    this.#add(event, after, 1);
  }

  async write(tx: SqlTx, subscriptionId: number): Promise<void> {
    const bins = [...this.#bins.values()].filter(({ count }) => count !== 0);
    await addProcessingCounts(tx, subscriptionId, [...this.#minutes.values()], bins);
  }

  #add(event: ReportedEvent, { outcome, startedAtUs, endedAtUs }: ReportedAttempt, sign: 1 | -1): void {
    if (outcome === "running") return;
    const atUs = endedAtUs ?? startedAtUs ?? Number(event.position);
    const minute = this.#minute(atUs, event.typeId);
    if (outcome === "succeeded") minute.succeeded += sign;
    else minute.failed += sign;
    if (outcome === "failed") minute.retried += sign;
    if (outcome === "dead") minute.dead += sign;
    if (startedAtUs !== null && endedAtUs !== null) {
      const durationUs = Math.max(0, endedAtUs - startedAtUs);
      minute.durationUs += sign * durationUs;
      this.#count(minute, { measure: 0, micros: durationUs, sign });
    }
    if (outcome === "succeeded" && endedAtUs !== null) {
      const criticalUs = Math.max(0, endedAtUs - (event.eventUs ?? Number(event.position)));
      minute.criticalUs += sign * criticalUs;
      this.#count(minute, { measure: 1, micros: criticalUs, sign });
    }
  }

  #minute(atUs: number, typeId: number): MinuteCount {
    const minute = new Date(Math.floor(atUs / 60_000_000) * 60_000).toISOString();
    const key = `${minute}/${typeId}`;
    const known = this.#minutes.get(key);
    if (known) return known;
    const counts = {
      succeeded: 0,
      failed: 0,
      retried: 0,
      duplicates: 0,
      dead: 0,
      durationUs: 0,
      criticalUs: 0,
    };
    const fresh = { minute, typeId, ...counts };
    this.#minutes.set(key, fresh);
    return fresh;
  }

  #count(
    { minute, typeId }: MinuteCount,
    { measure, micros, sign }: { measure: 0 | 1; micros: number; sign: 1 | -1 },
  ): void {
    const bin = binOf(micros);
    const key = `${minute}/${typeId}/${measure}/${bin}`;
    const known = this.#bins.get(key);
    if (known) known.count += sign;
    else this.#bins.set(key, { minute, typeId, measure, bin, count: sign });
  }
}
