/**
 * Values of `ce-` headers (CloudEvents HTTP binding section 3.1.3.2).
 */

import { decodeUtf8 } from "./data.ts";

const encoder = new TextEncoder();
const QUOTED_STRING = /^"((?:[^"\\]|\\[\s\S])*)"$/;
/** Space, double quote, percent, and everything outside printable ASCII. */
const MUST_BE_ENCODED = /[^\x21\x23\x24\x26-\x7e]/u;

/**
 * The attribute that a header value stands for: a double-quoted string is unescaped, then one round of
 * percent-decoding is done. Null when that gives no UTF-8 (`%C0%A0`) or a quote is left open.
 *
 * Some senders encode nothing. A percent sign that no two hexadecimal digits follow is therefore kept, and
 * raw bytes beyond ASCII, which Node hands over as Latin-1 characters, are read as UTF-8 where they are that
 * and as Latin-1 otherwise.
 */
export function decodeHeaderValue(header: string): string | null {
  const value = unquoted(withoutOuterSpace(header));
  if (value === null) return null;
  if (/^[\x20-\x24\x26-\x7e]*$/.test(value)) return value;
  const isBytes = !/[^\0-\xff]/.test(value);
  const decoded = decodeUtf8(percentDecoded(value, isBytes));
  if (decoded !== null || !isBytes || !/[\x80-\xff]/.test(value)) return decoded;
  return decodeUtf8(percentDecoded(value, false));
}

/** The header value for an attribute: every character that must be is percent-encoded, as upper-case UTF-8. */
export function encodeHeaderValue(value: string): string {
  if (!MUST_BE_ENCODED.test(value)) return value;
  let header = "";
  for (const character of value) {
    if (!MUST_BE_ENCODED.test(character)) header += character;
    else
      for (const byte of encoder.encode(character))
        header += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return header;
}

/** Only blanks and tabs are white space around a header value; `trim` would take U+00A0, the last byte of an `à`, too. */
function withoutOuterSpace(header: string): string {
  let start = 0;
  let end = header.length;
  while (header[start] === " " || header[start] === "\t") start += 1;
  while (end > start && (header[end - 1] === " " || header[end - 1] === "\t")) end -= 1;
  return header.slice(start, end);
}

/** RFC 9110 section 5.6.4. A value that opens with a quote is one quoted string, up to its last character. */
function unquoted(value: string): string | null {
  if (!value.startsWith('"')) return value;
  const content = QUOTED_STRING.exec(value)?.[1];
  return content === undefined ? null : content.replaceAll(/\\([\s\S])/g, "$1");
}

/** The bytes after percent-decoding; other characters stand for one byte each, or for their UTF-8. */
function percentDecoded(value: string, isBytes: boolean): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < value.length; at += 1) {
    const hex = value[at] === "%" ? value.slice(at + 1, at + 3) : "";
    const code = value.codePointAt(at) ?? 0;
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else if (isBytes || code < 0x80) bytes.push(code);
    else {
      const character = String.fromCodePoint(code);
      bytes.push(...encoder.encode(character));
      at += character.length - 1;
    }
  }
  return Uint8Array.from(bytes);
}
