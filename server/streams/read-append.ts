import { decodeUtf8, withoutByteOrderMark } from "#server/domain/envelope/data.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { type JsonObject, scanArray, scanObject, skipSpace } from "#server/domain/envelope/json-slices.ts";
import { readCloudEvent } from "#server/domain/envelope/read-cloudevent.ts";
import type { EnvelopeLimits } from "#server/domain/envelope/read-element.ts";
import { quoted } from "#server/domain/envelope/reading.ts";
import type { EventEnvelope } from "#server/domain/event.ts";
import { isJson } from "#server/domain/is-json.ts";
import { AppError } from "#server/platform/errors.ts";
import type { StreamAppend } from "./stream-append.ts";

const MAX_VERSION = 2_147_483_647;
const STREAM_ATTRIBUTES = ["aggregatetype", "aggregateid", "aggregateversion"] as const;

type StreamName = { type: string; aggregateId: string };

/** The source of an event that names none. */
export function defaultSource(type: string): string {
  return `/streams/${encodeURIComponent(type)}`;
}

/**
 * Reads the body of an append, payloads as they are written.
 *
 * Throws `unreadable` for what is no JSON, `invalid` with the place of the fault, and `too-large`.
 */
export function readAppend(body: Uint8Array, name: StreamName, limits: EnvelopeLimits): StreamAppend {
  const text = withoutByteOrderMark(decodeUtf8(body) ?? "");
  const start = skipSpace(text, 0);
  const object = scanObject(text, start, text.length);
  if (object === null || skipSpace(text, object.end) !== text.length || !isJson(text)) {
    throw new AppError("unreadable", "The body is no JSON object in UTF-8. Send expectedVersion and events.");
  }
  return {
    ...name,
    expected: readExpected(object.raw("expectedVersion")),
    events: readEvents(object, name, limits),
  };
}

function readExpected(raw: string | null): number | null {
  if (raw === '"any"') return null;
  if (raw === '"none"') return 0;
  const version = raw !== null && /^\d{1,10}$/.test(raw) ? Number(raw) : Number.NaN;
  if (version <= MAX_VERSION) return version;
  throw new AppError(
    "invalid",
    `"expectedVersion" is ${raw === null ? "missing" : quoted(raw)}. Send the version that the stream is at, "none" or "any".`,
  );
}

function readEvents(object: JsonObject, name: StreamName, limits: EnvelopeLimits): StreamAppend["events"] {
  const member = object.find("events");
  const at = member === -1 ? -1 : object.valueStart(member);
  const events: StreamAppend["events"][number][] = [];
  const end = scanArray(object.text, at, limits.maxEventBytes, (element, start, elementEnd) => {
    if (events.length >= limits.maxBatchEvents) {
      throw new AppError("too-large", `An append holds at most ${limits.maxBatchEvents} events. Split it.`);
    }
    if (element === null) throw invalid(events.length, "is no JSON object");
    if (Buffer.byteLength(object.text.slice(start, elementEnd)) > limits.maxEventBytes) {
      throw new AppError("too-large", `Event ${events.length} is larger than ${limits.maxEventBytes} bytes.`);
    }
    if (element.depth > limits.maxDepth) {
      throw invalid(events.length, `is nested deeper than ${limits.maxDepth} levels`);
    }
    const event = readEvent(element, events.length, name, limits);
    events.push({ event, identity: eventIdentity(event.source, event.id) });
  });
  if (at === -1 || end === -1) throw new AppError("invalid", '"events" is no array. Send the events in one.');
  return events;
}

function readEvent(
  element: JsonObject,
  index: number,
  { type, aggregateId }: StreamName,
  limits: EnvelopeLimits,
): EventEnvelope {
  const repeated = element.findRepeatedKey();
  if (repeated !== null) throw invalid(index, `has ${quoted(repeated)} twice`);
  const values = element.parse();
  const foreign = STREAM_ATTRIBUTES.find((attribute) => values[attribute] !== undefined);
  if (foreign !== undefined) {
    throw invalid(index, `says its own ${foreign}, which the stream does. Leave it out`);
  }
  const whole = {
    ...values,
    specversion: values.specversion ?? "1.0",
    source: values.source ?? defaultSource(type),
  };
  const reading = readCloudEvent(element, whole, "cloudevents-json", limits.maxDepth);
  if (reading.kind === "refused") {
    throw new AppError("invalid", `Event ${index} can't be taken: ${reading.message}`);
  }
  return { ...reading.event, aggregateType: type, aggregateId };
}

function invalid(index: number, problem: string): AppError {
  return new AppError("invalid", `Event ${index} ${problem}.`);
}
