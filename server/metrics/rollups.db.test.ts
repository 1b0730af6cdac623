import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MetricQuery } from "#server/contract/metrics.ts";
import { RELATIVE_ERROR } from "#server/domain/log-histogram.ts";
import { queryMetric } from "./query-metric.ts";
import {
  CHANNELS,
  CONSUMERS,
  openSimulatedLog,
  type SimulatedAttempt,
  type SimulatedEvent,
  type SimulatedLog,
  SOURCES,
  TYPES,
  VERSIONS,
} from "./testing/simulated-log.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Some days ago, at midnight. */
const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - 5 * DAY_MS;

let log: SimulatedLog;
beforeAll(async () => {
  log = await openSimulatedLog();
});
afterAll(() => log.close());

/** From moments within a second to a gap of hours. */
const gap = fc.oneof(
  fc.integer({ min: 0, max: 900 }),
  fc.integer({ min: 1_000, max: 30_000 }),
  fc.integer({ min: MINUTE_MS, max: 2 * HOUR_MS }),
);
const deed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("events" as const),
      count: fc.integer({ min: 1, max: 4 }),
      type: fc.constantFrom(...TYPES),
      source: fc.constantFrom(...SOURCES),
      channel: fc.constantFrom(...CHANNELS),
      version: fc.constantFrom(...VERSIONS),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("attempts" as const),
      consumer: fc.constantFrom(...CONSUMERS),
      attempts: fc.array(
        fc.record({
          type: fc.constantFrom(...TYPES),
          status: fc.constantFrom("succeeded" as const, "retrying" as const, "dead" as const),
          durationUs: fc.integer({ min: 1, max: 90_000_000 }),
          /** How long ago it ended: most of them just now, some long before. */
          lateMs: fc.oneof(fc.integer({ min: 0, max: 800 }), gap),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("work" as const),
      chunk: fc.integer({ min: 1, max: 5 }),
      fails: fc.boolean(),
    }),
  },
);

test("charts at every step say what a recount of every event and attempt says, whatever was lost on the way", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(gap, deed), { minLength: 30, maxLength: 60 }), async (deeds) => {
      await log.restart(START);
      const events: SimulatedEvent[] = [];
      const attempts: SimulatedAttempt[] = [];
      for (const [passed, deed] of deeds) {
        log.pass(passed);
        if (deed.kind === "work") await log.work(deed.chunk, deed.fails);
        else if (deed.kind === "attempts") {
          const { consumer } = deed;
          const ended = deed.attempts.map(({ lateMs, ...rest }) => ({
            ...rest,
            consumer,
            us: Math.max(START, log.nowMs - lateMs) * 1000,
          }));
          await log.settle(consumer, ended);
          attempts.push(...ended);
        } else for (let n = 0; n < deed.count; n += 1) events.push(await log.append(deed));
      }
      log.pass(1_000);
      await log.finish();
      await expectRecounted(events, attempts);
    }),
    { numRuns: 5 },
  );
}, 120_000);

/** Steps of each resolution, and how far back the window reaches. */
const WINDOWS = [
  { stepMs: 1_000, backMs: 25 * MINUTE_MS },
  { stepMs: 30_000, backMs: 11 * HOUR_MS },
  { stepMs: MINUTE_MS, backMs: 30 * HOUR_MS },
  { stepMs: HOUR_MS, backMs: 5 * DAY_MS },
  { stepMs: 6 * HOUR_MS, backMs: 5 * DAY_MS },
  { stepMs: DAY_MS, backMs: 5 * DAY_MS },
];

async function expectRecounted(events: SimulatedEvent[], attempts: SimulatedAttempt[]): Promise<void> {
  for (const { stepMs, backMs } of WINDOWS) {
    const fromMs = Math.max(START, log.nowMs - backMs);
    const ask = (query: Omit<MetricQuery, "from" | "to">) =>
      answered({
        ...query,
        from: new Date(fromMs).toISOString(),
        to: new Date(log.nowMs).toISOString(),
        stepMs,
      });
    const count = <T extends { us: number }>(all: T[], keyOf: (one: T) => string) =>
      recount(all, keyOf, { fromMs: Math.floor(fromMs / stepMs) * stepMs, stepMs });
    expect(await ask({ metric: "events", stat: "count" })).toEqual(count(events, () => ""));
    for (const by of ["type", "source"] as const) {
      expect(await ask({ metric: "events", stat: "count", by })).toEqual(count(events, (one) => one[by]));
    }
    expect(await ask({ metric: "events", stat: "count", by: "version" })).toEqual(
      count(events, ({ version }) => version ?? "(none)"),
    );
    expect(
      await ask({ metric: "events", stat: "count", by: "source", where: { type: ["order.paid"] } }),
    ).toEqual(
      count(
        events.filter(({ type }) => type === "order.paid"),
        ({ source }) => source,
      ),
    );
    expect(await ask({ metric: "channel_in", stat: "count", by: "channel" })).toEqual(
      count(
        events.filter(({ channel }) => channel !== null),
        ({ channel }) => channel ?? "",
      ),
    );
    const ended = (status: string) => attempts.filter((one) => one.status === status);
    expect(await ask({ metric: "attempts", stat: "count", by: "consumer" })).toEqual(
      count(attempts, ({ consumer }) => consumer),
    );
    expect(await ask({ metric: "attempts_succeeded", stat: "count", by: "type" })).toEqual(
      count(ended("succeeded"), ({ type }) => type),
    );
    expect(await ask({ metric: "retries", stat: "count" })).toEqual(count(ended("retrying"), () => ""));
    expect(await ask({ metric: "dead_letters", stat: "count" })).toEqual(count(ended("dead"), () => ""));
    await expectTimes(attempts, { fromMs, stepMs });
  }
}

async function expectTimes(
  attempts: SimulatedAttempt[],
  { fromMs, stepMs }: { fromMs: number; stepMs: number },
): Promise<void> {
  const startMs = Math.floor(fromMs / stepMs) * stepMs;
  await expectPercentiles(attempts, { fromMs, stepMs });
  const inWindow = attempts
    .filter(({ us }) => us >= startMs * 1000)
    .map(({ durationUs }) => durationUs)
    .toSorted((a, b) => a - b);
  const window = { from: new Date(fromMs).toISOString(), to: new Date(log.nowMs).toISOString(), stepMs };
  const overall = async (stat: "average" | "max" | "p95") =>
    (await queryMetric(log.ctx(), { metric: "processing_time", stat, ...window })).series[0]?.overall ?? null;
  if (inWindow.length === 0) {
    expect(await overall("p95")).toBeNull();
    return;
  }
  const exact = (inWindow[Math.ceil(inWindow.length * 0.95) - 1] ?? 0) / 1e6;
  expect(Math.abs(((await overall("p95")) ?? 0) - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
  expect(await overall("max")).toBeCloseTo((inWindow.at(-1) ?? 0) / 1e6, 9);
  const sum = inWindow.reduce((all, one) => all + one, 0);
  expect(await overall("average")).toBeCloseTo(sum / inWindow.length / 1e6, 9);
}

/** Of each step and consumer, from what was summed up or from histograms: no matter which. */
async function expectPercentiles(
  attempts: SimulatedAttempt[],
  { fromMs, stepMs }: { fromMs: number; stepMs: number },
): Promise<void> {
  const startMs = Math.floor(fromMs / stepMs) * stepMs;
  const window = { from: new Date(fromMs).toISOString(), to: new Date(log.nowMs).toISOString(), stepMs };
  for (const [stat, share] of [
    ["p50", 0.5],
    ["p99", 0.99],
  ] as const) {
    const { series } = await queryMetric(log.ctx(), {
      metric: "processing_time",
      stat,
      by: "consumer",
      ...window,
    });
    for (const { labels, values } of series) {
      for (const [at, told] of values.entries()) {
        const times = attempts
          .filter(({ consumer, us }) => {
            const step = Math.floor((us / 1000 - startMs) / stepMs);
            return consumer === labels.consumer && step === at;
          })
          .map(({ durationUs }) => durationUs)
          .toSorted((a, b) => a - b);
        const exact = (times[Math.ceil(times.length * share) - 1] ?? 0) / 1e6;
        if (times.length === 0) expect(told).toBeNull();
        else expect(Math.abs((told ?? 0) - exact) / exact).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
      }
    }
  }
}

/** What an answer says: the steps of each curve that are not nothing. */
async function answered(query: MetricQuery): Promise<Record<string, Record<number, number>>> {
  const { series, by } = await queryMetric(log.ctx(), query);
  const curves = series.map(({ labels, values }) => {
    const steps = values.flatMap((value, at) => (value === null || value === 0 ? [] : [[at, value]]));
    return [by === null ? "" : labels[by], Object.fromEntries(steps)] as const;
  });
  return Object.fromEntries(curves.filter(([, steps]) => Object.keys(steps).length > 0));
}

function recount<T extends { us: number }>(
  all: T[],
  keyOf: (one: T) => string,
  { fromMs, stepMs }: { fromMs: number; stepMs: number },
): Record<string, Record<number, number>> {
  const curves: Record<string, Record<number, number>> = {};
  for (const one of all) {
    const at = Math.floor((one.us / 1000 - fromMs) / stepMs);
    if (at < 0) continue;
    const curve = curves[keyOf(one)] ?? {};
    curve[at] = (curve[at] ?? 0) + 1;
    curves[keyOf(one)] = curve;
  }
  return curves;
}
