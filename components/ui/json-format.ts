import { format } from "jsonc-parser";

/** Beyond this, laying a text out would hold up the page; it is shown as it came. */
export const MAX_FORMATTED_CHARS = 4 * 1024 * 1024;

export type FormattedJson =
  | { kind: "formatted"; text: string }
  | { kind: "invalid"; text: string }
  | { kind: "too-large"; text: string };

/**
 * Lays JSON out over lines. Only white space between tokens changes: every number, string and escape stays as it
 * was written, so a 64-bit integer is not rounded.
 */
export function formatJson(text: string): FormattedJson {
  if (text.length > MAX_FORMATTED_CHARS) return { kind: "too-large", text };
  if (!isJson(text)) return { kind: "invalid", text };
  const edits = format(text, undefined, { tabSize: 2, insertSpaces: true, eol: "\n" });
  const parts: string[] = [];
  let end = 0;
  for (const edit of edits) {
    parts.push(text.slice(end, edit.offset), edit.content);
    end = edit.offset + edit.length;
  }
  parts.push(text.slice(end));
  return { kind: "formatted", text: parts.join("").trim() };
}

/** Whether the text is one JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
