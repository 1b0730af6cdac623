import type { Format, Moment } from "#components/ui/format-context.tsx";

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is shown as less than that is not nothing. */
const LEAST_RATE = 0.01;
const RATE_DIGITS = [
  { below: 9.995, digits: 2 },
  { below: 99.95, digits: 1 },
];

const NUMBERS = {
  plain: { maximumFractionDigits: 3 },
  oneDigit: { maximumFractionDigits: 1 },
  compact: { notation: "compact", maximumFractionDigits: 1 },
  percent: { style: "percent", maximumFractionDigits: 1 },
} as const satisfies Record<string, Intl.NumberFormatOptions>;

type NumberKind = keyof typeof NUMBERS;
type DurationUnit = "day" | "hour" | "minute" | "second" | "millisecond" | "microsecond";

/** Above one second a duration has two units at most: nobody needs the seconds of a day. */
const STEPS: readonly { unit: DurationUnit; ms: number; next: { unit: DurationUnit; ms: number } }[] = [
  { unit: "day", ms: DAY, next: { unit: "hour", ms: HOUR } },
  { unit: "hour", ms: HOUR, next: { unit: "minute", ms: MINUTE } },
  { unit: "minute", ms: MINUTE, next: { unit: "second", ms: SECOND } },
];

/**
 * Writes times and quantities in one language and one time zone. Dates keep one shape in every language.
 *
 * What writes them is made when it is first needed: it takes a browser milliseconds, and no page needs all of it.
 */
export function createFormat(locale: string, timeZone: string): Format {
  const numbers = keepMade((kind: NumberKind) => new Intl.NumberFormat(locale, NUMBERS[kind]));
  const fixed = keepMade(
    (digits: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const units = keepMade((name: `${DurationUnit} ${number}`) => {
    const [unit = "", digits] = name.split(" ");
    const style = { style: "unit", unitDisplay: "short" } as const;
    return new Intl.NumberFormat(locale, { ...style, unit, maximumFractionDigits: Number(digits) });
  });
  const relatives = keepMade(
    (style: "short") => new Intl.RelativeTimeFormat(locale, { numeric: "always", style }),
  );
  const partsReaders = keepMade(createPartsReader);

  const unit = (value: number, name: DurationUnit, digits = 0) => units(`${name} ${digits}`).format(value);

  const duration = (ms: number): string => {
    if (!Number.isFinite(ms)) return "–";
    if (ms < 0) return `-${duration(-ms)}`;
    if (ms > 0 && ms < 1) return unit(ms * 1000, "microsecond");
    if (ms < SECOND) return unit(ms, "millisecond", ms < 10 ? 1 : 0);
    if (ms < MINUTE) return unit(ms / SECOND, "second", ms < 10 * SECOND ? 1 : 0);
    const step = STEPS.find((each) => ms >= each.ms);
    if (step === undefined) return unit(ms / SECOND, "second");
    const whole = Math.floor(ms / step.ms);
    const rest = Math.floor((ms - whole * step.ms) / step.next.ms);
    const main = unit(whole, step.unit);
    return rest === 0 ? main : `${main} ${unit(rest, step.next.unit)}`;
  };

  const write = (at: Moment, shape: (parts: MomentParts) => string) => {
    const ms = toMs(at);
    return Number.isNaN(ms) ? String(at) : shape(partsReaders(timeZone)(ms));
  };

  return {
    timeZone,
    number: (value) => numbers("plain").format(value),
    compact: (value) => numbers("compact").format(value),
    rate: (value) => {
      if (value === 0) return numbers("plain").format(0);
      if (value < LEAST_RATE) return `<${numbers("plain").format(LEAST_RATE)}`;
      const digits = RATE_DIGITS.find(({ below }) => value < below)?.digits ?? 0;
      return fixed(digits).format(value);
    },
    percent: (ratio) => numbers("percent").format(ratio),
    bytes: (bytes) => {
      const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BYTE_UNITS.length - 1);
      const value = bytes / 1024 ** power;
      return `${numbers(value < 100 ? "oneDigit" : "plain").format(power === 0 ? value : roundTo(value, 1))} ${BYTE_UNITS[power]}`;
    },
    duration,
    clock: (at) => write(at, (p) => p.clock),
    time: (at) => write(at, (p) => `${p.clock}.${p.millis}`),
    date: (at) => write(at, (p) => p.date),
    minute: (at) => write(at, (p) => `${p.date} ${p.clock.slice(0, 5)}`),
    second: (at) => write(at, (p) => `${p.date} ${p.clock}`),
    dateTime: (at) => write(at, (p) => `${p.date} ${p.clock}.${p.millis} ${p.offset}`),
    relative: (at, now) => {
      const ms = toMs(at);
      if (Number.isNaN(ms)) return String(at);
      const past = now - ms;
      const size = Math.abs(past);
      // Clocks of two machines differ: what is to come within a moment has just happened.
      const sign = past > -SECOND ? -1 : 1;
      const relative = relatives("short");
      if (size < MINUTE) return relative.format(sign * Math.floor(size / SECOND), "second");
      if (size < HOUR) return relative.format(sign * Math.floor(size / MINUTE), "minute");
      if (size < DAY) return relative.format(sign * Math.floor(size / HOUR), "hour");
      return relative.format(sign * Math.floor(size / DAY), "day");
    },
  };
}

/** Makes each once, when it is first asked for. */
function keepMade<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** Milliseconds since 1970; NaN for a text that is no time. */
export function toMs(at: Moment): number {
  return typeof at === "number" ? at : Date.parse(at);
}

function roundTo(value: number, digits: number) {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

type MomentParts = { date: string; clock: string; millis: string; offset: string };

function createPartsReader(timeZone: string): (ms: number) => MomentParts {
  const formatter = new Intl.DateTimeFormat("en-CA-u-hc-h23", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
  });
  return (ms) => {
    const parts = new Map(formatter.formatToParts(ms).map((part) => [part.type, part.value]));
    const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
    const offset = get("timeZoneName").replace("GMT", "");
    return {
      date: `${get("year")}-${get("month")}-${get("day")}`,
      clock: `${get("hour")}:${get("minute")}:${get("second")}`,
      millis:
        String(((ms % SECOND) + SECOND) % SECOND)
          .split(".", 1)[0]
          ?.padStart(3, "0") ?? "000",
      offset: offset === "" || offset === "+00:00" ? "UTC" : offset,
    };
  };
}
