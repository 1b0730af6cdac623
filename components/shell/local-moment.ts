const WALL_CLOCK = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)? ?(Z|UTC|[+-]\d{2}:?\d{2})$/i;

/** How the clocks of a zone show a moment: `2026-01-31 14:03:09`. */
export function toWallClock(at: string, timeZone: string): string {
  const ms = Date.parse(at);
  return new Date(ms + offsetMs(ms, timeZone)).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * Reads a time that a person typed or pasted: `2026-01-31`, `2026-01-31 14:03` and `2026-01-31T14:03:09.5` as the
 * clocks of the zone show it, or with `Z`, `UTC` or an offset, which then counts. Null for what is no time.
 *
 * A time that clocks skip in spring is taken as if they had not been moved yet; of a time that they show twice in
 * autumn, the first is taken.
 */
export function readMoment(text: string, timeZone: string): string | null {
  const trimmed = text.trim();
  if (WITH_OFFSET.test(trimmed)) {
    const rfc = trimmed
      .replace(",", ".")
      .replace(" ", "T")
      .replace(/ ?UTC$/i, "Z")
      .replace(" ", "");
    return toIso(Date.parse(rfc.replace(/([+-]\d{2})(\d{2})$/, "$1:$2")));
  }
  const match = WALL_CLOCK.exec(trimmed);
  if (match === null) return null;
  const [, date = "", hour = "00", minute = "00", second = "00", fraction = "0"] = match;
  const asUtc = Date.parse(`${date}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`);
  // Date.parse takes 31 February for 3 March.
  if (Number.isNaN(asUtc) || toIso(asUtc)?.slice(0, 10) !== date) return null;
  return toIso(momentOfWallClock(asUtc, timeZone));
}

function momentOfWallClock(asUtc: number, timeZone: string): number {
  const before = offsetMs(asUtc - 86_400_000, timeZone);
  const after = offsetMs(asUtc + 86_400_000, timeZone);
  const moment = [before, after]
    .map((offset) => asUtc - offset)
    .find((ms) => ms + offsetMs(ms, timeZone) === asUtc);
  return moment ?? asUtc - before;
}

function toIso(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** How far a zone's clocks are ahead of UTC at a moment. */
function offsetMs(at: number, timeZone: string): number {
  const name = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? "");
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}
