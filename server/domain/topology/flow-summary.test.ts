import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { EMPTY_SUMMARY, type FlowSummary, mergeSummaries, SUMMARY_LIMITS } from "./flow-summary.ts";
import type { ObservedFlow } from "./observed-flow.ts";
import { summarizeFlow } from "./summarize-flow.ts";

// So many examples take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const names = fc.constantFrom("a", "b", "c", "d", "constructor", "__proto__", "ü/\"'");
const index = fc.integer({ min: 0, max: 11 });

/** Anything that could be recorded, causes in circles and deliveries of nothing among it. */
const flows: fc.Arbitrary<ObservedFlow> = fc.record({
  correlationId: fc.string(),
  events: fc.array(
    fc.record({
      position: fc.nat().map(String),
      type: names,
      service: names,
      kind: fc.constantFrom(null, "command" as const, "domain" as const),
      cause: fc.option(index),
      isCauseMissing: fc.boolean(),
      at: fc.nat(100_000),
    }),
    { maxLength: 12 },
  ),
  deliveries: fc.array(
    fc.record({
      event: index,
      service: names,
      startedAt: fc.option(fc.nat(100_000)),
      endedAt: fc.option(fc.nat(100_000)),
      outcome: fc.constantFrom("succeeded" as const, "failed" as const, "open" as const),
      attempts: fc.nat(3),
    }),
    { maxLength: 20 },
  ),
});

const summaries = flows.map((flow) => summarizeFlow(flow)?.summary ?? EMPTY_SUMMARY);
/** So narrow that most merges have to leave rows out. */
const narrow = { emitted: 3, edges: 4, askers: 2, orders: 3, replies: 1, after: 1 };

describe.each([
  { limits: SUMMARY_LIMITS, name: "usual limits" },
  { limits: narrow, name: "limits that cut" },
])("summaries under $name", ({ limits }) => {
  const merge = (a: FlowSummary, b: FlowSummary) => mergeSummaries(a, b, limits);

  it("add up in any order", () => {
    fc.assert(
      fc.property(summaries, summaries, (a, b) => {
        expect(merge(a, b)).toEqual(merge(b, a));
      }),
    );
  });

  it("add up in any grouping", () => {
    fc.assert(
      fc.property(summaries, summaries, summaries, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  it("stay within the limits, and a row that is kept has lost nothing", () => {
    fc.assert(
      fc.property(fc.array(summaries, { minLength: 1, maxLength: 5 }), (some) => {
        const cut = some.reduce((all, one) => merge(all, one), EMPTY_SUMMARY);
        const whole = some.reduce((all, one) => mergeSummaries(all, one), EMPTY_SUMMARY);
        expect(Object.keys(cut.edges).length).toBeLessThanOrEqual(limits.edges);
        expect(Object.keys(cut.emitted).length).toBeLessThanOrEqual(limits.emitted);
        for (const [key, { events, returns }] of Object.entries(cut.edges)) {
          expect(whole.edges[key]).toMatchObject({ events, returns });
        }
      }),
    );
  });
});

describe("a summary", () => {
  it("survives being stored as JSON", () => {
    fc.assert(
      fc.property(summaries, (summary) => {
        expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
      }),
    );
  });

  it("holds whole numbers alone, whatever was recorded", () => {
    fc.assert(
      fc.property(summaries, (summary) => {
        for (const value of numbersIn(summary)) expect(Number.isInteger(value)).toBe(true);
      }),
    );
  });

  it("does not change what it is merged from", () => {
    fc.assert(
      fc.property(summaries, summaries, (a, b) => {
        const before = JSON.stringify([a, b]);
        mergeSummaries(a, b);
        expect(JSON.stringify([a, b])).toBe(before);
      }),
    );
  });

  it("touches nothing that is not its own, whatever types and services are called", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(flows, (flow) => {
        const summary = summarizeFlow(flow)?.summary ?? EMPTY_SUMMARY;
        const emitted = Object.values(summary.emitted).reduce((sum, count) => sum + count, 0);
        expect(emitted).toBe(flow.events.length);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
      }),
    );
  });

  it("of no events is none", () => {
    expect(summarizeFlow({ correlationId: "none", events: [], deliveries: [] })).toBeNull();
  });
});

function numbersIn(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [value];
}
