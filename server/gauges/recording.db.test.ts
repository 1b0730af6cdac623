import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFixedClock } from "#server/platform/clock.ts";
import { pauseSubscription } from "../bus/pause-subscription.ts";
import { openTestBus, type TestBus } from "../bus/testing/open-bus.ts";
import { Meters } from "./meters.ts";
import { instanceName, ProcessRecorder } from "./record-process.ts";
import { SystemRecorder } from "./record-system.ts";

let bus: TestBus;
beforeAll(async () => {
  bus = await openTestBus();
});
afterAll(() => bus.close());

type Point = { second: number; samples: number; sum: number | null; last: number | null };

/** What was recorded of a series, at the finest resolution. */
async function pointsOf(metric: string, labels: Record<string, string>): Promise<Point[]> {
  return bus.sql<Point[]>`
    select second::float8 as second, samples::float8 as samples, sum, last from metric_points
    join metric_series s on s.id = series_id
    where metric = ${metric} and labels = ${JSON.stringify(labels)}::jsonb and slot < 4 order by second, samples`;
}

describe("The system", () => {
  test("is recorded by one process at a time, and by another when that one is gone", async () => {
    await bus.subscribe("paused", { filters: [{ exact: { type: "waited-for" } }] });
    await pauseSubscription(bus.ctx, "paused");
    await bus.append([{ type: "waited-for" }, { type: "waited-for" }]);
    const clock = createFixedClock(new Date());
    const one = new SystemRecorder({ ...bus.ctx, clock, meters: new Meters() });
    const other = new SystemRecorder({ ...bus.ctx, clock, meters: new Meters() });
    const counts = async () => (await pointsOf("backlog", { consumer: "paused" })).map(({ sum }) => sum);
    await one.recordOnce();
    await other.recordOnce();
    expect(await counts()).toEqual([2]);
    clock.advance(2_000);
    await other.recordOnce();
    expect(await counts()).toEqual([2]);
    await one.recordOnce();
    expect(await counts()).toEqual([2, 2]);
    clock.advance(16_000);
    await other.recordOnce();
    await one.recordOnce();
    expect(await counts()).toEqual([2, 2, 2]);
    clock.advance(1_000);
    await one.recordOnce();
    await other.recordOnce();
    const recorded = await pointsOf("backlog", { consumer: "paused" });
    expect(recorded.map(({ second }) => second - (recorded[0]?.second ?? 0))).toEqual([0, 2, 18, 19]);
    // Postgres is asked every ten seconds; what it counted since is told of each second, and of none between processes.
    expect((await pointsOf("database_size", {})).length).toBe(2);
    expect(await pointsOf("database_commits", {})).toEqual([]);
    clock.advance(11_000);
    await other.recordOnce();
    const commits = await pointsOf("database_commits", {});
    const seconds = commits.map(({ second }) => second - (recorded[0]?.second ?? 0));
    expect(seconds).toEqual([19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    expect((await pointsOf("outbox_waiting", {})).every(({ last }) => last === 0)).toBe(true);
  });
});

describe("A process", () => {
  test("records what it counted once, also where the database did not take it at first", async () => {
    const clock = createFixedClock(new Date());
    const { meters } = bus.ctx;
    const instance = instanceName({ port: 4_000 });
    const recorder = new ProcessRecorder({ ...bus.ctx, clock }, instance);
    await recorder.recordOnce();
    const acknowledged = () => pointsOf("ingest_acknowledged", { instance });
    const [before] = await acknowledged();
    await bus.append([{ type: "one" }, { type: "two" }]);
    meters.ingest.reject("conflict", 3);
    clock.advance(1_000);
    await bus.sql`alter table metric_series rename to metric_series_away`;
    await expect(recorder.recordOnce()).rejects.toThrow();
    await bus.sql`alter table metric_series_away rename to metric_series`;
    await bus.append([{ type: "three" }]);
    clock.advance(1_000);
    await recorder.recordOnce();
    clock.advance(1_000);
    await recorder.recordOnce();
    expect((await acknowledged()).map(({ samples }) => samples)).toEqual([before?.samples, 2, 1, 0]);
    expect(await pointsOf("ingest_rejected", { reason: "conflict", instance })).toMatchObject([
      { samples: 3 },
    ]);
    const writes = await pointsOf("ingest_write_time", { instance });
    expect(writes.reduce((sum, { samples }) => sum + samples, 0)).toBe(meters.ingest.writes.count);
    expect(await pointsOf("process_memory", { instance })).toHaveLength(4);
    expect((await pointsOf("ingest_rejected", {})).map(({ samples }) => samples)).toEqual([0, 3, 0, 0]);
  });
});
