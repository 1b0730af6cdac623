import type { EventEnvelope } from "#server/domain/event.ts";
import type { Headers } from "../read-binary.ts";
import { DEFAULT_LIMITS, type EnvelopeLimits } from "../read-element.ts";
import { type ReadResult, readEnvelopes } from "../read-envelopes.ts";
import type { Rejection } from "../reading.ts";

export const STRUCTURED = "application/cloudevents+json";
export const BATCH = "application/cloudevents-batch+json";
export const JSON_TYPE = "application/json";
export const NDJSON = "application/x-ndjson";

export const encoder = new TextEncoder();

export function readText(
  text: string,
  contentType: string,
  limits: Partial<EnvelopeLimits> = {},
): ReadResult {
  const body = encoder.encode(text);
  return readEnvelopes({ contentType, headers: {}, body }, { ...DEFAULT_LIMITS, ...limits });
}

/** The one event of a body in which nothing is rejected. */
export function readOne(
  text: string,
  contentType = STRUCTURED,
  limits: Partial<EnvelopeLimits> = {},
): EventEnvelope {
  return onlyEvent(readText(text, contentType, limits));
}

/** The one rejection of a body in which no event is taken. */
export function refusalOf(
  text: string,
  contentType = STRUCTURED,
  limits: Partial<EnvelopeLimits> = {},
): Rejection {
  return onlyRejection(readText(text, contentType, limits));
}

export function readRequest(headers: Headers, body: string | Uint8Array): ReadResult {
  const contentType = headers["content-type"];
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  return readEnvelopes(
    { contentType: Array.isArray(contentType) ? contentType[0] : contentType, headers, body: bytes },
    DEFAULT_LIMITS,
  );
}

export function onlyEvent(result: ReadResult): EventEnvelope {
  const [first, ...others] = result.events;
  if (first === undefined || others.length > 0 || result.rejected.length > 0) {
    throw new Error(`Not one event: ${JSON.stringify(result)}`);
  }
  return first.event;
}

export function onlyRejection(result: ReadResult): Rejection {
  const [first, ...others] = result.rejected;
  if (first === undefined || others.length > 0 || result.events.length > 0) {
    throw new Error(`Not one rejection: ${JSON.stringify(result)}`);
  }
  return first;
}
