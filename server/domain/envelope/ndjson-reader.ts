import { decodeUtf8, withoutByteOrderMark } from "./data.ts";
import { scanObject, skipSpace } from "./json-slices.ts";
import { PlainEvents } from "./plain-events.ts";
import { type EnvelopeLimits, readElement, refuseSize } from "./read-element.ts";
import { addReading, type ReadEvents, type Reading, refuse } from "./reading.ts";

const NEWLINE = 0x0a;

/**
 * Reads newline-delimited JSON, one envelope a line, as its bytes arrive. Each line is a document of its
 * own: a bad one, even with invalid UTF-8, is rejected alone. An event's index is the number of its line
 * from 0; empty lines count and are passed over.
 *
 * At most one line of `maxEventBytes` is held: the rest of a longer one is dropped as it arrives. A chunk
 * may be reused once `push` has returned.
 */
export class NdjsonReader {
  readonly #limits: EnvelopeLimits;
  #line = 0;
  /** The parts of the line that has begun and not ended; copies. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;

  constructor(limits: EnvelopeLimits) {
    this.#limits = limits;
  }

  /** The events of the lines that end in this chunk. */
  push(chunk: Uint8Array): ReadEvents {
    const result: ReadEvents = { events: [], rejected: [] };
    const firstEnd = chunk.indexOf(NEWLINE);
    if (firstEnd === -1) {
      this.#begin(chunk);
      return result;
    }
    let start = 0;
    if (this.#begunBytes > 0) {
      this.#begin(chunk.subarray(0, firstEnd));
      this.#readBegun(result);
      start = firstEnd + 1;
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > start) this.#readWhole(chunk.subarray(start, end), result);
    this.#begin(chunk.subarray(end));
    return result;
  }

  /** The event of a last line that no newline ends. */
  end(): ReadEvents {
    const result: ReadEvents = { events: [], rejected: [] };
    if (this.#begunBytes > 0) this.#readBegun(result);
    return result;
  }

  #begin(part: Uint8Array): void {
    this.#begunBytes += part.length;
    if (this.#begunBytes > this.#limits.maxEventBytes) this.#begun = [];
    else if (part.length > 0) this.#begun.push(new Uint8Array(part));
  }

  #readBegun(result: ReadEvents): void {
    const isTooLarge = this.#begunBytes > this.#limits.maxEventBytes;
    const bytes = joined(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    if (isTooLarge) this.#add(result, refuseSize(this.#limits.maxEventBytes));
    else this.#readBytes(bytes, result);
  }

  /** Lines that end in one chunk are decoded together; where that fails, one by one. */
  #readWhole(bytes: Uint8Array, result: ReadEvents): void {
    const text = decodeUtf8(bytes);
    let start = 0;
    while (start < bytes.length && text === null) {
      const end = bytes.indexOf(NEWLINE, start);
      this.#readBytes(bytes.subarray(start, end), result);
      start = end + 1;
    }
    let from = 0;
    while (text !== null && from < text.length) {
      const end = text.indexOf("\n", from);
      // A line by itself: what it leaves open must not be sought in the lines behind it.
      if (end === from) this.#line += 1;
      else this.#readLine(text.slice(from, end), result);
      from = end + 1;
    }
  }

  #readBytes(bytes: Uint8Array, result: ReadEvents): void {
    const text = decodeUtf8(bytes);
    if (text === null)
      this.#add(result, refuse("invalid-json", "The line is not valid UTF-8. Send JSON in UTF-8."));
    else this.#readLine(text, result);
  }

  #readLine(characters: string, result: ReadEvents): void {
    const text = this.#line === 0 ? withoutByteOrderMark(characters) : characters;
    const start = skipSpace(text, 0);
    if (start === text.length) this.#line += 1;
    else this.#add(result, readLine(text, start, this.#limits));
  }

  #add(result: ReadEvents, reading: Reading): void {
    addReading(result, this.#line, reading);
    this.#line += 1;
  }
}

/** The one object that stands on a line. White space and a carriage return may stand around it. */
function readLine(text: string, start: number, limits: EnvelopeLimits): Reading {
  const plain = new PlainEvents(text, "cloudevents-ndjson", limits);
  const event = plain.read(start);
  if (event !== null && skipSpace(text, plain.end) === text.length) return { kind: "event", event };
  const object = scanObject(text, start, limits.maxEventBytes);
  if (object === null) {
    if (text.startsWith("{", start)) return refuseLine("the object breaks off or goes wrong");
    return refuse("unknown-shape", "The line holds no JSON object. Send one event a line.");
  }
  if (skipSpace(text, object.end) < text.length) return refuseLine("something follows the object");
  const reading = readElement(object, limits, "cloudevents-ndjson", true);
  return reading.kind === "not-json" ? refuseLine(reading.problem) : reading;
}

function refuseLine(problem: string): Reading {
  return refuse("invalid-json", `The line is not valid JSON: ${problem}.`);
}

function joined(parts: Uint8Array[]): Uint8Array {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
