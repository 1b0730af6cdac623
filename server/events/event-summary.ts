import type { SummaryRow } from "#drizzle/queries/event-reading.ts";
import type { EventDataDto, EventSummaryDto } from "#server/contract/events.ts";
import type { EventData } from "#server/domain/event.ts";
import { recordedAt } from "#server/domain/instant.ts";
import { kindOf, shapeOf, timeOf } from "./envelopes.ts";
import type { NameOf } from "./event-matcher.ts";

/** A row of the log as the browser sees it. */
export function toSummary(row: SummaryRow, nameOf: NameOf): EventSummaryDto {
  return {
    position: row.position,
    id: row.id,
    source: nameOf(row.source_id),
    type: nameOf(row.type_id),
    subject: row.subject,
    kind: kindOf(row.kind),
    time: timeOf(row.time_text, row.event_micros),
    recordedAt: recordedAt(row.position),
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    partitionKey: row.partition_key,
    channel: row.channel_id === null ? null : nameOf(row.channel_id),
    dataContentType: row.content_type_id === null ? null : nameOf(row.content_type_id),
    dataBytes: row.data_size,
    shape: shapeOf(row.shape),
  };
}

/** A payload as the browser sees it: verbatim, binary as base64. */
export function toDataDto(data: EventData): EventDataDto {
  if (data.encoding === "none") return { encoding: "none", text: "" };
  if (data.encoding === "binary") {
    return { encoding: "base64", text: Buffer.from(data.bytes).toString("base64") };
  }
  return { encoding: data.encoding, text: data.text };
}
