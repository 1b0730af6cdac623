import { BATCH_ENTRIES, DATA_ENCODINGS, type NewEvent, PREFIX_BYTES } from "#drizzle/queries/event-rows.ts";
import { EVENT_KINDS, EVENT_SHAPES, type EventEnvelope } from "#server/domain/event.ts";
import { canonicalMillis } from "#server/domain/instant.ts";
import type { NameIds } from "#server/names/name-cache.ts";

type Value = string | number | null;

/** The rows of `COPY identity_batches … FROM STDIN` in the text format. */
export function identityText(events: readonly NewEvent[], first: number): Buffer {
  const prefixes = events.map(({ identity }) => identity.replaceAll("-", "").slice(0, PREFIX_BYTES * 2));
  const rows: Value[][] = [];
  for (let at = 0; at < prefixes.length; at += BATCH_ENTRIES) {
    rows.push([first + at, `\\x${prefixes.slice(at, at + BATCH_ENTRIES).join("")}`]);
  }
  return lines(rows);
}

/** The rows of `COPY events … FROM STDIN` in the text format. */
export function eventText(events: readonly NewEvent[], first: number, ids: NameIds): Buffer {
  return lines(events.map(({ event }, at) => eventValues(first + at, event, ids)));
}

function eventValues(position: number, event: EventEnvelope, ids: NameIds): Value[] {
  const { data, time } = event;
  return [
    position,
    time,
    ids("type", event.type),
    ids("source", event.source),
    ids("channel", event.channel),
    ids("content-type", event.dataContentType),
    ids("data-schema", event.dataSchema),
    ids("aggregate-type", event.aggregateType),
    event.aggregateVersion,
    event.kind === null ? null : EVENT_KINDS.indexOf(event.kind),
    EVENT_SHAPES.indexOf(event.shape),
    DATA_ENCODINGS.indexOf(data.encoding),
    event.id,
    time === null || canonicalMillis(time) !== null ? null : time,
    event.subject,
    event.correlationId,
    event.causationId,
    event.partitionKey,
    event.aggregateId,
    event.traceparent,
    event.extensions === null ? null : JSON.stringify(event.extensions),
    data.encoding === "json" || data.encoding === "text" ? data.text : null,
    data.encoding === "binary" ? `\\x${Buffer.from(data.bytes).toString("hex")}` : null,
  ];
}

function lines(rows: readonly Value[][]): Buffer {
  return Buffer.from(rows.map((row) => `${row.map(escapeValue).join("\t")}\n`).join(""));
}

function escapeValue(value: Value): string {
  if (value === null) return "\\N";
  const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
  return String(value).replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}
