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
  if (start >= end) {
    throw new AppError("invalid", "The window is empty. Give a `from` that is before `to`.");
  }
  if (end - start > LONGEST_MS) {
    throw new AppError("invalid", "The window is longer than 31 days. Give a `from` that is nearer to `to`.");
  }
  if (start > now) {
    throw new AppError("invalid", "The window has not begun yet. Give a `from` that has passed.");
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
