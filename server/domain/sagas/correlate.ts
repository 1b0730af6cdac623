import { readNumber } from "../exact-number.ts";
import { findMembers, JsonDocument } from "../schemas/json-edit.ts";

/** By what an event belongs to a flow, the surest first. */
export const CORRELATIONS = ["correlation-id", "trace", "payload"] as const;

/** The flow of an event. Values of different kinds never mean the same flow. */
export type Correlation = { by: (typeof CORRELATIONS)[number]; value: string };

/** Names on the way to a value of the payload, from the outside in. */
export type PayloadPath = readonly string[];

const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;
const NO_TRACE = "0".repeat(32);
/** As long as an attribute of an event may be. */
const MAX_VALUE_LENGTH = 1024;

/**
 * The flow that an event belongs to: by its correlation id, else by the trace that its `traceparent` names, else by the
 * value at a place of its payload. Null where it has none of them.
 *
 * @param payload JSON, and where in it the value is; left out where nothing is configured.
 */
export function correlate(
  { correlationId, traceparent }: { correlationId: string | null; traceparent: string | null },
  payload?: { text: string; path: PayloadPath },
): Correlation | null {
  if (correlationId !== null && correlationId !== "") return { by: "correlation-id", value: correlationId };
  const trace = traceparent === null ? null : traceIdOf(traceparent);
  if (trace !== null) return { by: "trace", value: trace };
  const value = payload === undefined ? null : readPayloadValue(payload.text, payload.path);
  return value === null ? null : { by: "payload", value };
}

/**
 * The trace id of a `traceparent`; null for anything that the recommendation calls invalid. A later version than 00 may
 * say more behind it.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceIdOf(traceparent: string): string | null {
  const id = TRACEPARENT.exec(traceparent)?.[1];
  const isLonger = traceparent.length > 55;
  if (id === undefined || id === NO_TRACE || traceparent.slice(36, 52) === "0".repeat(16)) return null;
  return isLonger && traceparent.startsWith("00") ? null : id;
}

/** Reads `data.order.id`; null where the text is no path into the payload. */
export function parsePayloadPath(text: string): PayloadPath | null {
  const [data, ...names] = text.split(".");
  return data === "data" && names.length > 0 && !names.includes("") ? names : null;
}

/**
 * A text or whole number of the payload, the same for the same number however it is written, so that `"7"`, `7` and
 * `7.0` are one flow. Null for everything else, and where a name on the way stands twice.
 */
function readPayloadValue(text: string, path: PayloadPath): string | null {
  const document = JsonDocument.read(text);
  let node = document?.root;
  for (const name of path) {
    const [member, repeated] = node?.type === "object" ? findMembers(node, name) : [];
    node = repeated === undefined ? member?.value : undefined;
  }
  if (document === null || node === undefined) return null;
  const value = node.type === "number" ? wholeNumber(document.raw(node)) : node.value;
  const isUsable = typeof value === "string" && value !== "" && value.length <= MAX_VALUE_LENGTH;
  return isUsable && (node.type === "string" || node.type === "number") ? value : null;
}

/** In digits alone; null for one with a fraction, or of too many digits. */
function wholeNumber(literal: string): string | null {
  const number = readNumber(literal);
  if (number === null) return null;
  const { digits, exponent, isNegative } = number;
  if (digits === "") return "0";
  if (exponent < BigInt(digits.length) || exponent > BigInt(MAX_VALUE_LENGTH)) return null;
  return `${isNegative ? "-" : ""}${digits.padEnd(Number(exponent), "0")}`;
}
