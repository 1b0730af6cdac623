import type { SqlTx } from "#drizzle/db.ts";
import { STATUS } from "#drizzle/queries/delivery-settling.ts";
import { insertTally } from "#drizzle/queries/processing-tallies.ts";
import type { EndedAttempt } from "#drizzle/queries/uncounted-attempts.ts";
import { countMicros, TallySheet, writeSecond } from "#server/domain/tally-sheet.ts";
import type { OwedEvent } from "./claim-stretch.ts";
import type { Settlement } from "./settlement.ts";

/** Sums up ended attempts by second and event type, to be counted a moment after they were written. */
export class ProcessingTally {
  readonly sheet = new TallySheet();

  add(settlement: Settlement): void {
    const { owed, result } = settlement;
    if (result.kind === "duplicate") this.addDuplicate(result.startedAtUs + result.durationUs, owed.typeId);
    else this.addEnded(endedAttempt(settlement));
  }

  addEnded({ typeId, status, endedUs, durationUs, criticalUs }: EndedAttempt): void {
    const second = this.sheet.at(endedUs, typeId);
    countMicros(second.processing, durationUs);
    if (criticalUs !== null) {
      second.succeeded += 1;
      countMicros(second.critical, criticalUs);
      return;
    }
    second.failed += 1;
    if (status === STATUS.retrying) second.retried += 1;
    if (status === STATUS.dead) second.dead += 1;
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
    this.sheet.at(atUs, typeId).duplicates += 1;
  }

  /** Writes the sums down, where there are any. */
  async write(tx: SqlTx, subscriptionId: number): Promise<void> {
    await insertTally(tx, subscriptionId, this.sheet.seconds.map(writeSecond));
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
