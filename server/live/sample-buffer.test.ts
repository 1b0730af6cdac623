import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventSummaryDto } from "#server/contract/events.ts";
import { SampleBuffer } from "./sample-buffer.ts";

function summary(position: number, subject: string | null = null): EventSummaryDto {
  return {
    position: String(position),
    id: `id-${position}`,
    source: "/test",
    type: "test.happened",
    subject,
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

const roomy = { maxRows: 100, maxBytes: 1_000_000 };

describe("SampleBuffer", () => {
  test("gives what came since the last sample, and begins the next where that one ended", () => {
    const buffer = new SampleBuffer("10", roomy);
    buffer.push("12", [11, 12], (position) => summary(position));
    expect(buffer.take()).toMatchObject({ from: "10", to: "12", matched: 2, shown: 2, skipped: 0 });
    buffer.push("15", [], (position: number) => summary(position));
    expect(buffer.take()).toEqual({ from: "12", to: "15", rows: [], matched: 0, shown: 0, skipped: 0 });
  });

  test("keeps the newest rows and counts the others", () => {
    const buffer = new SampleBuffer("0", { ...roomy, maxRows: 3 });
    buffer.push("2", [1, 2], (position) => summary(position));
    buffer.push("6", [3, 4, 5, 6], (position) => summary(position));
    const { rows, ...counts } = buffer.take();
    expect(rows.map((row) => row.position)).toEqual(["4", "5", "6"]);
    expect(counts).toEqual({ from: "0", to: "6", matched: 6, shown: 3, skipped: 3 });
  });

  test("turns only those matches into rows that it can show", () => {
    const buffer = new SampleBuffer("0", { ...roomy, maxRows: 2 });
    let made = 0;
    buffer.push(
      "1000",
      Array.from({ length: 1_000 }, (_, index) => index + 1),
      (position) => {
        made += 1;
        return summary(position);
      },
    );
    expect(made).toBe(2);
  });

  test("shows fewer rows when they are heavy, but always the newest", () => {
    const buffer = new SampleBuffer("0", { maxRows: 10, maxBytes: 5_000 });
    buffer.push("4", [1, 2, 3, 4], (position) => summary(position, "s".repeat(2_000)));
    expect(buffer.take()).toMatchObject({ matched: 4, shown: 2, skipped: 2 });
    buffer.push("5", [5], (position) => summary(position, "s".repeat(100_000)));
    expect(buffer.take()).toMatchObject({ matched: 1, shown: 1, skipped: 0 });
  });

  test("whatever comes and whenever it is taken: stretches join, counts are exact, rows are the newest", () => {
    const stretch = fc.array(fc.boolean(), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ stretch, isTaken: fc.boolean() })),
        fc.integer({ min: 1, max: 12 }),
        (steps, maxRows) => {
          const buffer = new SampleBuffer("0", { maxRows, maxBytes: 1_000_000 });
          let position = 0;
          let from = 0;
          let matches: number[] = [];
          for (const step of [...steps, { stretch: [true], isTaken: true }]) {
            const fresh = step.stretch.flatMap((isMatch, index) => (isMatch ? [position + index + 1] : []));
            position += step.stretch.length;
            matches.push(...fresh);
            buffer.push(String(position), fresh, (one) => summary(one));
            if (!step.isTaken) continue;
            const sample = buffer.take();
            expect(sample.from).toBe(String(from));
            expect(sample.to).toBe(String(position));
            expect(sample.matched).toBe(matches.length);
            expect(sample.shown + sample.skipped).toBe(sample.matched);
            expect(sample.rows.map((row) => Number(row.position))).toEqual(matches.slice(-maxRows));
            from = position;
            matches = [];
          }
        },
      ),
    );
  });
});
