import {
  type FilterGrammar,
  formatConditions,
  readTokens,
  type TextCondition,
} from "#components/lib/filter-text.ts";

/** What the word under the caret could become. `start` and `end` say where it stands. */
export type Completion<Field extends string> =
  | { kind: "field"; start: number; end: number; fields: readonly Field[] }
  | { kind: "value"; start: number; end: number; field: Field; contains: string }
  | { kind: "none" };

export function completionAt<Field extends string>(
  grammar: FilterGrammar<Field>,
  text: string,
  caret: number,
): Completion<Field> {
  const { qualifiers } = grammar;
  const token = readTokens(grammar, text).find(({ start, end }) => start < caret && caret <= end);
  if (token === undefined) return { kind: "field", start: caret, end: caret, fields: qualifiers };
  const { start, end, field } = token;
  if (field !== "text") return { kind: "value", start, end, field, contains: longestLiteral(token.value) };
  const prefix = text.slice(start, caret).toLowerCase();
  const fields = qualifiers.filter((qualifier) => qualifier.startsWith(prefix));
  return fields.length === 0 ? { kind: "none" } : { kind: "field", start, end, fields };
}

type Edit = { text: string; caret: number };
type Span = { start: number; end: number };

/** Puts a field in the place of a word, ready for its value. */
export function completeField(text: string, { start, end }: Span, field: string): Edit {
  const before = `${text.slice(0, start)}${field}:`;
  return { text: before + text.slice(end), caret: before.length };
}

/** Puts a whole condition in the place of a word. */
export function completeValue<Field extends string>(
  grammar: FilterGrammar<Field>,
  text: string,
  { start, end }: Span,
  condition: TextCondition<Field>,
): Edit {
  const before = text.slice(0, start) + formatConditions(grammar, [condition]);
  return { text: before + text.slice(end), caret: before.length };
}

/** The part of a glob by which the names that it could match are looked up. */
function longestLiteral(glob: string): string {
  const parts = glob.split("*");
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}
