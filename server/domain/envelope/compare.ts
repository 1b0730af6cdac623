import type { EventData, EventEnvelope } from "#server/domain/event.ts";
import { TEXT_FIELDS } from "./attributes.ts";
import { isSameJson } from "./compact-json.ts";
import { isSameChange } from "./shapes/debezium.ts";
import { isSameInstant } from "./timestamp.ts";

const encoder = new TextEncoder();

/**
 * Whether two events say the same: the same attributes and the same payload, in whichever mode or shape they
 * came. Times are compared as instants; extension values by their canonical strings, since headers have
 * nothing else; JSON payloads as they are written, but for white space between tokens. A JSON payload without
 * a content type is one of `application/json`, and no payload is the same as an empty one, since a body can't
 * tell these apart. Two messages from Debezium are the same when they tell of the same change.
 */
export function isSameContent(a: EventEnvelope, b: EventEnvelope): boolean {
  for (const field of TEXT_FIELDS.values()) if (a[field] !== b[field]) return false;
  if (a.kind !== b.kind || a.aggregateVersion !== b.aggregateVersion) return false;
  if (contentTypeOf(a) !== contentTypeOf(b)) return false;
  if (!isSameTime(a.time, b.time) || !areSameExtensions(a.extensions, b.extensions)) return false;
  if (a.shape === "debezium" && b.shape === "debezium") return isSameChangeData(a.data, b.data);
  return isSameData(a.data, b.data);
}

function contentTypeOf({ data, dataContentType }: EventEnvelope): string | null {
  return data.encoding === "json" && dataContentType === null ? "application/json" : dataContentType;
}

function isSameTime(a: string | null, b: string | null): boolean {
  return a === null || b === null ? a === b : isSameInstant(a, b);
}

function areSameExtensions(a: EventEnvelope["extensions"], b: EventEnvelope["extensions"]): boolean {
  const some = Object.entries(a ?? {});
  const others = b ?? {};
  if (some.length !== Object.keys(others).length) return false;
  return some.every(([name, value]) => Object.hasOwn(others, name) && String(others[name]) === String(value));
}

function isSameChangeData(a: EventData, b: EventData): boolean {
  return a.encoding === "json" && b.encoding === "json" ? isSameChange(a.text, b.text) : isSameData(a, b);
}

function isSameData(a: EventData, b: EventData): boolean {
  if (a.encoding === "json" || b.encoding === "json") {
    return a.encoding === "json" && b.encoding === "json" && isSameJson(a.text, b.text);
  }
  if (a.encoding === "text" && b.encoding === "text") return a.text === b.text;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf(data: Exclude<EventData, { encoding: "json" }>): Uint8Array {
  if (data.encoding === "none") return new Uint8Array();
  return data.encoding === "text" ? encoder.encode(data.text) : data.bytes;
}
