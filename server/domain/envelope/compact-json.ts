import { endOfString, skipSpace } from "./json-slices.ts";

/** A JSON text without the white space between its tokens. */
export function compactJson(text: string): string {
  let compact = "";
  let from = 0;
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      const end = endOfString(text, at);
      at = end === -1 ? text.length : end;
      continue;
    }
    const next = skipSpace(text, at);
    if (next === at) at += 1;
    else {
      compact += text.slice(from, at);
      at = next;
      from = next;
    }
  }
  return from === 0 ? text : compact + text.slice(from);
}

/**
 * Whether two JSON texts differ in nothing but the white space between their tokens. Numbers and strings
 * are compared as they are written.
 */
export function isSameJson(a: string, b: string): boolean {
  return a === b || compactJson(a) === compactJson(b);
}
