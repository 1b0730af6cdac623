/**
 * Finds where the members and elements of a JSON text stand, so that a payload can be kept as its original
 * characters. This is not a validator: it follows strings and brackets, and `JSON.parse` on the same slice
 * says whether the text is JSON. What it measures (size, depth) it measures before anything is parsed.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const BACKSLASH = 0x5c;
/** `[` and `]` differ from `{` and `}` by this bit alone. */
const BRACE_BIT = 0x20;

/** Numbers kept for each member: start and end of the key with its quotes, start and end of the value. */
const MARKS_A_MEMBER = 4;
/** Up to this many members, a look along the marks is faster than an index of keys. */
const FEW_MEMBERS = 32;

/** A place in a text, and the nesting depth of the value that was passed last: 0 for a scalar, 1 for `{}`. */
export type Cursor = { at: number; depth: number };

/** An object in a JSON text: where it and its members stand. */
export class JsonObject {
  readonly text: string;
  readonly start: number;
  /** Place behind the closing brace. */
  readonly end: number;
  /** Depth of the deepest member value. */
  readonly depth: number;
  readonly #marks: readonly number[];
  #index: Map<string, number> | null = null;

  constructor(text: string, start: number, end: number, depth: number, marks: readonly number[]) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.depth = depth;
    this.#marks = marks;
  }

  get memberCount(): number {
    return this.#marks.length / MARKS_A_MEMBER;
  }

  /** The name of a member, by its place in the object. */
  key(member: number): string {
    const start = this.#mark(member, 0);
    const end = this.#mark(member, 1);
    const key = this.text.slice(start + 1, end - 1);
    return key.includes("\\") ? unescaped(this.text.slice(start, end)) : key;
  }

  /** The name of a member as it is written, quotes included. */
  rawKey(member: number): string {
    return this.text.slice(this.#mark(member, 0), this.#mark(member, 1));
  }

  /** The value of a member as it is written. */
  rawValue(member: number): string {
    return this.text.slice(this.#mark(member, 2), this.#mark(member, 3));
  }

  /** Place of the first character of a member's value in the text. */
  valueStart(member: number): number {
    return this.#mark(member, 2);
  }

  /** The place of the member with this name, or -1. Where a name is repeated, the last one, as in `JSON.parse`. */
  find(name: string): number {
    if (this.memberCount > FEW_MEMBERS) return this.#keys().get(name) ?? -1;
    for (let member = this.memberCount - 1; member >= 0; member -= 1) {
      const start = this.#mark(member, 0) + 1;
      const length = this.#mark(member, 1) - 1 - start;
      if (length === name.length && this.text.startsWith(name, start)) return member;
      // A name written with escapes is longer than the name.
      if (length > name.length && this.key(member) === name) return member;
    }
    return -1;
  }

  /** The value of the member with this name as it is written, or null when there is none. */
  raw(name: string): string | null {
    const member = this.find(name);
    return member === -1 ? null : this.rawValue(member);
  }

  /** The first name that stands here twice, or null. */
  findRepeatedKey(): string | null {
    const seen = new Set<string>();
    for (let member = 0; member < this.memberCount; member += 1) {
      const key = this.key(member);
      if (seen.has(key)) return key;
      seen.add(key);
    }
    return null;
  }

  /**
   * The whole object through `JSON.parse`, which throws when the text is not JSON. Where a key is written with
   * escapes, keys are read one by one: V8 can give such a key the name of one that it has seen in another text
   * (https://github.com/nodejs/node/issues/63785). This may go when the issue is closed.
   */
  parse(): Record<string, unknown> {
    // A text that opens with a brace and that `JSON.parse` accepts is an object.
    const values = JSON.parse(this.text.slice(this.start, this.end)) as Record<string, unknown>;
    if (!this.#hasEscapedKey()) return values;
    const entries = Array.from({ length: this.memberCount }, (_, member): [string, unknown] => [
      this.key(member),
      JSON.parse(this.rawValue(member)),
    ]);
    return Object.fromEntries(entries);
  }

  #hasEscapedKey(): boolean {
    for (let member = 0; member < this.memberCount; member += 1) {
      const end = this.#mark(member, 1);
      for (let at = this.#mark(member, 0); at < end; at += 1) {
        if (this.text.charCodeAt(at) === BACKSLASH) return true;
      }
    }
    return false;
  }

  #mark(member: number, which: number): number {
    return this.#marks[member * MARKS_A_MEMBER + which] ?? 0;
  }

  #keys(): Map<string, number> {
    if (this.#index === null) {
      this.#index = new Map();
      for (let member = 0; member < this.memberCount; member += 1) this.#index.set(this.key(member), member);
    }
    return this.#index;
  }
}

/**
 * The object that opens at `start`, or null when brackets, quotes, colons and commas don't form one.
 * Members further than `maxLength` characters from its start are passed over without being recorded,
 * so that an object which is too large to be taken costs no memory.
 */
export function scanObject(text: string, start: number, maxLength: number): JsonObject | null {
  if (text.charCodeAt(start) !== OPEN_BRACE) return null;
  const marks: number[] = [];
  const cursor: Cursor = { at: 0, depth: 0 };
  let deepest = 0;
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_BRACE) return new JsonObject(text, start, at + 1, 0, marks);
  for (;;) {
    const keyEnd = text.charCodeAt(at) === QUOTE ? endOfString(text, at) : -1;
    if (keyEnd === -1) return null;
    const colon = skipSpace(text, keyEnd);
    if (text.charCodeAt(colon) !== COLON) return null;
    const valueStart = skipSpace(text, colon + 1);
    cursor.at = valueStart;
    if (!skipValue(text, cursor)) return null;
    if (cursor.at - start <= maxLength) marks.push(at, keyEnd, valueStart, cursor.at);
    if (cursor.depth > deepest) deepest = cursor.depth;
    at = skipSpace(text, cursor.at);
    const next = text.charCodeAt(at);
    if (next === CLOSE_BRACE) return new JsonObject(text, start, at + 1, deepest, marks);
    if (next !== COMMA) return null;
    at = skipSpace(text, at + 1);
  }
}

/**
 * Visits the elements of the array that opens at `start`, objects with their members, anything else as null.
 * Gives the place behind the closing bracket, or -1 when brackets, quotes and commas don't form an array.
 *
 * @param take is offered each element first, by its place, and gives the place behind it where it needs no visit, or -1
 */
export function scanArray(
  text: string,
  start: number,
  maxLength: number,
  visit: (element: JsonObject | null, start: number, end: number) => void,
  take: (start: number) => number = () => -1,
): number {
  if (text.charCodeAt(start) !== OPEN_BRACKET) return -1;
  const cursor: Cursor = { at: 0, depth: 0 };
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === CLOSE_BRACKET) return at + 1;
  for (;;) {
    const taken = take(at);
    if (taken !== -1) cursor.at = taken;
    else {
      const element = scanObject(text, at, maxLength);
      if (element !== null) cursor.at = element.end;
      else {
        cursor.at = at;
        if (text.charCodeAt(at) === OPEN_BRACE || !skipValue(text, cursor)) return -1;
      }
      visit(element, at, cursor.at);
    }
    at = skipSpace(text, cursor.at);
    const next = text.charCodeAt(at);
    if (next === CLOSE_BRACKET) return at + 1;
    if (next !== COMMA) return -1;
    at = skipSpace(text, at + 1);
  }
}

/**
 * Moves the cursor behind the value that starts at it and measures its depth. False when a string or a
 * bracket is left open, or when no value is there.
 */
export function skipValue(text: string, cursor: Cursor): boolean {
  const first = text.charCodeAt(cursor.at);
  cursor.depth = 0;
  if (first === QUOTE) {
    cursor.at = endOfString(text, cursor.at);
    return cursor.at !== -1;
  }
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(text, cursor);
  const start = cursor.at;
  while (isScalarCharacter(text.charCodeAt(cursor.at))) cursor.at += 1;
  return cursor.at > start;
}

/** The place of the first character from `at` on that is not JSON white space. */
export function skipSpace(text: string, at: number): number {
  let next = at;
  while (isSpace(text.charCodeAt(next))) next += 1;
  return next;
}

/** Behind the quote that closes the string which opens at `open`, or -1. */
export function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1 && text.charCodeAt(close - 1) === BACKSLASH && isEscaped(text, close)) {
    close = text.indexOf('"', close + 1);
  }
  return close === -1 ? -1 : close + 1;
}

/** An odd run of backslashes stands before `at`. The run ends at the opening quote at the latest. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function skipContainer(text: string, cursor: Cursor): boolean {
  let at = cursor.at;
  let depth = 0;
  let deepest = 0;
  const length = text.length;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      if (at === -1) return false;
      continue;
    }
    at += 1;
    const braced = code | BRACE_BIT;
    if (braced === OPEN_BRACE) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (braced === CLOSE_BRACE) {
      depth -= 1;
      if (depth === 0) {
        cursor.at = at;
        cursor.depth = deepest;
        return true;
      }
    }
  }
  return false;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Characters of numbers and of `true`, `false`, `null`; NaN, the code behind the end, is none. */
function isScalarCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    code === 0x45
  );
}

/** A key that `JSON.parse` refuses stays as it is written: the object that holds it is refused as a whole. */
function unescaped(rawKey: string): string {
  try {
    return String(JSON.parse(rawKey));
  } catch {
    return rawKey;
  }
}
