import { parseTimestamp } from "./envelope/timestamp.ts";

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The instant that an RFC 3339 timestamp names, in microseconds since 1970. Finer digits are cut off; a leap
 * second (`:60`) counts as the first moment of the next minute.
 *
 * @returns null when the text is not RFC 3339 or names no real date.
 */
export function instantMicros(text: string): bigint | null {
  const parts = RFC3339.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = parts;
  const isLeap = second === "60";
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${isLeap ? "59" : second}Z`);
  if (Number.isNaN(millis) || new Date(millis).getUTCDate() !== Number(day)) return null;
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  const base = BigInt(millis + (isLeap ? 1000 : 0)) * 1000n + micros;
  return base - offsetMicros(zone);
}

function offsetMicros(zone: string): bigint {
  if (zone === "Z" || zone === "z") return 0n;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return BigInt(zone.startsWith("-") ? -minutes : minutes) * 60_000_000n;
}

/** The length of what `canonicalInstant` gives: UTC, milliseconds, `Z`. */
const CANONICAL_LENGTH = 24;

/**
 * The milliseconds since 1970 of a text that is just what `canonicalInstant` makes of its instant, so that keeping the
 * instant is enough. Null for every other text.
 */
export function canonicalMillis(text: string): number | null {
  if (text.length !== CANONICAL_LENGTH) return null;
  if (text[10] !== "T" || text[13] !== ":" || text[16] !== ":" || text[19] !== "." || text[23] !== "Z")
    return null;
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const tenths = twoDigits(text, 20);
  const millisecond = text.charCodeAt(22) - 0x30;
  if (!(hour <= 23 && minute <= 59 && second <= 59 && tenths <= 99 && millisecond >= 0 && millisecond <= 9))
    return null;
  if (!text.startsWith(lastDay.text)) {
    const instant = parseTimestamp(`${text.slice(0, 10)}T00:00:00Z`);
    if (instant === null) return null;
    lastDay = { text: text.slice(0, 10), millis: instant.minute * 60_000 };
  }
  return lastDay.millis + ((hour * 60 + minute) * 60 + second) * 1000 + tenths * 10 + millisecond;
}

/** The day that was asked for last: events mostly come from the same one. */
let lastDay = { text: "1970-01-01", millis: 0 };

/** The number that two digits write, or NaN. */
function twoDigits(text: string, at: number): number {
  const [high, low] = [text.charCodeAt(at) - 0x30, text.charCodeAt(at + 1) - 0x30];
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

/** @param micros whole microseconds since 1970, as the database writes them; anything below a millisecond is cut off. */
export function canonicalInstant(micros: string): string {
  return new Date(Number(micros.slice(0, -3))).toISOString();
}

/** When the event at this position was recorded: RFC 3339 in UTC, to the millisecond. */
export function recordedAt(position: string | number | bigint): string {
  return new Date(Math.floor(Number(position) / 1000)).toISOString();
}

/** The first position that can have been recorded at or after this moment. Null when the text is no timestamp. */
export function positionAt(time: string): bigint | null {
  const micros = instantMicros(time);
  if (micros === null) return null;
  return micros < 0n ? 0n : micros;
}
