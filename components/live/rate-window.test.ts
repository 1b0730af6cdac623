import { describe, expect, test } from "vitest";
import type { EventSummaryDto } from "#server/contract/events.ts";
import { RATE_SECONDS, RateWindow } from "./rate-window.ts";

const START = 1_700_000_000_000;
const at = (seconds: number) => String((START + seconds * 1000) * 1000);
// Only the position counts.
const rows = (...seconds: number[]) => seconds.map((one) => ({ position: at(one) }) as EventSummaryDto);

describe("The rate window", () => {
  test("counts events in the second in which they were recorded, whenever they arrive", () => {
    const rate = new RateWindow();
    rate.add({ from: at(0), to: at(3.2), rows: rows(1, 1.5, 3.2), skipped: 0 }, START + 3_200);
    rate.add({ from: at(3.2), to: at(5), rows: rows(4.9), skipped: 0 }, START + 5_000);
    expect(rate.series(START + 6_100).slice(-6)).toEqual([0, 2, 0, 1, 1, 0]);
    expect(rate.perSecond(START + 6_100)).toBe(4 / 5);
    expect(rate.series(START + 200_000)).toEqual(Array.from({ length: RATE_SECONDS }, () => 0));
  });

  test("spreads what was skipped over the time before the rows", () => {
    const rate = new RateWindow();
    rate.add({ from: at(1), to: at(4), rows: rows(4), skipped: 40 }, START + 4_000);
    expect(rate.series(START + 5_000).slice(-4)).toEqual([10, 10, 10, 11]);
  });

  test("lays a long time without news on the last minute only", () => {
    const rate = new RateWindow();
    rate.add({ from: at(-100_000), to: at(0.5), rows: rows(0.5), skipped: 0 }, START + 500);
    expect(rate.perSecond(START + 1_000)).toBe(1 / 5);
  });

  test("goes by the server's clock where the two differ", () => {
    const rate = new RateWindow();
    rate.add({ from: at(0), to: at(1), rows: rows(1), skipped: 0 }, START + 1_000 - 3_600_000);
    expect(rate.series(START + 2_000 - 3_600_000).at(-1)).toBe(1);
  });
});
