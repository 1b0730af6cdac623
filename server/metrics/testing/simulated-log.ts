import type { Sql } from "#drizzle/db.ts";
import { insertIdleConsumer } from "#drizzle/testing/consumers.ts";
import { createTestDatabase } from "#drizzle/testing/database.ts";
import { countAttemptsOnce } from "#server/bus/count-attempts.ts";
import { ProcessingTally } from "#server/bus/processing-tally.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { createFixedClock } from "#server/platform/clock.ts";
import { countEventsOnce } from "../count-events.ts";
import { foldMetricsOnce } from "../fold-metrics.ts";

export const TYPES = ["order.placed", "order.paid", "order.shipped"] as const;
export const SOURCES = ["/shop", "/bank"] as const;
export const CHANNELS = ["orders", null] as const;
export const VERSIONS = ["1", "2", null] as const;
export const CONSUMERS = ["billing", "mail", "stock"] as const;

export type SimulatedEvent = {
  us: number;
  type: (typeof TYPES)[number];
  source: (typeof SOURCES)[number];
  channel: (typeof CHANNELS)[number];
  version: (typeof VERSIONS)[number];
};
export type SimulatedAttempt = {
  us: number;
  consumer: (typeof CONSUMERS)[number];
  type: (typeof TYPES)[number];
  status: "succeeded" | "retrying" | "dead";
  durationUs: number;
};

const STATUS = { succeeded: 2, retrying: 3, dead: 4 } as const;

/** A database whose time is told: events and attempts are written at any moment of it, and counted as workers do. */
export async function openSimulatedLog() {
  const database = await createTestDatabase();
  const { sql } = database;
  const ids = await internAll(new NameCache(sql));
  const subscriptions = new Map(
    await Promise.all(CONSUMERS.map(async (consumer) => [consumer, await subscribe(sql, consumer)] as const)),
  );
  let clock = createFixedClock(new Date());
  let lastUs = 0;
  /** As a process that was just started. */
  const ctx = (over: Sql = sql) => ({ sql: over, names: new NameCache(over), clock });

  return {
    sql,
    ctx,
    get nowMs() {
      return clock.now().getTime();
    },
    pass: (ms: number) => clock.advance(ms),
    /** Forgets everything, as if the program had been started at this moment for the first time. */
    restart: async (startMs: number) => {
      clock = createFixedClock(new Date(startMs));
      lastUs = startMs * 1000;
      await sql`truncate events, processing_tallies, uncounted_attempts, processing_minutes, processing_bins, metric_points, metric_series`;
      await sql`delete from checkpoints where name = 'metrics'`;
      await sql`update metric_coverage set since_us = ${startMs * 1000}`;
      await sql`
        update metric_folds set second = ${startMs / 1000}::bigint / step * step
        from unnest(array[1, 2, 3, 4, 5], array[10, 60, 3600, 21600, 86400]) level (place, step) where place = resolution`;
      await sql`select setval('event_positions', ${startMs * 1000})`;
    },
    /** Stores an event at the present moment, or a microsecond after the one before. */
    append: async (event: Omit<SimulatedEvent, "us">): Promise<SimulatedEvent> => {
      lastUs = Math.max(lastUs + 1, clock.now().getTime() * 1000);
      const { type, source, channel, version } = event;
      await sql`select ensure_event_partition(to_timestamp(${lastUs / 1e6}::float8))`;
      await sql`
        insert into events (position, type_id, source_id, channel_id, shape, data_encoding, id, extensions)
        values (${lastUs}, ${ids.get(type) ?? 0}, ${ids.get(source) ?? 0}, ${channel === null ? null : (ids.get(channel) ?? 0)},
          10, 0, ${String(lastUs)}, ${version === null ? null : JSON.stringify({ dataversion: version })})`;
      await sql`select setval('event_positions', ${lastUs})`;
      return { us: lastUs, ...event };
    },
    /** Writes down attempts of a consumer that ended, at whatever moment. */
    settle: async (consumer: SimulatedAttempt["consumer"], attempts: readonly SimulatedAttempt[]) => {
      const tally = new ProcessingTally();
      for (const { us, type, status, durationUs } of attempts) {
        const criticalUs = status === "succeeded" ? durationUs * 2 : null;
        tally.addEnded({
          typeId: ids.get(type) ?? 0,
          status: STATUS[status],
          endedUs: us,
          durationUs,
          criticalUs,
        });
      }
      await sql.begin((tx) => tally.write(tx, subscriptions.get(consumer) ?? 0));
    },
    /** One round of each worker. With `fails`, whatever it did is lost before it is committed. */
    work: async (chunk: number, fails: boolean) => {
      const over = fails ? failing(sql) : sql;
      for (const round of [
        () => countEventsOnce(ctx(over), chunk),
        () => countAttemptsOnce(ctx(over)),
        () => foldMetricsOnce(ctx(over)),
      ]) {
        await round().catch((error: unknown) => {
          if (error !== LOST) throw error;
        });
      }
    },
    finish: async () => {
      while (await countEventsOnce(ctx()));
      while (await countAttemptsOnce(ctx()));
      while (await foldMetricsOnce(ctx()));
    },
    close: () => database.drop(),
  };
}

export type SimulatedLog = Awaited<ReturnType<typeof openSimulatedLog>>;

const LOST = new Error("The process ended.");

/** The same pool, whose transactions all end before they are committed. */
function failing(sql: Sql): Sql {
  const begin = (work: (tx: unknown) => Promise<unknown>) =>
    sql.begin(async (tx) => {
      await work(tx);
      throw LOST;
    });
  return new Proxy(sql, { get: (target, key) => (key === "begin" ? begin : Reflect.get(target, key)) });
}

async function internAll(names: NameCache): Promise<Map<string, number>> {
  const wanted = [
    ...TYPES.map((name) => ({ field: "type" as const, name })),
    ...SOURCES.map((name) => ({ field: "source" as const, name })),
    { field: "channel" as const, name: "orders" },
  ];
  const idOf = await names.ensure(wanted);
  return new Map(wanted.map(({ field, name }) => [name, idOf(field, name) ?? 0]));
}

function subscribe(sql: Sql, consumer: string): Promise<number> {
  return sql.begin(async (tx) => insertIdleConsumer(tx, consumer));
}
