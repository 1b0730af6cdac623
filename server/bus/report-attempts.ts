import { listEnvelopeRows } from "#drizzle/queries/event-envelopes.ts";
import {
  type AttemptReport,
  type AttemptReportsAnswerDto,
  attemptReportSchema,
} from "#server/contract/deliveries.ts";
import type { RejectionDto } from "#server/contract/events.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { describeError, type ErrorRecord, errorFromThrown } from "#server/domain/error-record.ts";
import { instantMicros } from "#server/domain/instant.ts";
import type { ReportedAttempt } from "#server/domain/reported-attempts.ts";
import type { Context } from "#server/platform/context.ts";
import { ensureExternalConsumers } from "./external-consumers.ts";
import type { ReportedEvent } from "./report-tally.ts";
import { type SettledReport, settleReports } from "./settle-reports.ts";

type IndexedReport = { index: number; report: AttemptReport };

/**
 * Takes what systems with their own delivery say of their attempts. Reports may come out of order, in parts and more
 * than once: the state is that of all of them together. One bad report never loses the good ones beside it.
 */
export async function reportAttempts(
  ctx: Context,
  given: readonly unknown[],
): Promise<AttemptReportsAnswerDto> {
  const rejected: RejectionDto[] = [];
  const reports = given.flatMap((one, index): IndexedReport[] => {
    const parsed = attemptReportSchema.safeParse(one);
    if (parsed.success) return [{ index, report: parsed.data }];
    const message = parsed.error.issues
      .map(({ path, message }) => `${path.join(".")}: ${message}`)
      .join("; ");
    rejected.push({ index, code: "invalid", message });
    return [];
  });
  const events = await findEvents(ctx, reports);
  const ofKnown = reports.filter(({ index, report }) => {
    const isKnown = events.has(identityOf(report));
    const message = `No event with id ${report.id} from ${report.source}. Send the event before its attempts.`;
    if (!isKnown) rejected.push({ index, id: report.id, code: "unknown-event", message });
    return isKnown;
  });
  const channels = new Map(ofKnown.map(({ report }) => [report.consumer, report.channel ?? null]));
  const consumers = await ensureExternalConsumers(ctx, channels);
  const settled = ofKnown.flatMap(({ index, report }): SettledReport[] => {
    const consumer = consumers.get(report.consumer);
    const event = events.get(identityOf(report));
    if (event === undefined || consumer === undefined) return [];
    if (consumer.kind === "external") {
      return [{ event, subscriptionId: consumer.subscriptionId, attempt: toReportedAttempt(report) }];
    }
    rejected.push({ index, id: report.id, code: "not-external", message: consumer.reason });
    return [];
  });
  if (settled.length > 0) await ctx.sql.begin((tx) => settleReports(tx, settled));
  return { accepted: settled.length, rejected: rejected.toSorted((a, b) => a.index - b.index) };
}

async function findEvents(
  { sql, identities }: Context,
  reports: readonly IndexedReport[],
): Promise<Map<string, ReportedEvent>> {
  const positions = await identities.listTaken([...new Set(reports.map(({ report }) => identityOf(report)))]);
  const rows = await listEnvelopeRows(sql, [...positions.values()]);
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  const found = new Map<string, ReportedEvent>();
  for (const [identity, position] of positions) {
    const row = byPosition.get(position);
    if (row === undefined) continue; // dropped by retention
    const eventUs = row.event_micros === null ? null : Number(row.event_micros);
    found.set(identity, { position, typeId: row.type_id, eventUs });
  }
  return found;
}

function identityOf({ source, id }: AttemptReport): string {
  return eventIdentity(source, id);
}

function toReportedAttempt({ attempt, outcome, startedAt, endedAt, error }: AttemptReport): ReportedAttempt {
  return {
    attempt,
    outcome,
    startedAtUs: microsOf(startedAt),
    endedAtUs: microsOf(endedAt),
    error: errorOf(error),
  };
}

function microsOf(text: string | undefined): number | null {
  const micros = text === undefined ? null : instantMicros(text);
  return micros === null ? null : Number(micros);
}

function errorOf(error: AttemptReport["error"]): ErrorRecord | null {
  if (error === undefined) return null;
  return typeof error === "string" ? describeError("reported", error) : errorFromThrown(error, "reported");
}
