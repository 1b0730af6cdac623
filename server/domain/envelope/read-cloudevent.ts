import type { EventData, EventEnvelope, EventShape } from "#server/domain/event.ts";
import { emptyEnvelope, findMissingAttribute, invalid, parseInteger, setAttribute } from "./attributes.ts";
import { dataFromBase64, dataFromText, isJsonContent } from "./data.ts";
import type { JsonObject } from "./json-slices.ts";
import { quoted, type Reading, type Refusal, refuse } from "./reading.ts";

/**
 * Reads a CloudEvents 1.0 event from its JSON format. Every member but the data is a context attribute;
 * null means absent.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function readCloudEvent(
  object: JsonObject,
  values: Record<string, unknown>,
  shape: EventShape,
  maxDepth: number,
): Reading {
  const event = emptyEnvelope(shape);
  const refusal =
    checkSpecVersion(values.specversion) ??
    setAttributes(event, object, values) ??
    findMissingAttribute(event) ??
    setData(event, object, values, maxDepth);
  return refusal ?? { kind: "event", event };
}

/** Says what is wrong with a `specversion`, from the JSON format or a header, or null. */
export function checkSpecVersion(version: unknown): Refusal | null {
  if (version === "1.0") return null;
  if (version === undefined || version === null) {
    return refuse("missing-attribute", '"specversion" is missing. A CloudEvents event says "1.0" there.');
  }
  return refuse(
    "unsupported-specversion",
    `"specversion" is ${quoted(version)}; only "1.0" is read. Send CloudEvents 1.0.`,
  );
}

function setAttributes(
  event: EventEnvelope,
  object: JsonObject,
  values: Record<string, unknown>,
): Refusal | null {
  for (const name in values) {
    if (name === "data" || name === "data_base64" || name === "specversion") continue;
    const value = values[name];
    if (value === null) continue;
    let refusal: Refusal | null;
    if (typeof value === "string" || typeof value === "boolean") refusal = setAttribute(event, name, value);
    else refusal = setInteger(event, name, object.raw(name) ?? "");
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Numbers are judged as they are written: `5.0` and `1e3` are no CloudEvents integers (section 2.2). */
function setInteger(event: EventEnvelope, name: string, raw: string): Refusal | null {
  const value = parseInteger(raw);
  if (value !== null) return setAttribute(event, name, value);
  const isNumber = !raw.startsWith("{") && !raw.startsWith("[");
  if (isNumber)
    return invalid(
      name,
      `is ${quoted(raw)}; a number must be a whole one of 32 bits, so send this as a string`,
    );
  return invalid(name, "is an object or an array; an attribute is a string, a boolean or an integer");
}

function setData(
  event: EventEnvelope,
  object: JsonObject,
  values: Record<string, unknown>,
  maxDepth: number,
): Refusal | null {
  const base64 = values.data_base64;
  if (base64 === undefined || base64 === null) {
    if (values.data === undefined) return null;
    return keepData(event, readData(object, values.data, event.dataContentType));
  }
  if (values.data !== undefined) {
    return refuse("invalid-data", 'Both "data" and "data_base64" are there. Send one of them.');
  }
  if (typeof base64 !== "string") return refuse("invalid-data", '"data_base64" must be a string of base64.');
  return keepData(event, dataFromBase64(base64, event.dataContentType, maxDepth));
}

/** Section 3.1.2: a JSON value as it is written where the content type declares JSON, otherwise a string's content. */
function readData(object: JsonObject, value: unknown, contentType: string | null): EventData | Refusal {
  if (isJsonContent(contentType)) return { encoding: "json", text: object.raw("data") ?? "null" };
  if (typeof value === "string") return dataFromText(value);
  if (value === null) return { encoding: "none" };
  return refuse(
    "invalid-data",
    `"datacontenttype" is ${quoted(contentType)}, so "data" must be a string. Send a string, data_base64, or a JSON content type.`,
  );
}

function keepData(event: EventEnvelope, data: EventData | Refusal): Refusal | null {
  if ("kind" in data) return data;
  event.data = data;
  return null;
}
