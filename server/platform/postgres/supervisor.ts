import type { ConnectOptions } from "#drizzle/db.ts";
import { pause } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Cluster } from "./cluster.ts";
import { findPostmaster } from "./postmaster.ts";
import { adoptPostgres, type PostgresProcess, spawnPostgres, stopPostgres } from "./process.ts";
import { EarlyEnd, waitUntilReady } from "./readiness.ts";
import type { PostgresSettings } from "./settings.ts";

/**
 * Postgres is away, coming up, running, or stopped for good.
 *
 * `start` brings it up: it takes over one that runs on the folder already (left by a killed server), or spawns one.
 * When it dies while it should run, it is brought up again, at growing intervals, for as long as that takes. `stop`
 * ends that and shuts it down. Only `bringUp`, `watch` and `stop` change the state.
 */
export type Supervisor = {
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** The one that runs; null when none does. */
  current: () => PostgresProcess | null;
};

type SupervisorOptions = {
  cluster: Cluster;
  settings: PostgresSettings;
  database: ConnectOptions;
  logFile: string;
  log: Log;
  onProgress: (step: string) => void;
  /** Aborted when Postgres is not wanted any more. */
  ending: AbortSignal;
};

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
const FIRST_START_ATTEMPTS = 5;

export function supervisePostgres(options: SupervisorOptions): Supervisor {
  const { cluster, settings, database, logFile, log, onProgress, ending } = options;
  let current: PostgresProcess | null = null;
  let restarting: Promise<void> = Promise.resolve();

  /** Takes over or spawns, and waits until it takes connections. Throws when it ended before that. */
  async function bringUp(): Promise<void> {
    if (ending.aborted)
      throw new AppError("unavailable", "Postgres was not started: the server is stopping.");
    const present = await findPostmaster(cluster.folder);
    const process = present ? adoptPostgres(present.pid) : await spawnPostgres(cluster, settings, logFile);
    current = process;
    await waitUntilReady({ database, process, logFile, ending, onProgress });
    void watch(process);
  }

  async function watch(process: PostgresProcess): Promise<void> {
    const how = await process.ended;
    if (ending.aborted || current !== process) return;
    log.error({ pid: process.pid, how }, "postgres.died");
    restarting = bringUpAgain();
  }

  async function bringUpAgain(): Promise<void> {
    for (let delayMs = FIRST_RETRY_MS; !ending.aborted; delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)) {
      try {
        await bringUp();
        return log.warn("postgres.restarted");
      } catch (error) {
        if (!ending.aborted) log.error({ err: error, retryMs: delayMs }, "postgres.not-restarted");
      }
      await pause(delayMs, ending);
    }
  }

  return {
    start: async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await bringUp();
        } catch (error) {
          // Another process may have been first, or the children of a killed Postgres may still be leaving.
          if (ending.aborted || attempt === FIRST_START_ATTEMPTS || !(error instanceof EarlyEnd)) throw error;
          await pause(FIRST_RETRY_MS * attempt, ending);
        }
      }
    },
    stop: async () => {
      await restarting;
      if (current) await stopPostgres(current, cluster.binaries.pg_ctl, log);
      current = null;
    },
    current: () => current,
  };
}
