import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { commandAs } from "./account.ts";
import type { Cluster } from "./cluster.ts";
import { isProcessAlive, signalPostmaster } from "./postmaster.ts";
import { type PostgresSettings, settingArguments } from "./settings.ts";

export type PostgresProcess = {
  pid: number;
  /** False for one that was taken over. */
  wasSpawnedHere: boolean;
  /** Where in the log file its own lines begin. */
  logStart: number;
  /** Never rejected; says how it ended. */
  ended: Promise<string>;
};

const POLL_ADOPTED_MS = 250;
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 5_000;

/** A Postgres that somebody else spawned. */
export function adoptPostgres(pid: number): PostgresProcess {
  return { pid, wasSpawnedHere: false, logStart: 0, ended: waitUntilGone(pid) };
}

async function waitUntilGone(pid: number): Promise<string> {
  while (isProcessAlive(pid)) await sleep(POLL_ADOPTED_MS, undefined, { ref: false });
  return "it is gone";
}

export async function spawnPostgres(
  { account, binaries, folder }: Cluster,
  settings: PostgresSettings,
  logFile: string,
): Promise<PostgresProcess> {
  const command = commandAs(account, binaries.postgres, ["-D", folder, ...settingArguments(settings)]);
  const output = await open(logFile, "a", 0o600);
  try {
    const { size: logStart } = await output.stat();
    // A session of its own: the terminal's Ctrl-C must not reach it before the server has drained.
    const child = spawn(command.file, command.args, {
      ...command.options,
      cwd: "/",
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      windowsHide: true,
    });
    const ended = once(child, "exit").then(
      ([code, signal]) => `it ended with ${signal ?? `exit code ${code}`}`,
    );
    await once(child, "spawn");
    if (child.pid === undefined) throw new AppError("internal", "A spawned process has no id.");
    return { pid: child.pid, wasSpawnedHere: true, logStart, ended };
  } finally {
    await output.close();
  }
}

/** Ends its sessions and stops it. One that takes too long is stopped at once; its next start repairs the data. */
export async function stopPostgres({ pid, wasSpawnedHere, ended }: PostgresProcess, pgCtl: string, log: Log) {
  const done = wasSpawnedHere ? ended : waitUntilGone(pid);
  await signalPostmaster(pid, "fast-stop", pgCtl);
  if (await isDoneWithin(done, FAST_STOP_MS)) return;
  log.warn({ pid }, "postgres.stop-forced");
  await signalPostmaster(pid, "immediate-stop", pgCtl);
  if (await isDoneWithin(done, IMMEDIATE_STOP_MS)) return;
  throw new AppError("unavailable", `Postgres (pid ${pid}) does not stop. The next start takes it over.`);
}

async function isDoneWithin(done: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const isDone = await Promise.race([done.then(() => true), sleep(ms, false, { signal: timer.signal })]);
  timer.abort();
  return isDone;
}
