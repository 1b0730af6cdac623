import type { EventDetailDto } from "#server/contract/events.ts";
import { decodeBase64 } from "./hex-dump.ts";

const MAX_NAME_CHARS = 100;

const EXTENSIONS: Record<string, string> = {
  "application/gzip": "gz",
  "application/pdf": "pdf",
  "application/xml": "xml",
  "application/zip": "zip",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
  "text/csv": "csv",
  "text/html": "html",
  "text/plain": "txt",
  "text/xml": "xml",
};

/** The payload of an event as a file to keep: its bytes as they came in, named after the event. */
export function toPayloadFile({ id, dataContentType, data }: EventDetailDto): {
  name: string;
  type: string;
  content: string | Uint8Array<ArrayBuffer>;
} {
  const essence = (dataContentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const name = id.replace(/[^\w.-]+/g, "_").slice(0, MAX_NAME_CHARS);
  return {
    name: `${name}.${EXTENSIONS[essence] ?? fallbackExtension(data.encoding)}`,
    type: essence === "" ? "application/octet-stream" : essence,
    content: data.encoding === "base64" ? decodeBase64(data.text) : data.text,
  };
}

function fallbackExtension(encoding: EventDetailDto["data"]["encoding"]): string {
  if (encoding === "json") return "json";
  return encoding === "text" ? "txt" : "bin";
}
