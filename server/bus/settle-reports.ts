import type { SqlTx } from "#drizzle/db.ts";
import { type Death, insertDeadLetters, LETTER_STATUS } from "#drizzle/queries/dead-letters.ts";
import { followReports } from "#drizzle/queries/letter-following.ts";
import { notifyTopic } from "#drizzle/queries/notices.ts";
import {
  listReportedAttempts,
  lockReportedDeliveries,
  type ReportedAttemptRow,
  type ReportedKey,
  updateReportedDeliveries,
  upsertReportedAttempts,
} from "#drizzle/queries/reported-deliveries.ts";
import { attemptSchema } from "#server/contract/deliveries.ts";
import { DELIVERY_STATUSES, type DeliveryStatus, isSettled } from "#server/domain/delivery.ts";
import { type ErrorRecord, errorText } from "#server/domain/error-record.ts";
import {
  applyAttemptReport,
  REPORTED_OUTCOMES,
  type ReportedAttempt,
  statusOfReports,
} from "#server/domain/reported-attempts.ts";
import { REPORTED_CODES } from "./attempt-dto.ts";
import { type ReportedEvent, ReportTally } from "./report-tally.ts";

/** A report whose event and consumer are known. */
export type SettledReport = { event: ReportedEvent; subscriptionId: number; attempt: ReportedAttempt };

/** The topic of what becomes of events. */
const DELIVERIES_TOPIC = "deliveries";

/** How a delivery stands after the reports, and how it stood before them. */
type Standing = {
  record: Parameters<typeof updateReportedDeliveries>[1][number];
  before: DeliveryStatus;
  status: DeliveryStatus;
  message: string;
};

type Group = { event: ReportedEvent; subscriptionId: number; reports: ReportedAttempt[] };

/** Writes what all reports so far say together: attempts, where the deliveries stand, and the rollups. */
export async function settleReports(tx: SqlTx, settled: readonly SettledReport[]): Promise<void> {
  const groups = new Map<string, Group>();
  for (const { event, subscriptionId, attempt } of settled) {
    const key = keyOf(event.position, subscriptionId);
    const known = groups.get(key);
    if (known) known.reports.push(attempt);
    else groups.set(key, { event, subscriptionId, reports: [attempt] });
  }
  const keys: ReportedKey[] = [...groups.values()].map(({ event: { position, typeId }, subscriptionId }) => ({
    position,
    subscriptionId,
    typeId,
  }));
  const rows = await lockReportedDeliveries(tx, keys);
  const stored = Map.groupBy(await listReportedAttempts(tx, keys), (row) =>
    keyOf(row.position, row.subscription_id),
  );
  const changes: Parameters<typeof upsertReportedAttempts>[1] = [];
  const standings: Standing[] = [];
  const tallies = new Map<number, ReportTally>();
  for (const row of rows) {
    const key = keyOf(row.position, row.subscription_id);
    const group = groups.get(key);
    if (group === undefined) continue;
    const before = (stored.get(key) ?? []).map(toReportedAttempt);
    const after = group.reports.reduce<readonly ReportedAttempt[]>(applyAttemptReport, before);
    const tally = tallies.get(group.subscriptionId) ?? new ReportTally();
    tallies.set(group.subscriptionId, tally);
    for (const attempt of after) {
      const old = before.find((one) => one.attempt === attempt.attempt);
      tally.replace(group.event, old, attempt);
      changes.push(toRecord(group, attempt));
    }
    standings.push(toStanding(group, after, DELIVERY_STATUSES[row.status] ?? "pending"));
  }
  await upsertReportedAttempts(tx, changes);
  await updateReportedDeliveries(
    tx,
    standings.map(({ record }) => record),
  );
  await keepLetters(tx, standings);
  // In one order for everybody: two transactions that add to the same minutes then never deadlock.
  for (const [id, tally] of [...tallies].toSorted(([a], [b]) => a - b)) await tally.write(tx, id);
  await notifyTopic(tx, DELIVERIES_TOPIC);
}

function keyOf(position: string, subscriptionId: number): string {
  return `${position}/${subscriptionId}`;
}

function toReportedAttempt(row: ReportedAttemptRow): ReportedAttempt {
  const outcome = REPORTED_OUTCOMES.find((one) => REPORTED_CODES[one] === row.outcome) ?? "running";
  return {
    attempt: row.attempt,
    outcome,
    startedAtUs: row.started_us === null ? null : Number(row.started_us),
    endedAtUs: row.ended_us === null ? null : Number(row.ended_us),
    // Only records of that shape are written.
    error: attemptSchema.shape.error.parse(row.error ?? null) as ErrorRecord | null,
  };
}

function toRecord({ event, subscriptionId }: Group, attempt: ReportedAttempt) {
  return {
    position: event.position,
    subscriptionId,
    attempt: attempt.attempt,
    startedUs: attempt.startedAtUs,
    endedUs: attempt.endedAtUs,
    outcome: REPORTED_CODES[attempt.outcome],
    error: attempt.error,
  };
}

function toStanding(
  { event, subscriptionId }: Group,
  attempts: readonly ReportedAttempt[],
  before: DeliveryStatus,
): Standing {
  const status = statusOfReports(attempts, before === "discarded");
  const success = attempts.find(({ outcome }) => outcome === "succeeded");
  const decisive = success ?? attempts.at(-1);
  const record = {
    position: event.position,
    subscriptionId,
    status: DELIVERY_STATUSES.indexOf(status),
    attempts: attempts.at(-1)?.attempt ?? 0,
    startedUs: decisive?.startedAtUs ?? null,
    endedUs: decisive?.endedAtUs ?? null,
    isSettled: isSettled(status),
  };
  return { record, before, status, message: decisive?.error ? errorText(decisive.error) : "" };
}

/** Writes the letters of deliveries that are dead by now, and how those go on that were. */
async function keepLetters(tx: SqlTx, standings: readonly Standing[]): Promise<void> {
  const changed = standings.filter(({ before, status }) => before !== status);
  const deaths = Map.groupBy(
    changed.filter(({ status }) => status === "dead"),
    ({ record }) => record.subscriptionId,
  );
  for (const [subscriptionId, dead] of [...deaths].toSorted(([a], [b]) => a - b)) {
    await insertDeadLetters(tx, subscriptionId, dead.map(toDeath));
  }
  const others = changed.filter(({ status }) => status !== "dead");
  await followReports(
    tx,
    others.map(({ record: { position, subscriptionId }, status }) => ({
      position,
      subscriptionId,
      status: status === "succeeded" ? LETTER_STATUS.resolved : LETTER_STATUS.replaying,
    })),
  );
}

function toDeath({ record, message }: Standing): Death {
  const { position, attempts, endedUs, startedUs } = record;
  return { position, generation: 0, diedAtUs: endedUs ?? startedUs ?? Number(position), message, attempts };
}
