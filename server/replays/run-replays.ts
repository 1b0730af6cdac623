import { REPLAYS_TOPIC, TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { listOpenReplays } from "#drizzle/queries/replay-advancing.ts";
import { type ReplayRun, replayTotals } from "#server/domain/replays/replay-run.ts";
import { pause } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { Bell } from "../bus/bell.ts";
import type { Bus, Claiming } from "../bus/bus.ts";
import { type Advance, advanceReplay } from "./advance-replay.ts";
import { linkReplay } from "./link-replay.ts";
import { settleReplay } from "./settle-replay.ts";

/** Between two looks at which replays there are, for what no notice told of. */
const LOOK_MS = 1_000;
const LEAST_LOOK_MS = 100;
/** Between two steps of one replay: while it moves, and while nothing of it does. */
const STEP_MS = 40;
/** While the room of a consumer grows. */
const GROWING_MS = 10;
/** Between two looks at whether consumers have room again. */
const ROOM_MS = 5;
const MOST_REST_MS = 200;
/** Before a replay is tried again that another process is at. */
const HELD_MS = 250;
/** Of what a turn took, one part in so many is rest at least. */
const REST_SHARE = 8;
const THOROUGH_MS = 500;
const RETRY_MS = 1_000;
const FEWEST_LOOKED = 200;
/** Items that the first step starts: of what they tell of consumers and their room, those after it make use. */
const FIRST_STARTED = 100;
const MOST_LOOKED = 10_000;

type Options = Pick<Context, "sql" | "clock" | "log"> & {
  /** Where deliveries can begin at once in this process; null where none are made. */
  bus: Pick<Bus, "reserve"> | null;
  meters?: Pick<Context["meters"], "spans">;
};

/**
 * Runs replays, each in a loop of its own, until the signal aborts. Any process may: a step is one transaction, and
 * whoever comes first makes it.
 */
export async function runReplays(ctx: Options, signal: AbortSignal): Promise<void> {
  const bell = new Bell();
  const running = new Map<number, Promise<void>>();
  const listening = await ctx.sql.listen(
    TOPICS_CHANNEL,
    (topic) => {
      if (topic === REPLAYS_TOPIC) bell.ring();
    },
    () => bell.ring(),
  );
  while (!signal.aborted) {
    try {
      for (const id of await listOpenReplays(ctx.sql)) {
        if (running.has(id)) continue;
        const loop = runReplay(ctx, id, signal).finally(() => running.delete(id));
        running.set(id, loop);
      }
    } catch (error) {
      if (!signal.aborted) ctx.log.warn({ worker: "replays", err: error }, "worker.interrupted");
    }
    await pause(LEAST_LOOK_MS, signal);
    await bell.sleep(LOOK_MS, signal);
  }
  // Not waited for: it never ends when the database is gone.
  void listening.unlisten().catch(() => {});
  await Promise.all(running.values());
}

/** Advances one replay until nothing is to be expected of it, and writes down meanwhile how its items end. */
async function runReplay(ctx: Options, id: number, signal: AbortSignal): Promise<void> {
  try {
    // Steps go by it.
    await linkReplay(ctx, id);
  } catch (error) {
    await interrupted(ctx, id, { error, signal });
    return;
  }
  const end = new AbortController();
  const ended = new Bell();
  const settling = settleInLoop(ctx, id, { ended, signal: AbortSignal.any([signal, end.signal]) });
  try {
    await advanceInLoop(ctx, id, { ended, signal });
  } finally {
    end.abort();
    await settling;
  }
}

type LoopOptions = {
  /** Rings when items have ended. */
  ended: Bell;
  signal: AbortSignal;
};

async function advanceInLoop(ctx: Options, id: number, { ended, signal }: LoopOptions): Promise<void> {
  const pace = new Pace(ctx.clock);
  let consumers: readonly number[] | null = null;
  while (!signal.aborted) {
    const isThorough = pace.begin();
    const { claiming, most } = await reserveRoom(ctx, consumers, signal);
    const startMs = Date.now();
    let step: Advance;
    try {
      step = await advanceReplay(ctx, id, { isThorough, claiming, most });
    } catch (error) {
      await interrupted(ctx, id, { error, signal });
      continue;
    }
    if (step.kind === "held") {
      await pause(HELD_MS, signal);
      // Whoever looks for open replays finds it again, should the other process be gone.
      return;
    }
    const hasMoved = step.ended > 0 || step.started > 0;
    if (hasMoved) traceStep(ctx, id, startMs, step);
    if (isThorough && !isExpectant(step.run)) return;
    consumers = consumersOf(step) ?? consumers;
    const isGrowing = claiming?.reservations.some((one) => one.isGrowing && one.room > 0) ?? false;
    const restMs = pace.end(hasMoved, hasMoved && isGrowing ? GROWING_MS : STEP_MS);
    await (hasMoved ? pause(restMs, signal) : ended.sleep(restMs, signal));
  }
}

/** The consumers for which a step started something; null where it started nothing. */
function consumersOf({ due, claimed }: Extract<Advance, { kind: "advanced" }>): number[] | null {
  const ids = new Set([...due, ...claimed.map((row) => row.subscription_id)]);
  return ids.size === 0 ? null : [...ids];
}

/** Keeps what room there is; where there is none, it waits a little, as a step that can start nothing takes as long. */
async function reserveRoom(
  { bus }: Options,
  consumers: readonly number[] | null,
  signal: AbortSignal,
): Promise<{ claiming: Claiming | null; most: number }> {
  for (let waitedMs = 0; ; waitedMs += ROOM_MS) {
    const claiming = bus?.reserve() ?? null;
    const most = roomOf(consumers, claiming);
    if (most > 0 || waitedMs >= STEP_MS) return { claiming, most };
    for (const { take } of claiming?.reservations ?? []) take([]);
    await pause(ROOM_MS, signal);
  }
}

/**
 * Where all consumers of a replay can begin what is claimed for them here, no more is started than they have room for,
 * unless they would wait for the next step.
 */
function roomOf(consumers: readonly number[] | null, claiming: Claiming | null): number {
  if (claiming === null) return Number.POSITIVE_INFINITY;
  if (consumers === null) return FIRST_STARTED;
  const own = consumers.map((id) =>
    claiming.reservations.find(({ subscriptionId }) => subscriptionId === id),
  );
  return own.reduce((sum, one) => sum + (one ? one.room + one.ahead : Number.POSITIVE_INFINITY), 0);
}

async function settleInLoop(ctx: Options, id: number, { ended, signal }: LoopOptions): Promise<void> {
  const pace = new Pace(ctx.clock);
  let looked = FEWEST_LOOKED;
  while (!signal.aborted) {
    const isThorough = pace.begin();
    try {
      // What was started first mostly ends first: all of it is looked at only now and then.
      const count = await settleReplay(ctx, id, { looked: isThorough ? MOST_LOOKED : looked, isThorough });
      if (count > 0) ended.ring();
      looked = Math.min(Math.max(FEWEST_LOOKED, 2 * count), MOST_LOOKED);
      await pause(pace.end(count > 0), signal);
    } catch (error) {
      await interrupted(ctx, id, { error, signal });
    }
  }
}

async function interrupted(
  { log }: Options,
  id: number,
  { error, signal }: { error: unknown; signal: AbortSignal },
): Promise<void> {
  if (signal.aborted) return;
  log.warn({ replay: id, err: error }, "replay.interrupted");
  await pause(RETRY_MS, signal);
}

/** When a loop takes its turns: often while it moves something, and now and then for a thorough look. */
class Pace {
  readonly #clock: Options["clock"];
  #thoroughAt = Number.NEGATIVE_INFINITY;
  #startedAt = 0;
  #restMs = STEP_MS;

  constructor(clock: Options["clock"]) {
    this.#clock = clock;
  }

  /** @returns whether this is the turn for a thorough look. */
  begin(): boolean {
    this.#startedAt = this.#clock.elapsedMs();
    const isThorough = this.#startedAt - this.#thoroughAt >= THOROUGH_MS;
    if (isThorough) this.#thoroughAt = this.#startedAt;
    return isThorough;
  }

  /** @returns milliseconds to rest, so that deliveries are not held up, however long a turn takes. */
  end(hasMoved: boolean, stepMs = STEP_MS): number {
    this.#restMs = hasMoved ? stepMs : Math.min(1.5 * this.#restMs, MOST_REST_MS);
    const tookMs = this.#clock.elapsedMs() - this.#startedAt;
    return Math.max(this.#restMs - tookMs, tookMs / REST_SHARE, 1);
  }
}

/** Whether something may still happen in it by itself. Unknown outcomes may come late, but are no reason to hurry. */
function isExpectant(run: ReplayRun): boolean {
  return run.status === "running" || replayTotals(run).inFlight > 0;
}

function traceStep(
  { meters }: Options,
  id: number,
  startMs: number,
  { ended, started }: Extract<Advance, { kind: "advanced" }>,
): void {
  meters?.spans?.record({
    name: "replay.step",
    kind: "internal",
    startMs,
    endMs: Date.now(),
    attributes: { "nagare.replay": id, "nagare.ended": ended, "nagare.started": started },
  });
}
