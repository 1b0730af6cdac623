import type { EventEnvelope } from "#server/domain/event.ts";
import { emptyEnvelope, findMissingAttribute, invalid, setAttribute } from "./attributes.ts";
import { dataFromBody } from "./data.ts";
import { decodeHeaderValue } from "./header-value.ts";
import { checkSpecVersion } from "./read-cloudevent.ts";
import { type EnvelopeLimits, refuseSize } from "./read-element.ts";
import { type Reading, type Refusal, refuse } from "./reading.ts";

export type Headers = Record<string, string | string[] | undefined>;

const PREFIX = "ce-";

/**
 * Reads an event in the binary content mode: attributes in `ce-` headers, the data as the body.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
 */
export function readBinary(
  headers: Headers,
  contentType: string | undefined,
  body: Uint8Array,
  limits: EnvelopeLimits,
): Reading {
  const event = emptyEnvelope("cloudevents-binary");
  const refusal =
    setHeaders(event, headers) ?? setContentType(event, contentType) ?? findMissingAttribute(event);
  const reading = refusal ?? readBody(event, body, limits);
  return reading.kind === "refused" && event.id !== "" ? { ...reading, id: event.id } : reading;
}

/** Headers that make a request an event in binary mode, all of them or not. */
export function hasEventHeaders(headers: Headers): boolean {
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return (
    names.has("ce-specversion") || (names.has("ce-id") && names.has("ce-source") && names.has("ce-type"))
  );
}

function setHeaders(event: EventEnvelope, headers: Headers): Refusal | null {
  let specVersion: string | null = null;
  const seen = new Set<string>();
  for (const [header, value] of Object.entries(headers)) {
    const name = header.toLowerCase();
    if (value === undefined || !name.startsWith(PREFIX)) continue;
    const attribute = name.slice(PREFIX.length);
    const values = typeof value === "string" ? [value] : value;
    const [only, ...others] = values;
    if (only === undefined) continue;
    if (others.length > 0 || seen.has(attribute)) {
      return refuse("duplicate-attribute", `The header ${name} stands in the request twice. Send it once.`);
    }
    seen.add(attribute);
    const text = decodeHeaderValue(only);
    if (text === null) {
      return invalid(
        name,
        "is not percent-encoded UTF-8 in a header; encode it as the CloudEvents HTTP binding says (section 3.1.3.2)",
      );
    }
    if (attribute === "specversion") specVersion = text;
    else {
      const refusal = setHeader(event, attribute, text);
      if (refusal !== null) return refusal;
    }
  }
  return checkSpecVersion(specVersion);
}

function setHeader(event: EventEnvelope, attribute: string, text: string): Refusal | null {
  if (attribute === "datacontenttype") {
    return invalid(
      "ce-datacontenttype",
      "must not be sent; in binary mode the Content-Type header says it (section 3.1.1)",
    );
  }
  return setAttribute(event, attribute, text);
}

function setContentType(event: EventEnvelope, contentType: string | undefined): Refusal | null {
  return contentType === undefined || contentType === ""
    ? null
    : setAttribute(event, "datacontenttype", contentType);
}

function readBody(event: EventEnvelope, body: Uint8Array, limits: EnvelopeLimits): Reading {
  if (body.length > limits.maxEventBytes) return refuseSize(limits.maxEventBytes);
  const data = dataFromBody(body, event.dataContentType, limits.maxDepth);
  if ("kind" in data) return data;
  event.data = data;
  return { kind: "event", event };
}
