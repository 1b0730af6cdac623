import { REPLAYS_TOPIC, TOPICS_CHANNEL } from "#drizzle/queries/notices.ts";
import { listOpenReplays } from "#drizzle/queries/replay-advancing.ts";
import { type ReplayRun, replayTotals } from "#server/domain/replays/replay-run.ts";
import { pause } from "#server/platform/clock.ts";
import type { Context } from "#server/platform/context.ts";
import { Bell } from "../bus/bell.ts";
import { type Advance, advanceReplay } from "./advance-replay.ts";

/** Between two looks at which replays there are, for what no notice told of. */
const LOOK_MS = 1_000;
const LEAST_LOOK_MS = 100;
/** Between two steps of one replay: while it moves, and while nothing of it does. */
const STEP_MS = 40;
const MOST_REST_MS = 200;
/** Before a replay is tried again that another process is at. */
const HELD_MS = 250;
const THOROUGH_MS = 500;
const RETRY_MS = 1_000;
const FEWEST_LOOKED = 200;
const MOST_LOOKED = 10_000;

type Options = Pick<Context, "sql" | "clock" | "log">;

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

/** Advances one replay until nothing is to be expected of it. */
async function runReplay(ctx: Options, id: number, signal: AbortSignal): Promise<void> {
  let thoroughAt = Number.NEGATIVE_INFINITY;
  let looked = FEWEST_LOOKED;
  let restMs = STEP_MS;
  while (!signal.aborted) {
    const startedAt = ctx.clock.elapsedMs();
    const isThorough = startedAt - thoroughAt >= THOROUGH_MS;
    if (isThorough) thoroughAt = startedAt;
    let step: Advance;
    try {
      // What was started first mostly ends first: all of it is looked at only now and then.
      step = await advanceReplay(ctx, id, { looked: isThorough ? MOST_LOOKED : looked, isThorough });
    } catch (error) {
      if (signal.aborted) return;
      ctx.log.warn({ replay: id, err: error }, "replay.interrupted");
      await pause(RETRY_MS, signal);
      continue;
    }
    if (step.kind === "held") {
      await pause(HELD_MS, signal);
      // Whoever looks for open replays finds it again, should the other process be gone.
      return;
    }
    if (isThorough && !isExpectant(step.run)) return;
    looked = Math.min(Math.max(FEWEST_LOOKED, 2 * step.ended), MOST_LOOKED);
    const hasMoved = step.ended > 0 || step.started > 0;
    restMs = hasMoved ? STEP_MS : Math.min(1.5 * restMs, MOST_REST_MS);
    const tookMs = ctx.clock.elapsedMs() - startedAt;
    // At least half of the time is left to the deliveries, however long a step takes.
    await pause(Math.max(restMs - tookMs, tookMs / 2, 1), signal);
  }
}

/** Whether something may still happen in it by itself. Unknown outcomes may come late, but are no reason to hurry. */
function isExpectant(run: ReplayRun): boolean {
  return run.status === "running" || replayTotals(run).inFlight > 0;
}
