import { type Clock, systemClock } from "./clock.ts";
import { AppError } from "./errors.ts";
import type { Log } from "./log.ts";

/**
 * A process is starting, running, stopping, or gone.
 *
 * Parts start one after the other, and stop in reverse. It stops for the first of: a SIGTERM, SIGINT or SIGHUP, a part
 * that fails to start, `fail` called by a part that can't go on. From then on `stopping` is aborted and no part
 * starts. A second signal, or the deadline, ends the process at once. Only `beginStop` changes the mode.
 *
 * One Ctrl-C reaches the process several times: from the terminal, from npm, from the script that started it. What
 * comes within half a second of the first is the same wish.
 */
export type Lifecycle = {
  /** Aborted when the process begins to stop: long-lived parts take no new work from then on. */
  stopping: AbortSignal;
  /** Starts one part, and remembers how to stop it. */
  start: <Value>(name: string, open: (stopping: AbortSignal) => Promise<Started<Value>>) => Promise<Value>;
  /** Stops everything in order, because `part` can't go on. */
  fail: (part: string, error: unknown) => void;
};

/** What a part gives the others, and how it ends. `stop` finishes what was promised before it resolves. */
export type Started<Value> = { value: Value; stop: () => Promise<void> };

type SignalSource = Pick<NodeJS.EventEmitter, "on" | "off">;

type LifecycleOptions = {
  log: Log;
  /** How long an orderly stop may take in all. */
  deadlineMs?: number;
  signals?: SignalSource;
  clock?: Clock;
  /** Ends the process without waiting for anything. */
  exitNow?: (code: number) => void;
};

const STOP_SIGNALS = { SIGTERM: 15, SIGINT: 2, SIGHUP: 1 } as const;
const SAME_WISH_MS = 500;
type StopSignal = keyof typeof STOP_SIGNALS;

type Running = { name: string; stop: () => Promise<void> };
type Reason = { kind: "signal" } | { kind: "failure" } | { kind: "not-started"; error: unknown };

/**
 * Runs `startParts`, waits for a reason to stop, and stops what was started in reverse order. Throws what kept a part
 * from starting.
 *
 * @returns the exit code: 0 after an orderly stop by a signal, 1 after a failure.
 */
export async function runLifecycle(
  options: LifecycleOptions,
  startParts: (lifecycle: Lifecycle) => Promise<void>,
): Promise<number> {
  const { log, deadlineMs = 30_000, signals = process, clock = systemClock } = options;
  const { exitNow = process.exit } = options;
  const running: Running[] = [];
  const stop = new AbortController();
  const { promise: reasonToStop, resolve: giveReason } = Promise.withResolvers<Reason>();

  function beginStop(reason: Reason): void {
    giveReason(reason);
    stop.abort();
  }

  let firstSignalAt: number | null = null;
  const onSignal = (signal: StopSignal) => {
    firstSignalAt ??= clock.elapsedMs();
    if (stop.signal.aborted) {
      if (clock.elapsedMs() - firstSignalAt >= SAME_WISH_MS) exitNow(128 + STOP_SIGNALS[signal]);
      return;
    }
    log.info({ signal }, "stop.requested");
    beginStop({ kind: "signal" });
  };
  const listeners = stopSignals().map((signal) => [signal, () => onSignal(signal)] as const);
  for (const [signal, listener] of listeners) signals.on(signal, listener);

  const lifecycle: Lifecycle = {
    stopping: stop.signal,
    start: async (name, open) => {
      if (stop.signal.aborted)
        throw new AppError("unavailable", `${name} was not started: the server is stopping.`);
      const started = await open(stop.signal);
      running.push({ name, stop: started.stop });
      return started.value;
    },
    fail: (part, error) => {
      if (stop.signal.aborted) return;
      log.fatal({ part, err: error }, "part.failed");
      beginStop({ kind: "failure" });
    },
  };

  const starting = startParts(lifecycle).catch((error: unknown) => {
    if (!stop.signal.aborted) beginStop({ kind: "not-started", error });
  });
  const reason = await reasonToStop;

  const deadline = setTimeout(() => {
    log.error({ deadlineMs, parts: running.map(({ name }) => name) }, "stop.abandoned");
    exitNow(1);
  }, deadlineMs);
  await starting;
  await stopInReverse(running, log, clock);
  clearTimeout(deadline);
  for (const [signal, listener] of listeners) signals.off(signal, listener);
  if (reason.kind === "not-started") throw reason.error;
  return reason.kind === "signal" ? 0 : 1;
}

async function stopInReverse(running: Running[], log: Log, clock: Clock): Promise<void> {
  for (let part = running.at(-1); part; part = running.at(-1)) {
    const startedAt = clock.elapsedMs();
    try {
      await part.stop();
      log.debug({ part: part.name, durationMs: Math.round(clock.elapsedMs() - startedAt) }, "part.stopped");
    } catch (error) {
      log.error({ part: part.name, err: error }, "part.not-stopped");
    }
    running.pop();
  }
}

function stopSignals(): StopSignal[] {
  return process.platform === "win32" ? ["SIGTERM", "SIGINT"] : ["SIGTERM", "SIGINT", "SIGHUP"];
}
