import {
  EVENT_KINDS,
  type EventEnvelope,
  type EventKind,
  type EventShape,
  type ExtensionValue,
} from "#server/domain/event.ts";
import { parseMediaType } from "./media-type.ts";
import { quoted, type Refusal, refuse } from "./reading.ts";
import { isTimestamp } from "./timestamp.ts";

/** Longest value, in UTF-16 units, of an attribute that has a column of its own. */
export const MAX_ATTRIBUTE_LENGTH = 1024;
/** Longest value of any other extension attribute but `unmapped`. */
const MAX_EXTENSION_LENGTH = 65_536;
/** CloudEvents asks for 20 at most and forbids nothing; longer names than this are mistakes. */
const MAX_NAME_LENGTH = 64;

/** Holds, as the text of a JSON object, the members of a foreign shape that have no place in the envelope. */
export const UNMAPPED = "unmapped";

/** CloudEvents integers are signed and have 32 bits. */
const MAX_INTEGER = 2_147_483_647;
const MIN_INTEGER = -2_147_483_648;

/** Fields of the envelope that hold an attribute as the text that it came as. */
export type TextField = Exclude<
  keyof EventEnvelope,
  "time" | "dataContentType" | "kind" | "aggregateVersion" | "extensions" | "data" | "shape"
>;

/** Text attributes of the envelope by their CloudEvents names, in the order in which they are written. */
export const TEXT_FIELDS: ReadonlyMap<string, TextField> = new Map<string, TextField>([
  ["id", "id"],
  ["source", "source"],
  ["type", "type"],
  ["subject", "subject"],
  ["dataschema", "dataSchema"],
  ["correlationid", "correlationId"],
  ["causationid", "causationId"],
  ["partitionkey", "partitionKey"],
  ["aggregatetype", "aggregateType"],
  ["aggregateid", "aggregateId"],
  ["traceparent", "traceparent"],
  ["channel", "channel"],
]);

/** These must come as strings; an extension may come as any CloudEvents type. */
const CORE_ATTRIBUTES = new Set(["id", "source", "type", "subject", "dataschema"]);

/** An envelope that holds nothing yet. */
export function emptyEnvelope(shape: EventShape): EventEnvelope {
  return {
    id: "",
    source: "",
    type: "",
    subject: null,
    time: null,
    dataContentType: null,
    dataSchema: null,
    kind: null,
    correlationId: null,
    causationId: null,
    partitionKey: null,
    aggregateType: null,
    aggregateId: null,
    aggregateVersion: null,
    traceparent: null,
    channel: null,
    extensions: null,
    data: { encoding: "none" },
    shape,
  };
}

/**
 * Puts one context attribute into the envelope by its CloudEvents name, or says why its value can't be that
 * attribute. `specversion` and the data are not attributes of the envelope.
 */
export function setAttribute(event: EventEnvelope, name: string, value: ExtensionValue): Refusal | null {
  const field = TEXT_FIELDS.get(name);
  if (typeof value === "string") {
    const problem = textProblem(value, field === undefined ? maxLength(name) : MAX_ATTRIBUTE_LENGTH);
    if (problem !== null) return invalid(name, problem);
  }
  if (field !== undefined) return setText(event, name, field, value);
  if (name === "time") return setTime(event, value);
  if (name === "datacontenttype") return setContentType(event, value);
  if (name === "kind") return setKind(event, value);
  if (name === "aggregateversion") return setVersion(event, value);
  return setExtension(event, name, value);
}

/** The required attributes that are missing, all in one answer, or null when the envelope has them. */
export function findMissingAttribute(event: EventEnvelope): Refusal | null {
  const missing = (["id", "source", "type"] as const).filter((name) => event[name] === "");
  if (missing.length === 0) return null;
  const names = missing.map((name) => `"${name}"`).join(" and ");
  const are = missing.length === 1 ? "is" : "are";
  return refuse("missing-attribute", `${names} ${are} missing. Every event needs id, source and type.`);
}

/** What keeps a text from being a CloudEvents string (spec section "Type System"), or null. */
export function textProblem(value: string, maxLength: number): string | null {
  if (value.length > maxLength) return `is ${value.length} characters long; at most ${maxLength} are kept`;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return unusualTextProblem(value);
  }
  return null;
}

/** The whole number of 32 bits that these characters write, without fraction or exponent, or null. */
export function parseInteger(text: string): number | null {
  if (!/^-?(?:0|[1-9]\d{0,9})$/.test(text)) return null;
  const value = Number(text);
  if (value < MIN_INTEGER || value > MAX_INTEGER) return null;
  return value === 0 ? 0 : value;
}

export function invalid(name: string, problem: string): Refusal {
  return refuse("invalid-attribute", `${quoted(name)} ${problem}.`);
}

function maxLength(name: string): number {
  if (name === "time" || name === "datacontenttype") return MAX_ATTRIBUTE_LENGTH;
  return name === UNMAPPED ? Number.POSITIVE_INFINITY : MAX_EXTENSION_LENGTH;
}

function setText(
  event: EventEnvelope,
  name: string,
  field: TextField,
  value: ExtensionValue,
): Refusal | null {
  if (typeof value !== "string" && CORE_ATTRIBUTES.has(name)) {
    return invalid(name, `is ${quoted(value)}; it must be a string`);
  }
  if (value === "") return invalid(name, "is empty; leave it out or give it a value");
  event[field] = String(value);
  return null;
}

function setTime(event: EventEnvelope, value: ExtensionValue): Refusal | null {
  if (typeof value !== "string" || !isTimestamp(value)) {
    return invalid(
      "time",
      `is ${quoted(value)}; it must be an RFC 3339 timestamp such as 2025-11-22T03:05:16.789Z`,
    );
  }
  event.time = value;
  return null;
}

function setContentType(event: EventEnvelope, value: ExtensionValue): Refusal | null {
  if (typeof value !== "string" || (value !== "application/json" && parseMediaType(value) === null)) {
    return invalid(
      "datacontenttype",
      `is ${quoted(value)}; it must be a media type such as application/json`,
    );
  }
  event.dataContentType = value;
  return null;
}

function setKind(event: EventEnvelope, value: ExtensionValue): Refusal | null {
  const kind = findKind(value);
  if (kind === null)
    return invalid("kind", `is ${quoted(value)}; it must be one of ${EVENT_KINDS.join(", ")}`);
  event.kind = kind;
  return null;
}

function findKind(value: ExtensionValue): EventKind | null {
  return EVENT_KINDS.find((kind) => kind === value) ?? null;
}

function setVersion(event: EventEnvelope, value: ExtensionValue): Refusal | null {
  const version = parseInteger(String(value));
  if (version === null || version < 0) {
    return invalid(
      "aggregateversion",
      `is ${quoted(value)}; it must be a whole number from 0 to ${MAX_INTEGER}`,
    );
  }
  event.aggregateVersion = version;
  return null;
}

function setExtension(event: EventEnvelope, name: string, value: ExtensionValue): Refusal | null {
  if (!/^[a-z0-9]+$/.test(name) || name === "data") {
    return invalid(
      name,
      "can't name an attribute; CloudEvents names have only the letters a-z and digits, and are not data",
    );
  }
  if (name.length > MAX_NAME_LENGTH)
    return invalid(name, `is too long a name; at most ${MAX_NAME_LENGTH} characters`);
  if (event.extensions === null) event.extensions = {};
  event.extensions[name] = value;
  return null;
}

const CONTROL = /\p{Cc}/u;
/** U+FDD0 to U+FDEF, and the last two code points of each plane. */
const NONCHARACTER = /\p{Noncharacter_Code_Point}/u;

function unusualTextProblem(value: string): string | null {
  if (CONTROL.test(value)) return "has a control character, which CloudEvents forbids in attributes";
  if (!value.isWellFormed()) return "has half a surrogate pair, which is no character";
  if (NONCHARACTER.test(value)) return "has a Unicode noncharacter, which CloudEvents forbids in attributes";
  return null;
}
