/**
 * Follows a JSON value by the grammar of RFC 8259, so that its end is found and its text known to be JSON in one pass,
 * and nothing is made of it. For short values this takes less than half of the time of `JSON.parse`.
 */

import { skipSpace } from "./json-slices.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** This bit makes a small letter of a capital one, and no letter that is looked for of anything else. */
const LOWER_CASE = 0x20;
const LOWER_E = 0x65;

/**
 * The place behind the JSON value that begins at `at`, or -1 where there is none or it nests deeper than `maxDepth`: a
 * scalar has depth 0, `{}` has 1. White space before and behind the value is not the value's.
 */
export function endOfJson(text: string, at: number, maxDepth: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return endOfJsonString(text, at);
  if (first === OPEN_BRACE) return maxDepth < 1 ? -1 : endOfObject(text, at, maxDepth - 1);
  if (first === OPEN_BRACKET) return maxDepth < 1 ? -1 : endOfArray(text, at, maxDepth - 1);
  if (first === MINUS || isDigit(first)) return endOfNumber(text, at);
  for (const literal of ["true", "false", "null"]) {
    if (text.startsWith(literal, at)) return at + literal.length;
  }
  return -1;
}

/** The place behind the JSON string that opens at `at`, or -1. */
export function endOfJsonString(text: string, open: number): number {
  let at = open + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) {
      at = endOfEscape(text, at);
      if (at === -1) return -1;
      // Control characters, and NaN behind the end of the text.
    } else if (!(code >= 0x20)) return -1;
    else at += 1;
  }
}

function endOfObject(text: string, open: number, depthInside: number): number {
  let at = skipSpace(text, open + 1);
  if (text.charCodeAt(at) === CLOSE_BRACE) return at + 1;
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) return -1;
    const keyEnd = endOfJsonString(text, at);
    if (keyEnd === -1) return -1;
    const colon = skipSpace(text, keyEnd);
    if (text.charCodeAt(colon) !== COLON) return -1;
    const valueEnd = endOfJson(text, skipSpace(text, colon + 1), depthInside);
    if (valueEnd === -1) return -1;
    at = skipSpace(text, valueEnd);
    const next = text.charCodeAt(at);
    if (next === CLOSE_BRACE) return at + 1;
    if (next !== COMMA) return -1;
    at = skipSpace(text, at + 1);
  }
}

function endOfArray(text: string, open: number, depthInside: number): number {
  let at = skipSpace(text, open + 1);
  if (text.charCodeAt(at) === CLOSE_BRACKET) return at + 1;
  for (;;) {
    const valueEnd = endOfJson(text, at, depthInside);
    if (valueEnd === -1) return -1;
    at = skipSpace(text, valueEnd);
    const next = text.charCodeAt(at);
    if (next === CLOSE_BRACKET) return at + 1;
    if (next !== COMMA) return -1;
    at = skipSpace(text, at + 1);
  }
}

function endOfNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  at = text.charCodeAt(at) === ZERO ? at + 1 : endOfDigits(text, at);
  if (at !== -1 && text.charCodeAt(at) === POINT) at = endOfDigits(text, at + 1);
  if (at === -1 || (text.charCodeAt(at) | LOWER_CASE) !== LOWER_E) return at;
  const sign = text.charCodeAt(at + 1);
  return endOfDigits(text, sign === MINUS || sign === 0x2b ? at + 2 : at + 1);
}

/** Behind at least one digit, or -1. */
function endOfDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at === start ? -1 : at;
}

function endOfEscape(text: string, backslash: number): number {
  const escaped = text.charAt(backslash + 1);
  if (escaped !== "" && '"\\/bfnrt'.includes(escaped)) return backslash + 2;
  if (text.charCodeAt(backslash + 1) !== LOWER_U) return -1;
  const end = backslash + 6;
  for (let at = backslash + 2; at < end; at += 1) {
    if (!isHexDigit(text.charCodeAt(at))) return -1;
  }
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  const lower = code | LOWER_CASE;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}
