import type { SqlTx } from "#drizzle/db.ts";
import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { addProcessingCounts, type BinCount, type MinuteCount } from "#drizzle/queries/processing-counts.ts";
import type { EndedAttempt } from "#drizzle/queries/uncounted-attempts.ts";
import { binOf } from "#server/domain/log-histogram.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Settlement } from "./settlement.ts";

/** Sums up ended attempts by minute and event type, for the rollups that are written with them. */
export class ProcessingTally {
  readonly #minutes = new Map<string, MinuteCount>();
  readonly #bins = new Map<string, BinCount>();

  add(settlement: Settlement): void {
    const { owed, result } = settlement;
    if (result.kind === "duplicate") this.addDuplicate(result.startedAtUs + result.durationUs, owed.typeId);
    else this.addEnded(endedAttempt(settlement));
  }

  addEnded({ typeId, status, endedUs, durationUs, criticalUs }: EndedAttempt): void {
    const minute = this.#minute(endedUs, typeId);
    minute.durationUs += durationUs;
    this.#count(minute, 0, durationUs);
    if (criticalUs !== null) {
      minute.succeeded += 1;
      minute.criticalUs += criticalUs;
      this.#count(minute, 1, criticalUs);
      return;
    }
    minute.failed += 1;
    if (status === STATUS.retrying) minute.retried += 1;
    if (status === STATUS.dead) minute.dead += 1;
  }

  /** A success that was written by a worker that could not count it any more. */
  addSuccess(
    owed: OwedEvent,
    { startedAtUs, durationUs }: { startedAtUs: number; durationUs: number },
  ): void {
    this.addEnded(successOf(owed, startedAtUs + durationUs, durationUs));
  }

  /** A delivery that was skipped since it was handled before. */
  addDuplicate(atUs: number, typeId: number): void {
    this.#minute(atUs, typeId).duplicates += 1;
  }

  /** Adds the sums to the rollups. */
  async write(tx: SqlTx, subscriptionId: number): Promise<void> {
    await addProcessingCounts(tx, subscriptionId, [...this.#minutes.values()], [...this.#bins.values()]);
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

/** What the rollups take of an attempt that succeeded or failed. */
export function endedAttempt({ owed, result, record }: Settlement): EndedAttempt {
  const { durationUs } = result;
  const endedUs = result.startedAtUs + durationUs;
  if (result.kind === "succeeded") return successOf(owed, endedUs, durationUs);
  const status = record?.status ?? STATUS.processing;
  return { typeId: owed.typeId, status, endedUs, durationUs, criticalUs: null };
}

function successOf(owed: OwedEvent, endedUs: number, durationUs: number): EndedAttempt {
  const criticalUs = Math.max(0, endedUs - (owed.eventUs ?? Number(owed.position)));
  return { typeId: owed.typeId, status: STATUS.succeeded, endedUs, durationUs, criticalUs };
}
