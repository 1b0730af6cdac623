import type { EventPageDto, EventSummaryDto } from "#server/contract/events.ts";
import type { LiveFrame } from "#server/contract/live.ts";
import { comparePositions, nextPosition } from "#server/domain/position.ts";

/** Events that match and are not in the list: they stand after one position and before another. */
export type Gap = {
  kind: "gap";
  after: string;
  before: string;
  /** How many they are; at least as many where `isExact` is false. */
  missed: number;
  isExact: boolean;
};

/** One line of the list. */
export type LiveEntry = { kind: "event"; event: EventSummaryDto } | Gap;

/**
 * The newest events of a stream, newest first, with every gap in its place.
 *
 * It flows (what comes is put on top, and the old end is cut off), or it is held: then `entries` stay as they are
 * and what comes gathers in `waiting`, of which the oldest part turns into a gap when it grows too long. Only `hold`
 * and `release` move between the two.
 */
export type LiveList = {
  entries: readonly LiveEntry[];
  waiting: readonly LiveEntry[] | null;
  /** Everything up to here is accounted for; the next frame begins here. */
  position: string;
  /** What the frames said since the list began. */
  counts: { matched: number; shown: number; skipped: number };
  /** Events that were cut off at the old end, those in gaps included. */
  evicted: number;
  /** Entries that the list keeps while it flows, and as many that wait while it is held. */
  capacity: number;
};

const CAPACITY = 2_000;

export type WaitingCount = { count: number; isExact: boolean };

/** The list as a page of the API gives it; live frames continue at the position up to which the page is final. */
export function startList(
  page: Pick<EventPageDto, "events" | "asOf">,
  { capacity = CAPACITY }: { capacity?: number } = {},
): LiveList {
  const { position } = page.asOf;
  const settled = page.events.filter((event) => comparePositions(event.position, position) <= 0);
  return {
    entries: settled.map(toEntry),
    waiting: null,
    position,
    counts: { matched: 0, shown: 0, skipped: 0 },
    evicted: 0,
    capacity,
  };
}

/** Puts a frame on top. A frame that says nothing new is passed over; one that comes too late leaves a gap. */
export function addFrame(list: LiveList, frame: LiveFrame): LiveList {
  if (comparePositions(frame.to, list.position) <= 0) return list;
  const counts = {
    matched: list.counts.matched + frame.matched,
    shown: list.counts.shown + frame.shown,
    skipped: list.counts.skipped + frame.skipped,
  };
  return { ...putOnTop(list, entriesOf(frame, list.position)), position: frame.to, counts };
}

/**
 * The server could not go on from where the list stands: what lies before the new position is a gap. A position
 * behind the list means another database: nothing of what is listed can be looked up any more.
 */
export function addReset(list: LiveList, position: string): LiveList {
  if (comparePositions(position, list.position) < 0) {
    return { ...list, entries: [], waiting: list.waiting && [], position };
  }
  if (position === list.position) return list;
  const gap = unknownGap(list.position, nextPosition(position));
  return { ...putOnTop(list, [gap]), position };
}

export function hold(list: LiveList): LiveList {
  return list.waiting === null ? { ...list, waiting: [] } : list;
}

export function release(list: LiveList): LiveList {
  if (list.waiting === null) return list;
  const entries = joinEntries(list.waiting, list.entries);
  return cutOff({ ...list, entries, waiting: null }, list.capacity);
}

/** Puts the newest part of a gap into its place, as a page of the API gives it. A gap that is gone changes nothing. */
export function fillGap(
  list: LiveList,
  gap: Gap,
  page: Pick<EventPageDto, "events" | "nextBefore">,
): LiveList {
  const at = list.entries.findIndex((entry) => isSameGap(entry, gap));
  if (at === -1) return list;
  const found = page.events.filter(
    ({ position }) => comparePositions(position, gap.after) > 0 && comparePositions(position, gap.before) < 0,
  );
  const missed = Math.max(0, gap.missed - found.length);
  const before = page.nextBefore ?? gap.after;
  const isFilled = (gap.isExact && missed === 0) || comparePositions(before, nextPosition(gap.after)) <= 0;
  const rest: Gap[] = isFilled ? [] : [{ ...gap, before, missed }];
  const entries = list.entries.toSpliced(at, 1, ...found.map(toEntry), ...rest);
  // While somebody fills gaps, there is room for as much again.
  return cutOff({ ...list, entries }, 2 * list.capacity);
}

/** How many events wait while the list is held. */
export function countWaiting(list: LiveList): WaitingCount {
  const waiting = list.waiting ?? [];
  return {
    count: countEvents(waiting),
    isExact: waiting.every((one) => one.kind === "event" || one.isExact),
  };
}

/** Events of these entries, those in gaps included. */
export function countEvents(entries: readonly LiveEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === "event" ? 1 : entry.missed), 0);
}

export function entryId(entry: LiveEntry): string {
  return entry.kind === "event" ? entry.event.position : `${entry.after}-${entry.before}`;
}

/** The frame's entries, newest first. What it skipped is older than its rows. */
function entriesOf(frame: LiveFrame, position: string): readonly LiveEntry[] {
  const isEarly = comparePositions(frame.from, position) < 0;
  const isLate = comparePositions(frame.from, position) > 0;
  const fresh = frame.rows.filter((row) => comparePositions(row.position, position) > 0);
  const [oldest] = fresh;
  const entries = fresh.map(toEntry).reverse();
  if (frame.skipped > 0) {
    entries.push({
      kind: "gap",
      after: isEarly ? position : frame.from,
      before: oldest?.position ?? nextPosition(frame.to),
      missed: isEarly ? 0 : frame.skipped,
      isExact: !isEarly,
    });
  }
  return isLate ? joinEntries(entries, [unknownGap(position, nextPosition(frame.from))]) : entries;
}

function putOnTop(list: LiveList, entries: readonly LiveEntry[]): LiveList {
  if (list.waiting === null) {
    return cutOff({ ...list, entries: joinEntries(entries, list.entries) }, list.capacity);
  }
  return { ...list, waiting: foldOldEnd(joinEntries(entries, list.waiting), list.capacity) };
}

/** Two neighbouring gaps are one. */
function joinEntries(newer: readonly LiveEntry[], older: readonly LiveEntry[]): readonly LiveEntry[] {
  const [top, ...rest] = older;
  const bottom = newer.at(-1);
  if (bottom?.kind !== "gap" || top?.kind !== "gap") return newer.length === 0 ? older : [...newer, ...older];
  return [...newer.slice(0, -1), mergeGaps(bottom, top), ...rest];
}

function mergeGaps(newer: Gap, older: Gap): Gap {
  return {
    kind: "gap",
    after: older.after,
    before: newer.before,
    missed: newer.missed + older.missed,
    isExact: newer.isExact && older.isExact,
  };
}

/** Turns the oldest of what waits into a gap, so that it does not grow for ever. */
function foldOldEnd(waiting: readonly LiveEntry[], capacity: number): readonly LiveEntry[] {
  if (waiting.length <= capacity) return waiting;
  // To half of it: folding a little with every frame would cost more than it saves.
  const kept = waiting.slice(0, capacity / 2);
  const folded = waiting.slice(capacity / 2);
  const isExact = folded.every((entry) => entry.kind === "event" || entry.isExact);
  const gap = { kind: "gap" as const, missed: countEvents(folded), isExact };
  const newest = folded.at(0);
  const oldest = folded.at(-1);
  if (newest === undefined || oldest === undefined) return waiting;
  return joinEntries(kept, [{ ...gap, after: startOf(oldest), before: endOf(newest) }]);
}

function cutOff(list: LiveList, capacity: number): LiveList {
  if (list.entries.length <= capacity) return list;
  const end = list.entries.findLastIndex((entry, index) => index < capacity && entry.kind === "event") + 1;
  return {
    ...list,
    entries: list.entries.slice(0, end),
    evicted: list.evicted + countEvents(list.entries.slice(end)),
  };
}

/** A position before everything that the entry stands for, and one after it. */
function startOf(entry: LiveEntry): string {
  return entry.kind === "gap" ? entry.after : String(BigInt(entry.event.position) - 1n);
}
function endOf(entry: LiveEntry): string {
  return entry.kind === "gap" ? entry.before : nextPosition(entry.event.position);
}

function unknownGap(after: string, before: string): Gap {
  return { kind: "gap", after, before, missed: 0, isExact: false };
}

function isSameGap(entry: LiveEntry, gap: Gap): boolean {
  return entry.kind === "gap" && entry.after === gap.after && entry.before === gap.before;
}

function toEntry(event: EventSummaryDto): LiveEntry {
  return { kind: "event", event };
}
