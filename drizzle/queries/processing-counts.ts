import type { SqlTx } from "../db.ts";

export type MinuteCount = {
  /** RFC 3339, a whole minute. */
  minute: string;
  typeId: number;
  succeeded: number;
  failed: number;
  retried: number;
  duplicates: number;
  dead: number;
  durationUs: number;
  criticalUs: number;
};

export type BinCount = { minute: string; typeId: number; measure: 0 | 1; bin: number; count: number };

/** Adds to the minutes of a consumer. In the order of the keys, so that two workers never deadlock. */
export async function addProcessingCounts(
  tx: SqlTx,
  subscriptionId: number,
  minutes: MinuteCount[],
  bins: BinCount[],
): Promise<void> {
  if (minutes.length > 0) {
    await tx`
      insert into processing_minutes as old (minute, subscription_id, type_id, succeeded, failed, retried, duplicates,
        dead, duration_us, critical_us)
      select minute, ${subscriptionId}, "typeId", succeeded, failed, retried, duplicates, dead, "durationUs", "criticalUs"
      from jsonb_to_recordset(${JSON.stringify(minutes)}::jsonb) as r (minute timestamptz, "typeId" integer, succeeded bigint,
        failed bigint, retried bigint, duplicates bigint, dead bigint, "durationUs" bigint, "criticalUs" bigint)
      order by minute, "typeId"
      on conflict (minute, subscription_id, type_id) do update set
        succeeded = old.succeeded + excluded.succeeded, failed = old.failed + excluded.failed,
        retried = old.retried + excluded.retried, duplicates = old.duplicates + excluded.duplicates,
        dead = old.dead + excluded.dead, duration_us = old.duration_us + excluded.duration_us,
        critical_us = old.critical_us + excluded.critical_us`;
  }
  if (bins.length > 0) {
    await tx`
      insert into processing_bins as old (minute, subscription_id, type_id, measure, bin, count)
      select minute, ${subscriptionId}, "typeId", measure, bin, count
      from jsonb_to_recordset(${JSON.stringify(bins)}::jsonb) as r (minute timestamptz, "typeId" integer, measure smallint,
        bin smallint, count bigint)
      order by minute, "typeId", measure, bin
      on conflict (minute, subscription_id, type_id, measure, bin) do update set count = old.count + excluded.count`;
  }
}
