import { expect, test } from "vitest";
import type { ListedPage } from "#components/event-detail/event-queries.ts";
import { toListWindow } from "#components/event-detail/list-window.ts";
import { readProgress } from "./list-progress.ts";
import { toShareLink } from "./share-link.ts";

function page(rows: number, complete: boolean, nextBefore: string | null = "5"): ListedPage {
  return {
    // Only their number counts here.
    events: Array.from({ length: rows }) as ListedPage["events"],
    nextBefore,
    searched: { from: nextBefore === null ? null : "2026-01-01T00:00:00.000Z", to: null, complete },
    asOf: { position: "9", ingestLagMs: 0, ingestPerSecond: 0 },
    windowFrom: null,
    askedAt: 0,
  };
}

test("rounds that found next to nothing are counted from the end", () => {
  expect(readProgress([page(100, true)]).meagreRounds).toBe(0);
  expect(readProgress([page(0, false), page(40, false), page(2, false), page(0, false)]).meagreRounds).toBe(
    2,
  );
  expect(readProgress([page(0, false), page(0, false)]).meagreRounds).toBe(2);
});

test("a list is complete when its last page leads no further", () => {
  expect(readProgress([]).isComplete).toBe(false);
  expect(readProgress([page(3, true)]).isComplete).toBe(false);
  expect(readProgress([page(3, true), page(1, true, null)])).toEqual({
    searchedFrom: null,
    isComplete: true,
    meagreRounds: 0,
  });
});

test("a span keeps its length, fixed ends stay", () => {
  expect(toListWindow({ kind: "relative", preset: "1h" })).toEqual({
    from: null,
    to: null,
    lastMs: 3_600_000,
  });
  expect(toListWindow({ kind: "absolute", from: null, to: "2026-01-01T00:00:00Z" })).toEqual({
    from: null,
    to: "2026-01-01T00:00:00Z",
    lastMs: null,
  });
});

const SHOWN = { windowFrom: "2026-01-01T00:00:00.000Z", upTo: "2026-01-01T01:00:00.000Z" };

test("a shared span becomes the window that is on the screen", () => {
  const link = new URL(toShareLink("http://nagare.test/events?type=a&range=1h&event=7", SHOWN));
  expect(Object.fromEntries(link.searchParams)).toEqual({
    type: "a",
    event: "7",
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-01-01T01:00:00.001Z",
  });
});

test("a window that is fixed is shared as it is", () => {
  const href = "http://nagare.test/events?from=2026-01-01T00%3A00%3A00.000Z&event=7";
  expect(toShareLink(href, SHOWN)).toBe(href);
});

test("without a list there is only the address", () => {
  expect(toShareLink("http://nagare.test/events?event=7", null)).toBe("http://nagare.test/events?event=7");
});
