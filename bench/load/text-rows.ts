import { DATA_ENCODINGS, type PlacedEvent } from "#drizzle/queries/event-writing.ts";
import { EVENT_KINDS, EVENT_SHAPES } from "#server/domain/event.ts";
import { isCanonicalInstant } from "#server/domain/instant.ts";
import type { NameIds } from "#server/names/name-cache.ts";

type Value = string | number | null;

/** The rows of `COPY event_identities … FROM STDIN` in the text format. */
export function identityText(placed: readonly PlacedEvent[]): Buffer {
  const sorted = placed.toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
  return lines(sorted.map(({ identity, position }) => [identity, position]));
}

/** The rows of `COPY events … FROM STDIN` in the text format. */
export function eventText(placed: readonly PlacedEvent[], ids: NameIds): Buffer {
  return lines(placed.map((one) => eventValues(one, ids)));
}

function eventValues({ position, event }: PlacedEvent, ids: NameIds): Value[] {
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
    time === null || isCanonicalInstant(time) ? null : time,
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
