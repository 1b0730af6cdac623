import type { EventShape } from "#server/domain/event.ts";
import { MAX_ATTRIBUTE_LENGTH, textProblem } from "./attributes.ts";
import { refuseDepth } from "./data.ts";
import type { JsonObject } from "./json-slices.ts";
import { readCloudEvent } from "./read-cloudevent.ts";
import { quoted, type Reading, type Refusal, refuse } from "./reading.ts";
import { FOREIGN_SHAPES } from "./shapes/table.ts";

export type EnvelopeLimits = { maxEventBytes: number; maxBatchEvents: number; maxDepth: number };
export const DEFAULT_LIMITS: EnvelopeLimits = {
  maxEventBytes: 1024 * 1024,
  maxBatchEvents: 10_000,
  maxDepth: 64,
};

/** A UTF-16 unit becomes at most this many bytes of UTF-8. */
const MAX_BYTES_A_UNIT = 3;

/** Names under which the shapes carry an event's id, to name a rejected event by. */
const ID_MEMBERS = ["id", "event_id", "eventId", "MessageId"];

/** The text of an element passed the scan, but is not JSON. */
export type NotJson = { kind: "not-json"; problem: string };

/**
 * Reads one object of a JSON body as an event. An object over a limit is refused by its measures alone,
 * before it is parsed.
 *
 * @param cloudEventShape what a CloudEvents object is called in this body
 * @param acceptsForeign whether an object without `specversion` may have one of the foreign shapes
 */
export function readElement(
  object: JsonObject,
  limits: EnvelopeLimits,
  cloudEventShape: EventShape,
  acceptsForeign: boolean,
): Reading | NotJson {
  const overLimit = checkMeasures(object, limits);
  if (overLimit !== null) return withId(overLimit, object);

  let values: Record<string, unknown>;
  try {
    values = object.parse();
  } catch (error) {
    return { kind: "not-json", problem: error instanceof Error ? error.message : String(error) };
  }

  const reading = readObject(object, values, limits, cloudEventShape, acceptsForeign);
  return reading.kind === "event" ? reading : withId(reading, object);
}

/** Refuses a text that takes more bytes in UTF-8 than an event may. */
function checkSize(text: string, start: number, end: number, maxBytes: number): Refusal | null {
  const units = end - start;
  if (units * MAX_BYTES_A_UNIT <= maxBytes) return null;
  if (units <= maxBytes && Buffer.byteLength(text.slice(start, end)) <= maxBytes) return null;
  return refuseSize(maxBytes);
}

export function refuseSize(maxBytes: number): Refusal {
  return refuse(
    "too-large",
    `The event is larger than ${maxBytes} bytes. Send the bulk elsewhere and a reference in the event.`,
  );
}

function checkMeasures(object: JsonObject, limits: EnvelopeLimits): Refusal | null {
  const tooLarge = checkSize(object.text, object.start, object.end, limits.maxEventBytes);
  if (tooLarge !== null) return tooLarge;
  return object.depth > limits.maxDepth ? refuseDepth(limits.maxDepth) : null;
}

function readObject(
  object: JsonObject,
  values: Record<string, unknown>,
  limits: EnvelopeLimits,
  cloudEventShape: EventShape,
  acceptsForeign: boolean,
): Reading {
  // JSON.parse folds members of one name, however they are escaped, so fewer keys mean a repeated one.
  if (Object.keys(values).length !== object.memberCount) {
    const name = quoted(object.findRepeatedKey());
    return refuse(
      "duplicate-attribute",
      `${name} stands in the event twice. Which one is meant can't be told: send it once.`,
    );
  }
  if (!acceptsForeign || "specversion" in values)
    return readCloudEvent(object, values, cloudEventShape, limits.maxDepth);
  for (const shape of FOREIGN_SHAPES) {
    if (shape.matches(values)) return shape.read(object, values, limits.maxDepth);
  }
  return refuseShape(values);
}

function refuseShape(values: Record<string, unknown>): Refusal {
  if ("id" in values && "source" in values && "type" in values) {
    return refuse(
      "missing-attribute",
      '"specversion" is missing. Add "specversion": "1.0" to send this as CloudEvents.',
    );
  }
  const known = FOREIGN_SHAPES.map((shape) => shape.description).join("; ");
  return refuse(
    "unknown-shape",
    `The object has none of the shapes that are known: CloudEvents 1.0 (specversion, id, source, type); ${known}.`,
  );
}

/** The refusal with the id that the event carries, where one can be read. */
function withId(refusal: Refusal, object: JsonObject): Refusal {
  for (const name of ID_MEMBERS) {
    const raw = object.raw(name);
    if (raw === null || !raw.startsWith('"')) continue;
    const id = readString(raw);
    if (id !== null && textProblem(id, MAX_ATTRIBUTE_LENGTH) === null) return { ...refusal, id };
  }
  return refusal;
}

function readString(raw: string): string | null {
  try {
    return String(JSON.parse(raw));
  } catch {
    return null;
  }
}
