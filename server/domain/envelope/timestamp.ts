/**
 * Timestamps as RFC 3339 section 5.6 writes them. They are kept as text; these functions say whether a text
 * is one, and whether two texts mean the same instant.
 */

/** An instant: whole minutes since 1970 in UTC, the second in it (60 in a leap second), and its fraction's digits. */
export type Instant = { minute: number; second: number; fraction: string };

const DAY_MINUTES = 1440;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** `2025-11-22T03:05:16`: what stands before the fraction and the offset. */
const DATE_TIME_LENGTH = 19;

/** The instant that an RFC 3339 timestamp means, with all its digits, or null when the text is not one. */
export function parseTimestamp(text: string): Instant | null {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const isPunctuated =
    text[4] === "-" &&
    text[7] === "-" &&
    (text[10] === "T" || text[10] === "t") &&
    text[13] === ":" &&
    text[16] === ":";
  if (!isPunctuated || year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month))
    return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return null;

  const fractionEnd = endOfFraction(text);
  const offset = fractionEnd === -1 ? null : offsetMinutes(text, fractionEnd);
  if (offset === null) return null;
  const utcMinute = daysSince1970(year, month, day) * DAY_MINUTES + hour * 60 + minute - offset;
  if (second === 60 && !endsMonth(utcMinute)) return null;
  return { minute: utcMinute, second, fraction: trimmedFraction(text, fractionEnd) };
}

/** Whether the text is an RFC 3339 timestamp: a real day, a real time of day, an offset from UTC. */
export function isTimestamp(text: string): boolean {
  return parseTimestamp(text) !== null;
}

/** Whether two timestamps mean the same instant, to the last digit, whatever their offsets. */
export function isSameInstant(a: string, b: string): boolean {
  if (a === b) return true;
  const one = parseTimestamp(a);
  const other = parseTimestamp(b);
  if (one === null || other === null) return false;
  return one.minute === other.minute && one.second === other.second && one.fraction === other.fraction;
}

/**
 * The timestamp in UTC of a moment that is written as digits since 1970, in units of 10^-`scale` seconds,
 * without losing a digit. Null when the year would not have four digits.
 */
export function timestampFromEpoch(digitsSince1970: string, scale: 0 | 3 | 6 | 9): string | null {
  if (!/^\d{1,22}$/.test(digitsSince1970)) return null;
  const padded = digitsSince1970.padStart(scale + 1, "0");
  const seconds = Number(padded.slice(0, padded.length - scale));
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return null;
  const upToSecond = date.toISOString().slice(0, DATE_TIME_LENGTH);
  return scale === 0 ? `${upToSecond}Z` : `${upToSecond}.${padded.slice(-scale)}Z`;
}

/** The number that `length` digits at `at` write, or -1 when one of them is no digit. */
function digits(text: string, at: number, length: number): number {
  let value = 0;
  for (let place = at; place < at + length; place += 1) {
    const digit = text.charCodeAt(place) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Where the offset begins: behind the fraction when there is one. -1 for a point without digits. */
function endOfFraction(text: string): number {
  if (text[DATE_TIME_LENGTH] !== ".") return DATE_TIME_LENGTH;
  let at = DATE_TIME_LENGTH + 1;
  while (digits(text, at, 1) !== -1) at += 1;
  return at === DATE_TIME_LENGTH + 1 ? -1 : at;
}

function trimmedFraction(text: string, end: number): string {
  let last = end;
  while (last > DATE_TIME_LENGTH + 1 && text[last - 1] === "0") last -= 1;
  return text.slice(DATE_TIME_LENGTH + 1, last);
}

function offsetMinutes(text: string, at: number): number | null {
  const sign = text[at];
  if (sign === "Z" || sign === "z") return text.length === at + 1 ? 0 : null;
  if ((sign !== "+" && sign !== "-") || text[at + 3] !== ":" || text.length !== at + 6) return null;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysOf(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days in the proleptic Gregorian calendar, in which years begin in March so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Leap seconds are the last second of a month in UTC (RFC 3339 section 5.7). */
function endsMonth(utcMinute: number): boolean {
  const next = new Date((utcMinute + 1) * 60_000);
  return next.getUTCDate() === 1 && next.getUTCHours() === 0 && next.getUTCMinutes() === 0;
}
