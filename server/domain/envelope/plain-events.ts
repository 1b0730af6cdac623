import { EVENT_KINDS, type EventEnvelope, type EventKind, type EventShape } from "#server/domain/event.ts";
import { canonicalMillis } from "#server/domain/instant.ts";
import { emptyEnvelope, MAX_ATTRIBUTE_LENGTH, TEXT_FIELDS, type TextField } from "./attributes.ts";
import { endOfJson } from "./json-grammar.ts";
import { skipSpace } from "./json-slices.ts";
import { isTimestamp } from "./timestamp.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A UTF-16 unit becomes at most this many bytes of UTF-8. */
const MAX_BYTES_A_UNIT = 3;
/** Digits that make a whole number of 31 bits, whichever they are. */
const SAFE_DIGITS = 9;

/** How a member is read: as a text attribute, or in a way of its own. */
type Member =
  | TextField
  | "version"
  | "time"
  | "content-type"
  | "kind"
  | "aggregate-version"
  | "payload"
  | "extension";
type TextMember = Exclude<Member, "version" | "payload" | "aggregate-version">;

const MEMBERS: ReadonlyMap<string, Member> = new Map<string, Member>([
  ...TEXT_FIELDS,
  ["specversion", "version"],
  ["time", "time"],
  ["datacontenttype", "content-type"],
  ["kind", "kind"],
  ["aggregateversion", "aggregate-version"],
  ["data", "payload"],
]);

/** What an extension may be called, but for `data`, which is no attribute. Longer names are looked at more closely. */
const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;

type PlainLimits = { maxEventBytes: number; maxDepth: number };

/**
 * Reads events of the everyday form in one pass: CloudEvents 1.0 in JSON, attributes that have a column of their own
 * or are an extension, as plain text without escapes, and a JSON payload, which is kept as it is written. Everything else it leaves to the
 * readers that know every form and say what is wrong: what it reads, they would read the same.
 *
 * One reader for the events of a body: they mostly have the same members in the same order, which it expects.
 */
export class PlainEvents {
  readonly #text: string;
  readonly #shape: EventShape;
  readonly #limits: PlainLimits;
  /** Of the last event, by the place of the member: how it began, up to behind the colon, and what it is. */
  readonly #heads: string[] = [];
  readonly #members: Member[] = [];
  readonly #names: string[] = [];
  #head = 0;

  constructor(text: string, shape: EventShape, limits: PlainLimits) {
    this.#text = text;
    this.#shape = shape;
    this.#limits = limits;
  }

  /** Place behind the event that was read last. */
  end = 0;

  /** The event in the object that opens at `start`, or null where it is not of the everyday form. */
  read(start: number): EventEnvelope | null {
    const text = this.#text;
    if (text.charCodeAt(start) !== OPEN_BRACE) return null;
    const event = emptyEnvelope(this.#shape);
    let hasVersion = false;
    let at = start + 1;
    for (let place = 0; ; place += 1) {
      at = skipSpace(text, at);
      const member = this.#memberAt(at, place);
      if (member === null) return null;
      const valueStart = skipSpace(text, this.#head);
      let end: number;
      if (member === "version") {
        if (hasVersion || !text.startsWith('"1.0"', valueStart)) return null;
        hasVersion = true;
        end = valueStart + 5;
      } else if (member === "payload") end = this.#readPayload(event, valueStart);
      else if (member === "aggregate-version") end = this.#readVersion(event, valueStart);
      else end = this.#readText(event, member, this.#names[place] ?? "", valueStart);
      if (end === -1) return null;
      at = skipSpace(text, end);
      const next = text.charCodeAt(at);
      at += 1;
      if (next === CLOSE_BRACE) break;
      if (next !== COMMA) return null;
    }
    const isWhole = hasVersion && event.id !== "" && event.source !== "" && event.type !== "";
    if (!isWhole || (at - start) * MAX_BYTES_A_UNIT > this.#limits.maxEventBytes) return null;
    this.end = at;
    return event;
  }

  /** What the member is whose key stands at `at`; `#head` is then the place behind its colon. */
  #memberAt(at: number, place: number): Member | null {
    const text = this.#text;
    const expected = this.#heads[place];
    if (expected !== undefined && text.startsWith(expected, at)) {
      this.#head = at + expected.length;
      return this.#members[place] ?? null;
    }
    if (text.charCodeAt(at) !== QUOTE) return null;
    const close = text.indexOf('"', at + 1);
    // A key that is written with escapes has a backslash, which no name has.
    if (close === -1) return null;
    const name = text.slice(at + 1, close);
    const member = MEMBERS.get(name) ?? (EXTENSION_NAME.test(name) ? "extension" : null);
    const colon = skipSpace(text, close + 1);
    if (member === null || text.charCodeAt(colon) !== COLON) return null;
    this.#head = colon + 1;
    this.#heads[place] = text.slice(at, this.#head);
    this.#members[place] = member;
    this.#names[place] = name;
    return member;
  }

  #readPayload(event: EventEnvelope, start: number): number {
    if (event.data.encoding !== "none") return -1;
    const end = endOfJson(this.#text, start, this.#limits.maxDepth);
    if (end !== -1) event.data = { encoding: "json", text: this.#text.slice(start, end) };
    return end;
  }

  #readVersion(event: EventEnvelope, start: number): number {
    const end = endOfJson(this.#text, start, 0);
    const digits = this.#text.slice(start, end);
    if (event.aggregateVersion !== null || end === -1) return -1;
    if (digits.length > SAFE_DIGITS || !/^\d+$/.test(digits)) return -1;
    event.aggregateVersion = Number(digits);
    return end;
  }

  #readText(event: EventEnvelope, member: TextMember, name: string, start: number): number {
    const end = endOfPlainText(this.#text, start);
    if (end === -1) return -1;
    const value = this.#text.slice(start + 1, end - 1);
    return setPlain(event, member, name, value) ? end : -1;
  }
}

/** Behind the string of printable ASCII without escapes that opens at `open`; -1 where none does, or one of no length. */
function endOfPlainText(text: string, open: number): number {
  if (text.charCodeAt(open) !== QUOTE) return -1;
  let at = open + 1;
  let code = text.charCodeAt(at);
  while (code >= 0x20 && code <= 0x7e && code !== QUOTE && code !== BACKSLASH) {
    at += 1;
    code = text.charCodeAt(at);
  }
  const length = at - open - 1;
  return code !== QUOTE || length === 0 || length > MAX_ATTRIBUTE_LENGTH ? -1 : at + 1;
}

/** Whether the attribute could be set: once, and to what it may be without a closer look. */
function setPlain(event: EventEnvelope, member: TextMember, name: string, value: string): boolean {
  switch (member) {
    case "time":
      if (event.time !== null || (canonicalMillis(value) === null && !isTimestamp(value))) return false;
      event.time = value;
      return true;
    case "content-type":
      if (event.dataContentType !== null || value !== "application/json") return false;
      event.dataContentType = value;
      return true;
    case "kind": {
      const kind = findKind(value);
      if (event.kind !== null || kind === undefined) return false;
      event.kind = kind;
      return true;
    }
    case "extension":
      if (event.extensions !== null && Object.hasOwn(event.extensions, name)) return false;
      event.extensions ??= {};
      event.extensions[name] = value;
      return true;
    default:
      if (event[member] !== null && event[member] !== "") return false;
      event[member] = value;
      return true;
  }
}

function findKind(value: string): EventKind | undefined {
  return EVENT_KINDS.find((kind) => kind === value);
}
