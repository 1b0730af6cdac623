import { CONDITION_FIELDS, type Condition, type ConditionField, refuseCondition } from "./event-filter.ts";

/**
 * The filter as people type it: `type:order.* source:/shop "some text"`. Words with a field in front are conditions,
 * all others together are text to find in the payload. Quotes keep spaces together and take away a word's meaning as
 * a field; inside them `\"` is a quote and `\\` a backslash.
 */
export type FilterText = {
  conditions: Condition[];
  /** Conditions that the API would not take, with the reason. They are not among `conditions`. */
  refused: (Condition & { reason: NonNullable<ReturnType<typeof refuseCondition>> })[];
};

/** Fields that are written in front of a value. */
export const QUALIFIERS = CONDITION_FIELDS.filter((field) => field !== "text");
export type Qualifier = Exclude<ConditionField, "text">;

/** A word of the text: where it stands, its field if it has one, and its value without quotes. */
export type FilterToken = { start: number; end: number; field: ConditionField; value: string };

const NAMES: Record<string, Qualifier> = { correlationid: "correlation" };
const QUALIFIED = /^([a-z]+):/i;

export function parseFilterText(text: string): FilterText {
  const tokens = readTokens(text);
  const words = tokens.filter((token) => token.field === "text" && token.value !== "");
  const all: Condition[] = tokens
    .filter((token) => token.field !== "text")
    .map(({ field, value }) => ({ field, value }));
  if (words.length > 0) all.push({ field: "text", value: words.map((word) => word.value).join(" ") });
  const result: FilterText = { conditions: [], refused: [] };
  for (const condition of all) {
    const reason = refuseCondition(condition);
    if (reason === null) result.conditions.push(condition);
    else result.refused.push({ ...condition, reason });
  }
  return result;
}

/** Writes conditions so that reading them gives the same ones. */
export function formatFilterText(conditions: readonly Condition[]): string {
  return conditions.map(formatCondition).join(" ");
}

/** Splits the text into its words. A quote that is not closed reaches to the end: somebody is still typing. */
export function readTokens(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const start = at;
    const name = QUALIFIED.exec(text.slice(start, start + 20))?.[1]?.toLowerCase() ?? "";
    const field = NAMES[name] ?? QUALIFIERS.find((qualifier) => qualifier === name);
    const { value, end } = readValue(text, field === undefined ? start : start + name.length + 1);
    tokens.push({ start, end, field: field ?? "text", value });
    at = skipSpace(text, end);
  }
  return tokens;
}

function formatCondition({ field, value }: Condition): string {
  if (field !== "text") return `${field}:${isPlain(value) ? value : quote(value)}`;
  const words = readTokens(value);
  const isReadAsItself =
    words.every((word) => word.field === "text" && !value.startsWith('"', word.start)) &&
    words.map((word) => word.value).join(" ") === value;
  return isReadAsItself ? value : quote(value);
}

function isPlain(value: string): boolean {
  return value !== "" && !/^"|\s/.test(value);
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

function readValue(text: string, start: number): { value: string; end: number } {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && !isSpace(text, end)) end += 1;
    return { value: text.slice(start, end), end };
  }
  let value = "";
  let at = start + 1;
  for (; at < text.length && text[at] !== '"'; at += 1) {
    const isEscape = text[at] === "\\" && /["\\]/.test(text[at + 1] ?? "");
    if (isEscape) at += 1;
    value += text[at];
  }
  return { value, end: Math.min(at + 1, text.length) };
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text, at)) at += 1;
  return at;
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text[at] ?? "");
}
