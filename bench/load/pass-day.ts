import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectOptions, connect, type Database } from "#drizzle/db.ts";
import { copyEventsTo } from "#drizzle/queries/event-writing.ts";
import { addSightings } from "#drizzle/queries/service-sightings.ts";
import { insertIdleConsumer } from "#drizzle/testing/consumers.ts";
import { countAttemptsOnce } from "#server/bus/count-attempts.ts";
import { eventIdentity } from "#server/domain/envelope/identity.ts";
import { seededRandom } from "#server/domain/fault-injection.ts";
import type { MetricPoint } from "#server/domain/metrics/points.ts";
import { createBatchWriter } from "#server/ingest/write-batch.ts";
import { countEventsOnce } from "#server/metrics/count-events.ts";
import { expireMetrics } from "#server/metrics/expire-metrics.ts";
import { foldMetricsOnce } from "#server/metrics/fold-metrics.ts";
import { recordPoints } from "#server/metrics/record-points.ts";
import { NameCache } from "#server/names/name-cache.ts";
import { wantedNames } from "#server/names/wanted-names.ts";
import { type Clock, systemClock } from "#server/platform/clock.ts";
import { serveJobs } from "../harness/load-process.ts";
import {
  backlogPoints,
  consumerName,
  eventOfDay,
  type Happened,
  handleEvents,
  sourceCount,
  sourceName,
  typeNames,
} from "./busy-day.ts";

/**
 * - `begin`: the day that ends now begins, with so many events to come, spread evenly over it.
 * - `pass`: some minutes of it pass, much faster than they would: events are stored, and they and what consumers did are
 *   counted and summed up by the verbs that the workers run, by the clock of that time.
 * - `follow`: events go on to come as often, from now on and in real time, until `rest`.
 */
export type PassDayJob =
  | { step: "begin"; login: ConnectOptions; events: number; consumers: number }
  | { step: "pass" }
  | { step: "follow" }
  | { step: "rest" };
export type PassDayResult = { stored: number; isNow: boolean };

const DAY_US = 86_400_000_000;
const EVENTS_AT_ONCE = 20_000;
/**
 * Only of so long ago, seconds and minutes of consumers are read. What they did before is counted as if it had ended in
 * one second of each minute, and before that, in one of the minutes that pass at once. Events come in one second of each
 * minute as well, up to the last minutes.
 */
const SECONDS_US = 3 * 60_000_000;
const MINUTES_US = 70 * 60_000_000;
const EXPIRE_EVERY_US = 30 * 60_000_000;
const MINUTE_US = 60_000_000;
const BACKLOG_EVERY_MS = 5_000;
/** As near to now as this, the rest of the day is real time. */
const NOW_US = 3_000_000;

class Day {
  readonly #database: Database;
  readonly #names: NameCache;
  readonly #consumers: number;
  readonly #startUs: number;
  readonly #stepUs: number;
  readonly #random = seededRandom("day");
  #subscriptions: number[] = [];
  #typeIds: number[] = [];
  #stored = 0;
  /** What is stored already, while what came before it is counted. */
  #coming: Promise<Happened[]> | null = null;
  #lastUs = 0;
  #expiredUs = 0;
  #isFollowing = false;

  constructor(login: ConnectOptions, { events, consumers }: { events: number; consumers: number }) {
    this.#database = connect(login, { max: 4 });
    this.#names = new NameCache(this.#database.sql);
    this.#consumers = consumers;
    this.#startUs = systemClock.now().getTime() * 1000 - DAY_US;
    this.#stepUs = DAY_US / events;
  }

  get stored(): number {
    return this.#stored;
  }

  async begin(): Promise<void> {
    const { sql } = this.#database;
    for (const day of [1, 0]) await sql`select ensure_event_partition(now() - ${day} * interval '1 day')`;
    const second = Math.floor(this.#startUs / 1e6);
    await sql`
      update metric_folds set second = ${second}::bigint / step * step
      from unnest(array[1, 2, 3, 4, 5], array[10, 60, 3600, 21600, 86400]) level (place, step) where place = resolution`;
    await sql`update metric_coverage set since_us = ${Math.floor(this.#startUs)}`;
    const idOf = await this.#names.ensure(typeNames.map((name) => ({ field: "type" as const, name })));
    this.#typeIds = typeNames.map((name) => idOf("type", name) ?? 0);
    await sql.begin(async (tx) => {
      for (let consumer = 0; consumer < this.#consumers; consumer += 1) {
        this.#subscriptions.push(await insertIdleConsumer(tx, consumerName(consumer)));
      }
    });
    await this.#linkServices();
  }

  /** Each consumer was seen to be part of a service that emits. */
  async #linkServices(): Promise<void> {
    const sources = Array.from({ length: sourceCount }, (_, source) => ({
      field: "source" as const,
      name: sourceName(source),
    }));
    const idOf = await this.#names.ensure(sources);
    const ids = sources.map(({ name }) => idOf("source", name) ?? 0);
    const hits = Array.from({ length: this.#consumers }, (_, consumer) => ({
      sourceId: ids[consumer % ids.length] ?? 0,
      consumer: consumerName(consumer),
      hits: 1_000,
    }));
    await this.#database.sql.begin((tx) =>
      addSightings(tx, { reactions: ids.map((sourceId) => ({ sourceId, events: 1_000 })), hits }),
    );
  }

  /** @returns whether it has come to the present. */
  async pass(): Promise<boolean> {
    const { sql } = this.#database;
    const nowUs = systemClock.now().getTime() * 1000;
    const happened = await (this.#coming ?? this.#store());
    const isNow = happened.length < EVENTS_AT_ONCE;
    this.#coming = isNow ? null : this.#store();
    this.#coming?.catch(() => {}); // said by the next
    const count = happened.length;
    if (count === 0) return true;
    const reachedUs = happened.at(-1)?.us ?? 0;
    const clock: Clock = { now: () => new Date(reachedUs / 1000), elapsedMs: systemClock.elapsedMs };
    const ctx = { sql, names: this.#names, clock };
    const firstUs = happened[0]?.us ?? 0;
    await this.#handle(happened, (us) => {
      if (us > nowUs - SECONDS_US) return us;
      return us > nowUs - MINUTES_US ? Math.max(firstUs, Math.floor(us / MINUTE_US) * MINUTE_US) : reachedUs;
    });
    // The log ends there, for whoever counts it.
    await sql`select setval('event_positions', ${reachedUs})`;
    await countEventsOnce(ctx, count);
    const [row] = await sql<{ position: string }[]>`select position from checkpoints where name = 'metrics'`;
    if (Number(row?.position) < reachedUs) throw new Error("Not every event was counted.");
    while (await countAttemptsOnce(ctx));
    await this.#measureBacklogs(reachedUs > nowUs - MINUTES_US ? firstUs : reachedUs, reachedUs);
    while (await foldMetricsOnce(ctx));
    if (reachedUs - this.#expiredUs > EXPIRE_EVERY_US) {
      await expireMetrics(ctx);
      this.#expiredUs = reachedUs;
    }
    return isNow;
  }

  /** Stores what is due next. */
  async #store(): Promise<Happened[]> {
    const nowUs = systemClock.now().getTime() * 1000;
    const due = Math.floor((nowUs - NOW_US - this.#startUs) / this.#stepUs) - this.#stored;
    const happened = Array.from({ length: Math.min(EVENTS_AT_ONCE, Math.max(0, due)) }, (_, at) => {
      const n = this.#stored + at;
      this.#lastUs = Math.max(this.#lastUs + 1, this.#momentOf(n, nowUs));
      return { n, us: this.#lastUs };
    });
    const events = happened.map(({ n }) => {
      const event = eventOfDay(n, `day-${n}`);
      return { event, identity: eventIdentity(event.source, event.id) };
    });
    const ids = await this.#names.ensure(wantedNames(events.map(({ event }) => event)));
    await copyEventsTo(this.#database.sql, events, (index) => happened[index]?.us ?? 0, ids);
    this.#stored += happened.length;
    return happened;
  }

  /** When an event is stored as if it had come: as far from the others as fits into a second. */
  #momentOf(n: number, nowUs: number): number {
    const us = Math.floor(this.#startUs + n * this.#stepUs);
    if (us > nowUs - SECONDS_US) return us;
    const minuteUs = Math.floor(us / MINUTE_US) * MINUTE_US;
    return minuteUs + Math.floor((us - minuteUs) / 60);
  }

  async #handle(happened: readonly Happened[], endedUs: (us: number) => number): Promise<void> {
    const tallies = handleEvents(happened, {
      consumers: this.#consumers,
      typeIds: this.#typeIds,
      random: this.#random,
      endedUs,
    });
    await this.#database.sql.begin(async (tx) => {
      await Promise.all(tallies.map((tally, place) => tally.write(tx, this.#subscriptions[place] ?? 0)));
    });
  }

  async #measureBacklogs(fromUs: number, toUs: number): Promise<void> {
    const points: MetricPoint[] = [];
    for (let atMs = Math.floor(fromUs / 1000); atMs <= toUs / 1000; atMs += BACKLOG_EVERY_MS) {
      points.push(...backlogPoints(atMs, this.#consumers));
    }
    await this.#database.sql.begin((tx) => recordPoints(tx, points, { nowMs: toUs / 1000 }));
  }

  /** Goes on in the background. */
  follow(): Promise<void> {
    this.#isFollowing = true;
    return this.#goOn();
  }

  async #goOn(): Promise<void> {
    const { sql } = this.#database;
    const write = createBatchWriter(sql, this.#names);
    const ctx = { sql, names: this.#names, clock: systemClock };
    let backlogsMs = 0;
    while (this.#isFollowing) {
      const nowUs = systemClock.now().getTime() * 1000;
      const due = Math.floor((nowUs - this.#startUs) / this.#stepUs) - this.#stored;
      const happened = Array.from({ length: due }, (_, at) => ({ n: this.#stored + at, us: nowUs }));
      const events = happened.map(({ n }) => {
        const event = eventOfDay(n, `now-${n}`);
        return { event, identity: eventIdentity(event.source, event.id) };
      });
      await write(events);
      this.#stored += due;
      await this.#handle(happened, (us) => us);
      while (await countEventsOnce(ctx));
      while (await countAttemptsOnce(ctx));
      if (nowUs / 1000 - backlogsMs >= BACKLOG_EVERY_MS) {
        backlogsMs = nowUs / 1000;
        await this.#measureBacklogs(nowUs, nowUs);
      }
      while (await foldMetricsOnce(ctx));
      await sleep(1_000);
    }
  }

  rest(): void {
    this.#isFollowing = false;
  }
}

let day: Day | null = null;
let following: Promise<void> = Promise.resolve();

serveJobs<PassDayJob, PassDayResult>(async (job) => {
  if (job.step === "begin") {
    day = new Day(job.login, job);
    await day.begin();
    return { stored: 0, isNow: false };
  }
  if (day === null) throw new Error("The day has not begun.");
  if (job.step === "pass") return { isNow: await day.pass(), stored: day.stored };
  if (job.step === "follow") {
    following = day.follow();
    following.catch(() => {}); // said by `rest`
  } else {
    day.rest();
    await following;
  }
  return { stored: day.stored, isNow: true };
});
