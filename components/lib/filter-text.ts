/**
 * A filter as people type it: `type:order.* source:/shop "some text"`. Words with a field in front are conditions,
 * all others together are one condition of the field `text`. Quotes keep spaces together and take away a word's
 * meaning as a field; inside them `\"` is a quote and `\\` a backslash.
 */
export type FilterGrammar<Field extends string> = {
  /** Fields that are written in front of a value. */
  qualifiers: readonly Field[];
  /** Other names that people give them. */
  aliases: Readonly<Record<string, Field>>;
  /** Why a condition can't be used; null when it can. */
  refuse: (condition: TextCondition<Field>) => RefusalReason | null;
};

export type RefusalReason = "empty" | "too-long" | "no-kind" | "no-number";
export type TextCondition<Field extends string> = { field: Field | "text"; value: string };

type FilterText<Field extends string> = {
  conditions: TextCondition<Field>[];
  /** Conditions that can't be used, with the reason. They are not among `conditions`. */
  refused: (TextCondition<Field> & { reason: RefusalReason })[];
};

/** A word of the text: where it stands, its field if it has one, and its value without quotes. */
type FilterToken<Field extends string> = { start: number; end: number; field: Field | "text"; value: string };

const QUALIFIED = /^([a-z]+):/i;

export function parseConditions<Field extends string>(
  grammar: FilterGrammar<Field>,
  text: string,
): FilterText<Field> {
  const tokens = readTokens(grammar, text);
  const words = tokens.filter((token) => token.field === "text" && token.value !== "");
  const all: TextCondition<Field>[] = tokens
    .filter((token) => token.field !== "text")
    .map(({ field, value }) => ({ field, value }));
  if (words.length > 0) all.push({ field: "text", value: words.map((word) => word.value).join(" ") });
  const result: FilterText<Field> = { conditions: [], refused: [] };
  for (const condition of all) {
    const reason = grammar.refuse(condition);
    if (reason === null) result.conditions.push(condition);
    else result.refused.push({ ...condition, reason });
  }
  return result;
}

/** Writes conditions so that reading them gives the same ones. */
export function formatConditions<Field extends string>(
  grammar: FilterGrammar<Field>,
  conditions: readonly TextCondition<Field>[],
): string {
  return conditions.map((condition) => formatCondition(grammar, condition)).join(" ");
}

/** Splits the text into its words. A quote that is not closed reaches to the end: somebody is still typing. */
export function readTokens<Field extends string>(
  grammar: FilterGrammar<Field>,
  text: string,
): FilterToken<Field>[] {
  const tokens: FilterToken<Field>[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const start = at;
    const name = QUALIFIED.exec(text.slice(start, start + 20))?.[1]?.toLowerCase() ?? "";
    const field = fieldOf(grammar, name);
    const { value, end } = readValue(text, field === undefined ? start : start + name.length + 1);
    tokens.push({ start, end, field: field ?? "text", value });
    at = skipSpace(text, end);
  }
  return tokens;
}

function fieldOf<Field extends string>(
  { qualifiers, aliases }: FilterGrammar<Field>,
  name: string,
): Field | undefined {
  return Object.hasOwn(aliases, name) ? aliases[name] : qualifiers.find((qualifier) => qualifier === name);
}

function formatCondition<Field extends string>(
  grammar: FilterGrammar<Field>,
  { field, value }: TextCondition<Field>,
): string {
  if (field !== "text") return `${field}:${isPlain(value) ? value : quote(value)}`;
  const words = readTokens(grammar, value);
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
