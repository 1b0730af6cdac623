import type { EventData } from "#server/domain/event.ts";
import { type Cursor, skipSpace, skipValue } from "./json-slices.ts";
import { isJsonType, isTextType, isUtf8Type, type MediaType, parseMediaType } from "./media-type.ts";
import { quoted, type Refusal, refuse } from "./reading.ts";

const BYTE_ORDER_MARK = "\ufeff";
const NO_DATA: EventData = { encoding: "none" };
const OPAQUE: MediaType = { essence: "application/octet-stream", charset: null };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Whether a payload of this content type in a JSON envelope is a JSON value; so it is when nothing is declared. */
export function isJsonContent(contentType: string | null): boolean {
  if (contentType === null || contentType === "application/json") return true;
  const media = parseMediaType(contentType);
  return media !== null && isJsonType(media);
}

/** The characters that the bytes encode in UTF-8, a byte order mark included, or null when they encode none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

export function withoutByteOrderMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Whether the text is one JSON value. Depth is measured first, so that a deep text is never parsed. */
export function checkJson(text: string, maxDepth: number): "valid" | "invalid" | "too-deep" {
  const cursor: Cursor = { at: skipSpace(text, 0), depth: 0 };
  if (!skipValue(text, cursor)) return "invalid";
  if (cursor.depth > maxDepth) return "too-deep";
  try {
    JSON.parse(text);
    return "valid";
  } catch {
    return "invalid";
  }
}

export function refuseDepth(maxDepth: number): Refusal {
  return refuse(
    "too-deep",
    `The event nests more than ${maxDepth} levels deep. Flatten it, or send it as text.`,
  );
}

/**
 * The payload that a body of this content type is (CloudEvents HTTP binding section 3.1.2): JSON that must
 * parse, text that must be UTF-8, otherwise bytes. Without a content type nothing is assumed.
 */
export function dataFromBody(
  body: Uint8Array,
  contentType: string | null,
  maxDepth: number,
): EventData | Refusal {
  const data = dataFromBytes(body, contentType, maxDepth);
  if (data !== "not-json") return data;
  return refuse(
    "invalid-data",
    `The content type is ${quoted(contentType)}, but the body is not JSON in UTF-8. Mend the body or declare what it is.`,
  );
}

/**
 * The payload in a `data_base64` member. As in the other modes, JSON and text are kept as characters, which
 * the format allows (section 3.1.2): the same event is then the same in whichever mode it comes.
 */
export function dataFromBase64(
  text: string,
  contentType: string | null,
  maxDepth: number,
): EventData | Refusal {
  const bytes = Buffer.from(text, "base64");
  // Node skips what is not base64; text that comes out as it went in was base64, padding included.
  if (bytes.toString("base64") !== text) {
    return refuse(
      "invalid-data",
      '"data_base64" is not base64 (RFC 4648 section 4, with padding). Encode the bytes anew.',
    );
  }
  const data = dataFromBytes(new Uint8Array(bytes), contentType, maxDepth);
  return data === "not-json" ? { encoding: "binary", bytes: new Uint8Array(bytes) } : data;
}

/** The payload that a string is whose content type is not JSON. NUL, which no text column holds, makes it bytes. */
export function dataFromText(text: string): EventData | Refusal {
  if (!text.isWellFormed()) {
    return refuse(
      "invalid-data",
      "The data has half a surrogate pair, which is no character. Send it as data_base64.",
    );
  }
  return text.includes("\0")
    ? { encoding: "binary", bytes: utf8Encoder.encode(text) }
    : { encoding: "text", text };
}

function dataFromBytes(
  bytes: Uint8Array,
  contentType: string | null,
  maxDepth: number,
): EventData | Refusal | "not-json" {
  if (bytes.length === 0) return NO_DATA;
  const media = (contentType === null ? null : parseMediaType(contentType)) ?? OPAQUE;
  const asBinary: EventData = { encoding: "binary", bytes };
  if (!isUtf8Type(media) || !(isJsonType(media) || isTextType(media))) return asBinary;

  const characters = decodeUtf8(bytes);
  if (!isJsonType(media))
    return characters === null || characters.includes("\0")
      ? asBinary
      : { encoding: "text", text: characters };
  if (characters === null) return "not-json";
  const text = withoutByteOrderMark(characters);
  const verdict = checkJson(text, maxDepth);
  if (verdict === "too-deep") return refuseDepth(maxDepth);
  return verdict === "valid" ? { encoding: "json", text } : "not-json";
}
