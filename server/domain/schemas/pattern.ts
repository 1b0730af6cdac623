import { RE2JS } from "re2js";

/**
 * Regular expressions of schemas, matched in bounded time whatever the pattern and the text.
 *
 * A backtracking engine may need a time exponential in the text: `^(a+)+$` on forty letters stops a server. So
 * patterns run on RE2, which is linear. It is also a hundred times slower on harmless patterns, and most are. Those
 * that are a plain sequence of characters with quantifiers can make a backtracking engine try no more than
 * (length + 1) ^ quantifiers ways; while that is little, the built-in engine does it.
 */
export type Pattern = { test(text: string): boolean };

export type PatternResult = { kind: "compiled"; pattern: Pattern } | { kind: "refused"; reason: string };

const MAX_PATTERN_LENGTH = 2000;
/** Steps of the built-in engine that take well below a millisecond. */
const MAX_STEPS = 100_000;

/** What JavaScript takes for white space (`\s`), of which RE2 knows only the part in ASCII. */
const SPACE =
  "\\t-\\r\\x20\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const NO_SPACE =
  "\\x00-\\x08\\x0e-\\x1f\\x21-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}" +
  "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";
const NO_LINE_END = "[^\\n\\r\\x{2028}\\x{2029}]";

const CHARACTER = String.raw`(?:\\[dDwWsS]|\\u[\dA-Fa-f]{4}|\\[^\dA-Za-z]|\[(?:\\.|[^\]\\])*\]|[^\\^$.*+?()[\]{}|]|\.)`;
const PLAIN_SEQUENCE = new RegExp(`^\\^?(?:${CHARACTER}(?:(?:[*+?]|\\{\\d+(?:,\\d*)?\\})\\??)?)*\\$?$`, "u");
const QUANTIFIED = new RegExp(`${CHARACTER}(?:[*+?]|\\{\\d+,\\d*\\})`, "gu");

/** Compiles a pattern as JSON Schema has it: ECMA-262 with the `u` flag, found anywhere in the text. */
export function compilePattern(source: string): PatternResult {
  if (source.length > MAX_PATTERN_LENGTH) return refused(`is longer than ${MAX_PATTERN_LENGTH} characters`);
  const native = compileNative(source);
  if (native === null) return refused("is no regular expression as ECMA-262 has it, with the u flag");
  const linear = compileLinear(source);
  if (linear === null) {
    return refused(
      "can't be matched in bounded time. Do without lookaround, back references and large repetitions, " +
        'or say it with "allOf", "not", "minLength" and "maxLength"',
    );
  }
  const freedom = PLAIN_SEQUENCE.test(source) ? choices(source) : Number.POSITIVE_INFINITY;
  const test = (text: string) =>
    ((text.length + 1) ** freedom <= MAX_STEPS ? native : linear).test(text.toWellFormed());
  return { kind: "compiled", pattern: { test } };
}

/** Where the match may begin, and each quantifier, are what a backtracking engine tries the ways of. */
function choices(source: string): number {
  return (source.match(QUANTIFIED)?.length ?? 0) + (source.startsWith("^") ? 0 : 1);
}

function compileNative(source: string): Pattern | null {
  try {
    return new RegExp(source, "u");
  } catch {
    return null;
  }
}

function compileLinear(source: string): Pattern | null {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(translate(source)));
    return { test: (text) => compiled.test(text) };
  } catch {
    return null;
  }
}

/** Rewrites what JavaScript and RE2 understand differently. */
function translate(source: string): string {
  let translated = "";
  let inClass = false;
  // One escape, one surrogate pair in escapes, or one character at a time.
  for (const [token] of source.matchAll(/\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\(?:p|P|u)\{[^}]*\}|\\.|./gsu)) {
    if (token === "[" && !inClass) inClass = true;
    else if (token === "]") inClass = false;
    translated += translateToken(token, inClass);
  }
  // An empty class matches nothing; RE2 would look for its end further on.
  return translated.replaceAll("[]", "[^\\x00-\\x{10ffff}]");
}

function translateToken(token: string, inClass: boolean): string {
  if (token === "." && !inClass) return NO_LINE_END;
  if (token === "[" && inClass) return "[";
  if (token === "\\s") return inClass ? SPACE : `[${SPACE}]`;
  if (token === "\\S") return inClass ? NO_SPACE : `[${NO_SPACE}]`;
  if (token.startsWith("\\u{")) return `\\x{${token.slice(3)}`;
  if (token.length === 12) return `\\x{${codePoint(token).toString(16)}}`;
  return token.replace(/^\\([pP])\{(?:Script|sc|General_Category|gc)=/u, "\\$1{");
}

/** The character that a pair of escapes such as `\ud83d\ude00` spells. */
function codePoint(pair: string): number {
  return (
    String.fromCharCode(
      Number.parseInt(pair.slice(2, 6), 16),
      Number.parseInt(pair.slice(8), 16),
    ).codePointAt(0) ?? 0
  );
}

function refused(reason: string): PatternResult {
  return { kind: "refused", reason };
}
