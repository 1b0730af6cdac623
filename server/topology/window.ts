import { isKeptByHour } from "#server/domain/rollups.ts";
import type { Clock } from "#server/platform/clock.ts";
import { AppError } from "#server/platform/errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 31 * DAY_MS;

export type WindowQuery = { from?: string | undefined; to?: string | undefined };

export type TopologyWindow = {
  /** RFC 3339 in UTC. */
  from: string;
  to: string;
  /** How much of it has passed. */
  seconds: number;
  /** It reaches up to now. */
  isLive: boolean;
};

/**
 * The window that two moments name, in whole minutes; in whole hours where it is longer than a day, or where its minutes
 * are kept no more. Without moments, the last hour. Throws `invalid`.
 */
export function readWindow(clock: Pick<Clock, "now">, { from, to }: WindowQuery): TopologyWindow {
  const now = clock.now().getTime();
  const end = to === undefined ? now : readMoment("to", to);
  const start = from === undefined ? end - HOUR_MS : readMoment("from", from);
  return placeWindow({ start, end, now, names: ["from", "to"] });
}

/**
 * The window before `later` that two moments name: as long as it, and up to its beginning, where they are left out.
 * Throws `invalid`.
 */
export function readEarlierWindow(
  clock: Pick<Clock, "now">,
  { beforeFrom, beforeTo }: { beforeFrom?: string | undefined; beforeTo?: string | undefined },
  later: TopologyWindow,
): TopologyWindow {
  const [laterStart, laterEnd] = [Date.parse(later.from), Date.parse(later.to)];
  const end = beforeTo === undefined ? laterStart : readMoment("beforeTo", beforeTo);
  const start =
    beforeFrom === undefined ? end - (laterEnd - laterStart) : readMoment("beforeFrom", beforeFrom);
  return placeWindow({ start, end, now: clock.now().getTime(), names: ["beforeFrom", "beforeTo"] });
}

type Place = { start: number; end: number; now: number; names: readonly [from: string, to: string] };

function placeWindow({ start, end, now, names: [from, to] }: Place): TopologyWindow {
  if (start >= end) {
    throw new AppError("invalid", `The window is empty. Give a \`${from}\` that is before \`${to}\`.`);
  }
  if (end - start > LONGEST_MS) {
    const nearer = `Give a \`${from}\` that is nearer to \`${to}\`.`;
    throw new AppError("invalid", `The window is longer than 31 days. ${nearer}`);
  }
  if (start > now) {
    throw new AppError("invalid", `The window has not begun yet. Give a \`${from}\` that has passed.`);
  }
  const isByHour = end - start > DAY_MS || isKeptByHour(start, now);
  const unit = isByHour ? HOUR_MS : MINUTE_MS;
  const [first, last] = [Math.floor(start / unit) * unit, Math.ceil(end / unit) * unit];
  return {
    from: new Date(first).toISOString(),
    to: new Date(last).toISOString(),
    seconds: Math.max(1, (Math.min(last, now) - first) / 1000),
    isLive: last >= now,
  };
}

function readMoment(name: string, text: string): number {
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) {
    throw new AppError("invalid", `${name} is no moment. Write it as in 2026-05-04T12:30:00Z.`);
  }
  return moment;
}
