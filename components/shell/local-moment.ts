/** The wall clock of a zone for a `datetime-local` field: `2026-01-31T14:03:09`. */
export function toWallClock(at: string, timeZone: string): string {
  return new Date(Date.parse(at) + offsetMs(Date.parse(at), timeZone)).toISOString().slice(0, 19);
}

/**
 * The moment at which a zone's clocks show this. Null for what is no time. A time that clocks skip in spring is
 * taken as if they had not been moved yet; of a time that they show twice in autumn, the first is taken.
 */
export function fromWallClock(wallClock: string, timeZone: string): string | null {
  const asUtc = Date.parse(`${wallClock}Z`);
  if (Number.isNaN(asUtc)) return null;
  const before = offsetMs(asUtc - 86_400_000, timeZone);
  const after = offsetMs(asUtc + 86_400_000, timeZone);
  const moment = [before, after]
    .map((offset) => asUtc - offset)
    .find((ms) => ms + offsetMs(ms, timeZone) === asUtc);
  return new Date(moment ?? asUtc - before).toISOString();
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
