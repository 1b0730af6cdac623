import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, readlink, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** A running Postgres, as it describes itself in `postmaster.pid`. */
export type Postmaster = {
  pid: number;
  /** Null early in its start, when it has not written where it listens. */
  address: { host: string; port: number } | null;
};

const run = promisify(execFile);

/**
 * The Postgres that runs on this data folder, whoever started it. Null when there is none.
 *
 * A pid file whose process is another program is removed: after a restart of the machine or the container the number
 * is often taken again, and Postgres would not start beside it.
 */
export async function findPostmaster(folder: string): Promise<Postmaster | null> {
  const file = path.join(folder, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isProcessAlive(pid)) return null;
  if (!(await isPostmasterOf(pid, folder))) {
    await rm(file, { force: true });
    return null;
  }
  const [port, socketFolder, tcpHost] = lines.slice(3, 6);
  const host = socketFolder || tcpHost;
  return { pid, address: port && host ? { host, port: Number(port) } : null };
}

/** Whether the process runs. One that has ended, but is still listed for its parent, does not. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** `fast-stop` ends the sessions and leaves nothing to repair; `immediate-stop` leaves that to the next start. */
export async function signalPostmaster(
  pid: number,
  what: "fast-stop" | "immediate-stop",
  pgCtl: string,
): Promise<void> {
  const signal = what === "fast-stop" ? "INT" : "QUIT";
  try {
    if (process.platform === "win32") await run(pgCtl, ["kill", signal, String(pid)]);
    else process.kill(pid, `SIG${signal}`);
  } catch (error) {
    if (isProcessAlive(pid)) throw error;
  }
}

async function isPostmasterOf(pid: number, folder: string): Promise<boolean> {
  if (process.platform === "linux") {
    // Postgres works in its data folder. Where we may not look, it runs as somebody else: leave it alone.
    const workFolder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
    return workFolder === null ? isProcessAlive(pid) : workFolder === (await realpath(folder));
  }
  if (process.platform === "win32") return true;
  const { stdout } = await run("ps", ["-o", "args=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.includes("postgres") && stdout.includes(folder);
}
