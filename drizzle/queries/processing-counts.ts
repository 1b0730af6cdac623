import type { Sql, SqlTx } from "../db.ts";

export type MinuteCount = {
  /** RFC 3339, a whole minute. */
  minute: string;
  subscriptionId: number;
  typeId: number;
  succeeded: number;
  failed: number;
  retried: number;
  duplicates: number;
  dead: number;
  durationUs: number;
  criticalUs: number;
};

export type BinCount = {
  minute: string;
  subscriptionId: number;
  typeId: number;
  measure: 0 | 1;
  bin: number;
  count: number;
};

/** Adds to the minutes of consumers, in the order of the keys, so that it never deadlocks with others. */
export async function addProcessingCounts(
  tx: SqlTx,
  minutes: MinuteCount[],
  bins: BinCount[],
): Promise<void> {
  const writes: PromiseLike<unknown>[] = [];
  if (minutes.length > 0) {
    writes.push(tx`
      insert into processing_minutes as old (minute, subscription_id, type_id, succeeded, failed, retried, duplicates,
        dead, duration_us, critical_us)
      select minute, "subscriptionId", "typeId", succeeded, failed, retried, duplicates, dead, "durationUs", "criticalUs"
      from jsonb_to_recordset(${JSON.stringify(minutes)}::jsonb) as r (minute timestamptz, "subscriptionId" integer,
        "typeId" integer, succeeded bigint, failed bigint, retried bigint, duplicates bigint, dead bigint,
        "durationUs" bigint, "criticalUs" bigint)
      order by minute, "subscriptionId", "typeId"
      on conflict (minute, subscription_id, type_id) do update set
        succeeded = old.succeeded + excluded.succeeded, failed = old.failed + excluded.failed,
        retried = old.retried + excluded.retried, duplicates = old.duplicates + excluded.duplicates,
        dead = old.dead + excluded.dead, duration_us = old.duration_us + excluded.duration_us,
        critical_us = old.critical_us + excluded.critical_us`);
  }
  if (bins.length > 0) {
    writes.push(tx`
      insert into processing_bins as old (minute, subscription_id, type_id, measure, bin, count)
      select minute, "subscriptionId", "typeId", measure, bin, count
      from jsonb_to_recordset(${JSON.stringify(bins)}::jsonb) as r (minute timestamptz, "subscriptionId" integer,
        "typeId" integer, measure smallint, bin smallint, count bigint)
      order by minute, "subscriptionId", "typeId", measure, bin
      on conflict (minute, subscription_id, type_id, measure, bin) do update set count = old.count + excluded.count`);
  }
  await Promise.all(writes);
}

export type ProcessingGroup = "consumer" | "type";

export type ProcessingSum = {
  name: string;
  succeeded: string;
  failed: string;
  retried: string;
  duplicates: string;
  dead: string;
  duration_us: string;
};

const MAX_GROUPS = 1_000;

export type ProcessingScope = {
  by: ProcessingGroup;
  from: string;
  to: string;
  /** Only this consumer's part; null for that of all. */
  consumer: string | null;
};

/** The sums of the minutes from one moment up to another, exclusive, by consumer or type; at most 1,000 groups. */
export async function sumProcessing(
  sql: Sql,
  { by, from, to, consumer }: ProcessingScope,
): Promise<ProcessingSum[]> {
  return sql<ProcessingSum[]>`
    select name, sum(succeeded)::text as succeeded, sum(failed)::text as failed, sum(retried)::text as retried,
      sum(duplicates)::text as duplicates, sum(dead)::text as dead, sum(duration_us)::text as duration_us
    from processing_minutes join ${namesOf(sql, by)}
    where minute >= ${from}::timestamptz and minute < ${to}::timestamptz ${ofConsumer(sql, consumer)}
    group by name order by name limit ${MAX_GROUPS}`;
}

export type ProcessingBin = { name: string; measure: number; bin: number; count: string };

/** The histograms of the same minutes. */
export async function sumProcessingBins(
  sql: Sql,
  { by, from, to, consumer }: ProcessingScope,
): Promise<ProcessingBin[]> {
  return sql<ProcessingBin[]>`
    select name, measure, bin, sum(count)::text as count
    from processing_bins join ${namesOf(sql, by)}
    where minute >= ${from}::timestamptz and minute < ${to}::timestamptz ${ofConsumer(sql, consumer)}
    group by name, measure, bin having sum(count) > 0`;
}

function namesOf(sql: Sql, by: ProcessingGroup) {
  return by === "consumer"
    ? sql`(select id, consumer as name from subscriptions) named on named.id = subscription_id`
    : sql`(select id, name from interned_names) named on named.id = type_id`;
}

function ofConsumer(sql: Sql, consumer: string | null) {
  if (consumer === null) return sql``;
  return sql`and subscription_id in (select id from subscriptions where consumer = ${consumer})`;
}
