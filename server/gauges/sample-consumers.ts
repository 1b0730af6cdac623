import type { Context } from "#server/platform/context.ts";
import type { Sample } from "./sample.ts";
import { BacklogWatch, type ConsumerBacklog } from "./watch-backlogs.ts";

/** How far back the rate is looked for at which a backlog shrinks, and what is too short to tell it. */
const RATE_OVER_MS = 60_000;
const RATE_FROM_MS = 5_000;

type Past = { atMs: number; count: number; isExact: boolean };

/** What waits for consumers and in channels, since when, and how long it will take. */
export class ConsumerSampler {
  readonly #ctx: Pick<Context, "sql" | "names" | "clock">;
  readonly #watch: BacklogWatch;
  readonly #past = new Map<string, Past[]>();
  /** Consumers whose backlog is a least, by the last look. */
  inexact: ReadonlySet<string> = new Set();

  constructor(ctx: Pick<Context, "sql" | "names" | "clock">) {
    this.#ctx = ctx;
    this.#watch = new BacklogWatch(ctx);
  }

  async sample(): Promise<Sample[]> {
    const backlogs = await this.#watch.read();
    const nowMs = this.#ctx.clock.now().getTime();
    this.inexact = new Set(backlogs.filter(({ isExact }) => !isExact).map(({ consumer }) => consumer));
    const drains = this.#drainTimes(backlogs);
    return [
      ...backlogs.flatMap(({ consumer, count, oldest }): Sample[] => {
        const labels = { consumer };
        const waited = oldest === null ? 0 : Math.max(0, (nowMs * 1000 - oldest) / 1e6);
        const drain = drains.get(consumer);
        return [
          { metric: "backlog", labels, value: count },
          { metric: "oldest_waiting", labels, value: waited },
          ...(drain === undefined ? [] : [{ metric: "drain_time", labels, value: drain } as const]),
        ];
      }),
      ...channelDepths(backlogs),
    ];
  }

  /** Seconds until nothing waits any more, if it goes on as in the last minute; left out where it does not shrink. */
  #drainTimes(backlogs: readonly ConsumerBacklog[]): Map<string, number> {
    const atMs = this.#ctx.clock.elapsedMs();
    const drains = new Map<string, number>();
    const known = new Set(backlogs.map(({ consumer }) => consumer));
    for (const consumer of this.#past.keys()) if (!known.has(consumer)) this.#past.delete(consumer);
    for (const { consumer, count, isExact } of backlogs) {
      const past = (this.#past.get(consumer) ?? []).filter((one) => atMs - one.atMs <= RATE_OVER_MS);
      this.#past.set(consumer, [...past, { atMs, count, isExact }]);
      const seconds = drainSeconds({ atMs, count, isExact }, past[0]);
      if (seconds !== null) drains.set(consumer, seconds);
    }
    return drains;
  }
}

function drainSeconds(now: Past, before: Past | undefined): number | null {
  if (now.isExact && now.count === 0) return 0;
  if (before === undefined || !now.isExact || !before.isExact || now.atMs - before.atMs < RATE_FROM_MS)
    return null;
  const perSecond = ((before.count - now.count) * 1000) / (now.atMs - before.atMs);
  return perSecond > 0 ? now.count / perSecond : null;
}

/** Deliveries that wait in each channel: those of a queue that nobody has taken wait once, for all of its consumers. */
function channelDepths(backlogs: readonly ConsumerBacklog[]): Sample[] {
  const byChannel = Map.groupBy(backlogs, ({ channel }) => channel);
  return [...byChannel].flatMap(([channel, consumers]): Sample[] => {
    if (channel === null) return [];
    const taken = consumers.reduce((sum, { count, beyond }) => sum + count - beyond, 0);
    const lanes = Map.groupBy(consumers, ({ cursorId }) => cursorId);
    const beyond = [...lanes.values()].reduce(
      (sum, sharing) => sum + Math.max(...sharing.map((one) => one.beyond)),
      0,
    );
    return [{ metric: "channel_depth", labels: { channel }, value: taken + beyond }];
  });
}
