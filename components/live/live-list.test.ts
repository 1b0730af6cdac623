import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventSummaryDto } from "#server/contract/events.ts";
import type { LiveFrame } from "#server/contract/live.ts";
import {
  addFrame,
  addReset,
  countEvents,
  countWaiting,
  fillGap,
  type Gap,
  hold,
  type LiveList,
  release,
  startList,
} from "./live-list.ts";

const BASE = 1_000;

function summary(position: number): EventSummaryDto {
  return {
    position: String(position),
    id: `id-${position}`,
    source: "/test",
    type: "test.happened",
    subject: null,
    kind: null,
    time: null,
    recordedAt: "2026-01-01T00:00:00.000Z",
    correlationId: null,
    causationId: null,
    partitionKey: null,
    channel: null,
    dataContentType: null,
    dataBytes: 0,
    shape: "internal",
  };
}

const asOf = (position: number) => ({ position: String(position), ingestLagMs: 0, ingestPerSecond: 0 });
const page = (positions: number[], position: number) => ({
  events: positions.map(summary),
  asOf: asOf(position),
});

/** A frame over everything that matched after `from` up to `to`, of which the newest `shown` come as rows. */
function frameOf(from: number, to: number, matches: number[], shown = matches.length): LiveFrame {
  const rows = shown === 0 ? [] : matches.slice(-shown).map(summary);
  return {
    key: "k",
    from: String(from),
    to: String(to),
    rows,
    matched: matches.length,
    shown: rows.length,
    skipped: matches.length - rows.length,
    asOf: asOf(to),
  };
}

const draw = (entries: LiveList["entries"]) =>
  entries.map((entry) =>
    entry.kind === "event"
      ? Number(entry.event.position)
      : `${entry.after}..${entry.before} ${entry.isExact ? "" : "≥"}${entry.missed}`,
  );

describe("The live list", () => {
  test("begins with a page, and leaves to the frames what is newer than its position", () => {
    let list = startList(page([13, 12, 10], 12));
    expect(draw(list.entries)).toEqual([12, 10]);
    list = addFrame(list, frameOf(12, 15, [13, 15]));
    expect(draw(list.entries)).toEqual([15, 13, 12, 10]);
    expect(list.counts).toEqual({ matched: 2, shown: 2, skipped: 0 });
  });

  test("shows what a frame skipped as a gap below its rows, and joins neighbouring gaps", () => {
    let list = startList(page([], 10));
    list = addFrame(list, frameOf(10, 20, [11, 12, 13, 20], 1));
    expect(draw(list.entries)).toEqual([20, "10..20 3"]);
    list = addReset(list, "30");
    list = addFrame(list, frameOf(30, 40, [31, 32, 40], 1));
    expect(draw(list.entries)).toEqual([40, "20..40 ≥2", 20, "10..20 3"]);
  });

  test("keeps what is on the screen while it is held, and puts what waited on top after", () => {
    let list = hold(startList(page([10], 10)));
    list = addFrame(list, frameOf(10, 20, [11, 12, 20], 2));
    expect(draw(list.entries)).toEqual([10]);
    expect(countWaiting(list)).toEqual({ count: 3, isExact: true });
    list = release(list);
    expect(draw(list.entries)).toEqual([20, 12, "10..12 1", 10]);
    expect(list.waiting).toBeNull();
  });

  test("turns the oldest of what waits into a gap when it grows too long", () => {
    let list = hold(startList(page([10], 10), { capacity: 4 }));
    list = addFrame(list, frameOf(10, 13, [11, 12, 13]));
    list = addFrame(list, frameOf(13, 16, [14, 15, 16]));
    expect(countWaiting(list)).toEqual({ count: 6, isExact: true });
    expect(draw(release(list).entries)).toEqual([16, 15, "10..15 4", 10]);
  });

  test("fills a gap from its new end, until nothing is missed", () => {
    let list = addFrame(startList(page([10], 10)), frameOf(10, 20, [11, 12, 13, 20], 1));
    const [, gap] = list.entries;
    expect(gap?.kind).toBe("gap");
    list = fillGap(list, gap as Gap, { events: [13, 12].map(summary), nextBefore: "12" }); // seen to be a gap
    expect(draw(list.entries)).toEqual([20, 13, 12, "10..12 1", 10]);
    const rest = list.entries[3];
    list = fillGap(list, rest as Gap, { events: [summary(11)], nextBefore: "11" }); // as drawn above
    expect(draw(list.entries)).toEqual([20, 13, 12, 11, 10]);
  });

  test("passes over a frame that it knows, and leaves a gap before one that comes too late", () => {
    let list = addFrame(startList(page([], 10)), frameOf(10, 12, [11, 12]));
    expect(addFrame(list, frameOf(10, 12, [11, 12]))).toBe(list);
    list = addFrame(list, frameOf(15, 16, [16]));
    expect(draw(list.entries)).toEqual([16, "12..16 ≥0", 12, 11]);
  });

  test("begins anew when the server's database is another one", () => {
    const list = addReset(addFrame(startList(page([10], 10)), frameOf(10, 12, [11, 12])), "5");
    expect(draw(addFrame(list, frameOf(5, 7, [7])).entries)).toEqual([7]);
  });

  test("whatever comes: entries are in order, and each match is in the list, in a gap, or cut off", () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("frame" as const), log, shown: fc.nat(6) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("toggle" as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant("fill" as const), which: fc.nat(5), limit: fc.nat(4) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("reset" as const), log }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat" as const) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (steps, half) => {
        const server = { at: BASE, matches: [BASE - 3, BASE] };
        let list = startList(page([BASE, BASE - 3], BASE), { capacity: 2 * half });
        let last: LiveFrame | null = null;
        let framed = 0;
        for (const one of steps) {
          if (one.kind === "frame" || one.kind === "reset") {
            const from = server.at;
            const fresh = one.log.flatMap((isMatch, index) => (isMatch ? [from + index + 1] : []));
            server.at += one.log.length;
            server.matches.push(...fresh);
            if (one.kind === "reset") list = addReset(list, String(server.at));
            else {
              last = frameOf(from, server.at, fresh, Math.min(fresh.length, 1 + one.shown));
              list = addFrame(list, last);
              framed += fresh.length;
            }
          } else if (one.kind === "toggle") list = list.waiting === null ? hold(list) : release(list);
          else if (one.kind === "repeat" && last !== null) list = addFrame(list, last);
          else if (one.kind === "fill") list = fillSome(list, server.matches, one);
          expectAccounted(list, server.matches);
          expect(list.counts.matched).toBe(framed);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const log = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

/** Loads the newest part of one of the gaps, as the API would answer. */
function fillSome(list: LiveList, matches: number[], { which, limit }: { which: number; limit: number }) {
  const gaps = list.entries.filter((entry) => entry.kind === "gap");
  const gap = gaps[which % Math.max(1, gaps.length)];
  if (gap === undefined) return list;
  const inside = matches.filter((at) => at > Number(gap.after) && at < Number(gap.before)).toReversed();
  const found = inside.slice(0, limit + 1);
  const isFull = found.length === limit + 1;
  return fillGap(list, gap, {
    events: found.map(summary),
    nextBefore: isFull ? String(found.at(-1)) : null,
  });
}

function expectAccounted(list: LiveList, matches: number[]) {
  const all = [...(list.waiting ?? []), ...list.entries];
  const spans = all.map((entry) =>
    entry.kind === "event"
      ? { low: Number(entry.event.position), high: Number(entry.event.position), entry }
      : { low: Number(entry.after) + 1, high: Number(entry.before) - 1, entry },
  );
  for (const [index, { low, high, entry }] of spans.entries()) {
    expect(low).toBeLessThanOrEqual(high);
    expect(high).toBeLessThan(spans[index - 1]?.low ?? Number.POSITIVE_INFINITY);
    if (entry.kind === "gap" && spans[index - 1]?.entry.kind === "gap") {
      // Only what waits and what is shown may touch with their gaps.
      expect(index).toBe(list.waiting?.length);
    }
    const inside = matches.filter((at) => at >= low && at <= high).length;
    if (entry.kind === "event") expect(inside).toBe(1);
    else if (entry.isExact) expect(entry.missed).toBe(inside);
    else expect(entry.missed).toBeLessThanOrEqual(inside);
  }
  const oldest = spans.at(-1)?.low ?? Number.POSITIVE_INFINITY;
  const lost = matches.filter(
    (at) => at >= oldest && !spans.some(({ low, high }) => low <= at && at <= high),
  );
  expect(lost).toEqual([]);
  const isExact = all.every((entry) => entry.kind === "event" || entry.isExact);
  if (isExact && list.evicted === 0) expect(countEvents(all)).toBe(matches.length);
  expect(list.entries.length).toBeLessThanOrEqual(2 * list.capacity);
  expect(list.waiting?.length ?? 0).toBeLessThanOrEqual(list.capacity + 7);
}
