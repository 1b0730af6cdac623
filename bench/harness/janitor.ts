import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPostmaster, isProcessAlive } from "#server/platform/postgres/postmaster.ts";

/**
 * `node janitor.ts PID FOLDER`: waits until its input ends, which it also does when the process at the other end was
 * killed, then stops the server with that pid, its Postgres, and removes the folder.
 */
const STOP_LIMIT_MS = 20_000;

const [pidText, folder] = process.argv.slice(2);
const serverPid = Number(pidText);
if (!Number.isSafeInteger(serverPid) || serverPid <= 1 || folder === undefined) {
  throw new Error("Usage: janitor.ts PID FOLDER");
}

process.stdin.resume();
await new Promise((resolve) => process.stdin.once("end", resolve).once("error", resolve));
await stop(serverPid, "SIGTERM");
// A server that was killed leaves its Postgres behind.
const postmaster = await findPostmaster(path.join(folder, "data", "postgres"));
if (postmaster) await stop(postmaster.pid, "SIGINT");
await rm(folder, { recursive: true, force: true, maxRetries: 3 });

async function stop(pid: number, signal: NodeJS.Signals): Promise<void> {
  for (const [name, limitMs] of [
    [signal, STOP_LIMIT_MS],
    ["SIGKILL", 2_000],
  ] as const) {
    if (!isProcessAlive(pid)) return;
    process.kill(pid, name);
    const deadline = performance.now() + limitMs;
    while (isProcessAlive(pid) && performance.now() < deadline) await sleep(50);
  }
}
