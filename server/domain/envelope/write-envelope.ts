import type { EventEnvelope, ExtensionValue } from "#server/domain/event.ts";
import { TEXT_FIELDS } from "./attributes.ts";
import { isJsonContent } from "./data.ts";
import { encodeHeaderValue } from "./header-value.ts";
import { isUtf8Type, parseMediaType } from "./media-type.ts";

const encoder = new TextEncoder();
/** `String.fromCharCode` takes its characters as arguments, of which there can't be many more. */
const BASE64_CHUNK = 8192;

/**
 * The event in the CloudEvents JSON format, its payload spliced in as it was written. With `recordedAt` (RFC
 * 3339) the extension `recordedat` says when the event was taken, unless the event has such an extension of its
 * own; posted again, that would be other content.
 */
export function structuredJson(event: EventEnvelope, recordedAt?: string): string {
  const members = ['"specversion":"1.0"'];
  for (const [name, value] of attributesOf(event)) members.push(`"${name}":${JSON.stringify(value)}`);
  if (event.dataContentType !== null)
    members.push(`"datacontenttype":${JSON.stringify(event.dataContentType)}`);
  if (recordedAt !== undefined && event.extensions?.recordedat === undefined)
    members.push(`"recordedat":${JSON.stringify(recordedAt)}`);
  const data = dataMember(event);
  if (data !== null) members.push(data);
  return `{${members.join(",")}}`;
}

/**
 * The event in the binary content mode of HTTP. The content type is the event's, or JSON where that is
 * implied; a charset other than UTF-8 gives way to UTF-8 where the body is characters, because it is written
 * in that.
 */
export function binaryHeaders(event: EventEnvelope): { headers: Record<string, string>; body: Uint8Array } {
  const headers: Record<string, string> = { "ce-specversion": "1.0" };
  for (const [name, value] of attributesOf(event)) headers[`ce-${name}`] = encodeHeaderValue(String(value));
  const contentType = bodyContentType(event);
  if (contentType !== null) headers["content-type"] = contentType;
  return { headers, body: bodyOf(event) };
}

/** A command for a POSIX shell that posts the event in structured mode, whatever characters stand in it. */
export function curlCommand(event: EventEnvelope, url: string): string {
  return curlForEnvelope(structuredJson(event), url);
}

/** Like `curlCommand`, for an event that is at hand in the CloudEvents JSON format. */
export function curlForEnvelope(envelope: string, url: string): string {
  // The text goes through a here-document: a shell changes nothing in it, and its length is not limited as
  // that of an argument is. The delimiter alone on a line can't be part of a JSON text.
  return [
    `curl -sS ${shellQuoted(url)} \\`,
    "  -H 'Content-Type: application/cloudevents+json; charset=utf-8' \\",
    "  --data-binary @- <<'END_OF_EVENT'",
    envelope,
    "END_OF_EVENT",
    "",
  ].join("\n");
}

/** Attributes by their CloudEvents names, but for the content type, which the modes treat in their own ways. */
function attributesOf(event: EventEnvelope): [string, ExtensionValue][] {
  const attributes: [string, ExtensionValue][] = [];
  for (const [name, field] of TEXT_FIELDS) {
    const value = event[field];
    if (value !== null) attributes.push([name, value]);
  }
  if (event.time !== null) attributes.push(["time", event.time]);
  if (event.kind !== null) attributes.push(["kind", event.kind]);
  if (event.aggregateVersion !== null) attributes.push(["aggregateversion", event.aggregateVersion]);
  return attributes.concat(Object.entries(event.extensions ?? {}));
}

function dataMember({ data, dataContentType }: EventEnvelope): string | null {
  if (data.encoding === "none") return null;
  if (data.encoding === "json") return `"data":${data.text}`;
  if (data.encoding === "binary") return `"data_base64":"${base64(data.bytes)}"`;
  // A string under a JSON content type would be read as a JSON string.
  if (isJsonContent(dataContentType)) return `"data_base64":"${base64(encoder.encode(data.text))}"`;
  return `"data":${JSON.stringify(data.text)}`;
}

function bodyContentType({ data, dataContentType }: EventEnvelope): string | null {
  if (data.encoding === "json" && dataContentType === null) return "application/json";
  if (data.encoding === "binary" || data.encoding === "none" || dataContentType === null)
    return dataContentType;
  const media = parseMediaType(dataContentType);
  return media === null || isUtf8Type(media) ? dataContentType : `${media.essence}; charset=utf-8`;
}

function bodyOf({ data }: EventEnvelope): Uint8Array {
  if (data.encoding === "none") return new Uint8Array();
  return data.encoding === "binary" ? data.bytes : encoder.encode(data.text);
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Works in browsers too, where an event is copied as a command. */
function base64(bytes: Uint8Array): string {
  let characters = "";
  for (let at = 0; at < bytes.length; at += BASE64_CHUNK) {
    characters += String.fromCharCode(...bytes.subarray(at, at + BASE64_CHUNK));
  }
  return btoa(characters);
}
