import type { EventShape } from "#server/domain/event.ts";
import { checkJson, decodeUtf8, withoutByteOrderMark } from "./data.ts";
import { type JsonObject, scanArray, scanObject, skipSpace } from "./json-slices.ts";
import { isUtf8Type, parseMediaType } from "./media-type.ts";
import { NdjsonReader } from "./ndjson-reader.ts";
import { PlainEvents } from "./plain-events.ts";
import { type Headers, hasEventHeaders, readBinary } from "./read-binary.ts";
import { type EnvelopeLimits, readElement } from "./read-element.ts";
import { addReading, EnvelopeError, quoted, type ReadEvents, type Reading, refuse } from "./reading.ts";

/** `single` says that the body holds one event, not a batch of one; it is then in `events` or in `rejected`. */
export type ReadResult = ReadEvents & { kind: "single" | "batch" };

type Mode = "structured" | "batch" | "json" | "ndjson";

const MODES = new Map<string, Mode>([
  ["application/cloudevents+json", "structured"],
  ["application/cloudevents-batch+json", "batch"],
  ["application/json", "json"],
  ["application/x-ndjson", "ndjson"],
  ["application/ndjson", "ndjson"],
]);

const LINES_CHUNK_BYTES = 256 * 1024;

const ACCEPTED =
  "Send application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, application/json, " +
  "or any content type with the CloudEvents headers ce-specversion, ce-id, ce-source and ce-type.";

/**
 * Reads the events of a request body, decompressed, in whichever mode and shape they come. One bad event
 * never loses the good ones beside it: it is named in `rejected` by its place in the body.
 *
 * Payload texts are slices of the body's text and keep it in memory as long as they live. Headers should come
 * from `headersDistinct`, where a header that is sent twice shows as such.
 *
 * @throws EnvelopeError when the body as a whole can't be read.
 */
export function readEnvelopes(
  input: { contentType: string | undefined; headers: Headers; body: Uint8Array },
  limits: EnvelopeLimits,
): ReadResult {
  const mode = findMode(input.contentType, input.headers);
  if (mode === "binary") {
    return readSingle(readBinary(input.headers, input.contentType?.trim(), input.body, limits));
  }
  if (mode === "ndjson") return { kind: "batch", ...readLines(input.body, limits) };

  const text = readText(input.body);
  const isArray = text.startsWith("[", skipSpace(text, 0));
  if (mode === "batch" && !isArray)
    throw unreadable("holds no JSON array. Send one event as application/cloudevents+json");
  if (mode === "structured" && isArray) {
    throw unreadable("holds a JSON array. Send a batch as application/cloudevents-batch+json");
  }
  return isArray ? readArray(text, limits, mode) : readObject(text, limits, mode);
}

/** Content-Type decides, batch before structured; the headers decide where it is not one of CloudEvents (section 3). */
function findMode(contentType: string | undefined, headers: Headers): Mode | "binary" {
  const media = parseMediaType(contentType?.trim() ?? "");
  const isCloudEvents = media?.essence.startsWith("application/cloudevents") ?? false;
  if (!isCloudEvents && hasEventHeaders(headers)) return "binary";
  if (media === null) {
    throw unsupported(
      contentType ? `${quoted(contentType)} is no media type.` : "The request has no content type.",
    );
  }
  // Amazon SNS posts JSON as text/plain and says so in a header of its own.
  const mode = headers["x-amz-sns-message-type"] === undefined ? MODES.get(media.essence) : "json";
  if (mode === undefined) throw unsupported(`The content type ${media.essence} is not read.`);
  if (!isUtf8Type(media))
    throw unsupported(`The charset ${quoted(media.charset)} is not read; JSON must be in UTF-8.`);
  return mode;
}

function readText(body: Uint8Array): string {
  const text = decodeUtf8(body);
  if (text === null) throw unreadable("is not valid UTF-8. Send JSON in UTF-8");
  if (text === "") throw unreadable("is empty. Send an event");
  return withoutByteOrderMark(text);
}

function readLines(body: Uint8Array, limits: EnvelopeLimits): ReadEvents {
  const reader = new NdjsonReader(limits);
  const result: ReadEvents = { events: [], rejected: [] };
  const add = ({ events, rejected }: ReadEvents): void => {
    for (const event of events) result.events.push(event);
    for (const rejection of rejected) result.rejected.push(rejection);
    if (result.events.length + result.rejected.length > limits.maxBatchEvents) throw tooMany(limits);
  };
  // In parts, so that a body of countless short lines is given up before they are all read.
  for (let start = 0; start < body.length; start += LINES_CHUNK_BYTES) {
    add(reader.push(body.subarray(start, start + LINES_CHUNK_BYTES)));
  }
  add(reader.end());
  return result;
}

function readArray(text: string, limits: EnvelopeLimits, mode: Mode): ReadResult {
  const result: ReadResult = { kind: "batch", events: [], rejected: [] };
  const acceptsForeign = mode === "json";
  const shape: EventShape = acceptsForeign ? "cloudevents-json" : "cloudevents-batch";
  const plain = new PlainEvents(text, shape, limits);
  let index = 0;
  const take = (start: number) => {
    const event = index < limits.maxBatchEvents ? plain.read(start) : null;
    if (event === null) return -1;
    result.events.push({ index, event });
    index += 1;
    return plain.end;
  };
  const visit = (element: JsonObject | null, start: number, elementEnd: number) => {
    if (index >= limits.maxBatchEvents) throw tooMany(limits);
    if (element === null) addReading(result, index, readOther(text.slice(start, elementEnd), index, limits));
    else {
      const reading = readElement(element, limits, shape, acceptsForeign);
      if (reading.kind === "not-json")
        throw unreadable(`is not valid JSON in element ${index}: ${reading.problem}`);
      addReading(result, index, reading);
    }
    index += 1;
  };
  const end = scanArray(text, skipSpace(text, 0), limits.maxEventBytes, visit, take);
  if (end === -1)
    throw unreadable(`is not valid JSON: the array breaks off or goes wrong at element ${index}`);
  if (skipSpace(text, end) !== text.length)
    throw unreadable("is not valid JSON: something follows the array");
  return result;
}

function readObject(text: string, limits: EnvelopeLimits, mode: Mode): ReadResult {
  const acceptsForeign = mode === "json";
  const shape: EventShape = acceptsForeign ? "cloudevents-json" : "cloudevents-structured";
  const start = skipSpace(text, 0);
  const plain = new PlainEvents(text, shape, limits);
  const event = plain.read(start);
  if (event !== null && skipSpace(text, plain.end) === text.length)
    return readSingle({ kind: "event", event });
  const object = scanObject(text, start, limits.maxEventBytes);
  if (object === null) {
    throw unreadable(
      text.startsWith("{", start)
        ? "is not valid JSON: the object breaks off or goes wrong"
        : "holds no JSON object",
    );
  }
  if (skipSpace(text, object.end) !== text.length) {
    throw unreadable(
      "holds something behind its object. Send many events as an array or as application/x-ndjson",
    );
  }
  const reading = readElement(object, limits, shape, acceptsForeign);
  if (reading.kind === "not-json") throw unreadable(`is not valid JSON: ${reading.problem}`);
  return readSingle(reading);
}

function readSingle(reading: Reading): ReadResult {
  const result: ReadResult = { kind: "single", events: [], rejected: [] };
  addReading(result, 0, reading);
  return result;
}

/** An element of a batch that is no object, which must be JSON all the same for the body to be. */
function readOther(text: string, index: number, limits: EnvelopeLimits): Reading {
  const isSmall = text.length <= limits.maxEventBytes;
  if (isSmall && checkJson(text, limits.maxDepth) === "invalid")
    throw unreadable(`is not valid JSON in element ${index}`);
  return refuse("unknown-shape", "The element is no JSON object. Send one object an event.");
}

function unreadable(problem: string): EnvelopeError {
  return new EnvelopeError("unreadable-body", `The body ${problem}.`);
}

function unsupported(message: string): EnvelopeError {
  return new EnvelopeError("unsupported-media-type", `${message} ${ACCEPTED}`);
}

function tooMany({ maxBatchEvents }: EnvelopeLimits): EnvelopeError {
  return new EnvelopeError(
    "too-many-events",
    `The batch holds more than ${maxBatchEvents} events. Split it.`,
  );
}
