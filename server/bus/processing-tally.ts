import type { SqlTx } from "#drizzle/db.ts";
import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { addProcessingCounts, type BinCount, type MinuteCount } from "#drizzle/queries/processing-counts.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Settlement } from "./settlement.ts";

/** Sums up ended attempts by minute and event type, for the rollups that are written with them. */
export class ProcessingTally {
  readonly #minutes = new Map<string, MinuteCount>();
  readonly #bins = new Map<string, BinCount>();

  add({ owed, result, record }: Settlement): void {
    const endedUs = result.startedAtUs + result.durationUs;
    const minute = this.#minute(endedUs, owed.typeId);
    if (result.kind === "duplicate") {
      minute.duplicates += 1;
      return;
    }
    minute.durationUs += result.durationUs;
    this.#count(minute, 0, result.durationUs);
    if (result.kind === "succeeded") {
      this.#succeeded(minute, owed, endedUs);
      return;
    }
    minute.failed += 1;
    if (record?.status === STATUS.retrying) minute.retried += 1;
    if (record?.status === STATUS.dead) minute.dead += 1;
  }

  /** A success that was written by a worker that could not count it any more. */
  addSuccess(
    owed: OwedEvent,
    { startedAtUs, durationUs }: { startedAtUs: number; durationUs: number },
  ): void {
    const minute = this.#minute(startedAtUs + durationUs, owed.typeId);
    minute.durationUs += durationUs;
    this.#count(minute, 0, durationUs);
    this.#succeeded(minute, owed, startedAtUs + durationUs);
  }

  /** A delivery that was skipped since it was handled before. */
  addDuplicate(atUs: number, typeId: number): void {
    this.#minute(atUs, typeId).duplicates += 1;
  }

  /** Adds the sums to the rollups. */
  async write(tx: SqlTx, subscriptionId: number): Promise<void> {
    await addProcessingCounts(tx, subscriptionId, [...this.#minutes.values()], [...this.#bins.values()]);
  }

  #succeeded(minute: MinuteCount, owed: OwedEvent, endedUs: number): void {
    const criticalUs = Math.max(0, endedUs - (owed.eventUs ?? Number(owed.position)));
    minute.succeeded += 1;
    minute.criticalUs += criticalUs;
    this.#count(minute, 1, criticalUs);
  }

  #minute(atUs: number, typeId: number): MinuteCount {
    const start = Math.floor(atUs / 60_000_000) * 60_000;
    const key = `${start}/${typeId}`;
    let minute = this.#minutes.get(key);
    if (!minute) {
      minute = {
        minute: new Date(start).toISOString(),
        typeId,
        succeeded: 0,
        failed: 0,
        retried: 0,
        duplicates: 0,
        dead: 0,
        durationUs: 0,
        criticalUs: 0,
      };
      this.#minutes.set(key, minute);
    }
    return minute;
  }

  #count({ minute, typeId }: MinuteCount, measure: 0 | 1, micros: number): void {
    const bin = binOf(micros);
    const key = `${minute}/${typeId}/${measure}/${bin}`;
    const known = this.#bins.get(key);
    if (known) known.count += 1;
    else this.#bins.set(key, { minute, typeId, measure, bin, count: 1 });
  }
}
