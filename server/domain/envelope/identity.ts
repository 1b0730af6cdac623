import { hash } from "node:crypto";

/**
 * The identity of an event, (`source`, `id`), in 128 bits: the start of the SHA-256 of both in UTF-8, each
 * behind its length in bytes and a colon, so that ("ab", "c") and ("a", "bc") differ. Written as a UUID,
 * which is how Postgres keeps it in 16 bytes; no version bits are set.
 */
export function eventIdentity(source: string, id: string): string {
  const hex = hash("sha256", `${Buffer.byteLength(source)}:${source}${Buffer.byteLength(id)}:${id}`, "hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
