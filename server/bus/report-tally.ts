import type { SqlTx } from "#drizzle/db.ts";
import { insertTally } from "#drizzle/queries/processing-tallies.ts";
import type { ReportedAttempt } from "#server/domain/reported-attempts.ts";
import { countMicros, TallySheet, writeSecond } from "#server/domain/tally-sheet.ts";

export type ReportedEvent = { position: string; typeId: number; eventUs: number | null };

/**
 * What reported attempts add to the rollups. An attempt of which more becomes known is taken out as it was and put in
 * as it is, so that the sums are those of the final state, whatever the order of the reports.
 */
export class ReportTally {
  readonly #sheet = new TallySheet();

  replace(event: ReportedEvent, before: ReportedAttempt | undefined, after: ReportedAttempt): void {
    if (before) this.#add(event, before, -1);
    this.#add(event, after, 1);
  }

  async write(tx: SqlTx, subscriptionId: number): Promise<void> {
    await insertTally(tx, subscriptionId, this.#sheet.seconds.map(writeSecond));
  }

  #add(event: ReportedEvent, { outcome, startedAtUs, endedAtUs }: ReportedAttempt, sign: 1 | -1): void {
    if (outcome === "running") return;
    const second = this.#sheet.at(endedAtUs ?? startedAtUs ?? Number(event.position), event.typeId);
    if (outcome === "succeeded") second.succeeded += sign;
    else second.failed += sign;
    if (outcome === "failed") second.retried += sign;
    if (outcome === "dead") second.dead += sign;
    if (startedAtUs !== null && endedAtUs !== null) {
      countMicros(second.processing, Math.max(0, endedAtUs - startedAtUs), sign);
    }
    if (outcome === "succeeded" && endedAtUs !== null) {
      const criticalUs = Math.max(0, endedAtUs - (event.eventUs ?? Number(event.position)));
      countMicros(second.critical, criticalUs, sign);
    }
  }
}
