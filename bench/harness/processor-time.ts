import { readdir, readFile } from "node:fs/promises";

/** Of Linux on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

type Process = { pid: number; parent: number; ticks: number };

/**
 * Seconds that processors have worked for some processes and all that descend from them, also for those that have ended.
 * Not a number where the system doesn't tell, which is elsewhere than on Linux.
 */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const all = await listProcesses();
  const wanted = new Set(pids);
  let known = 0;
  while (wanted.size > known) {
    known = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  const own = all.filter(({ pid }) => wanted.has(pid));
  if (own.length === 0) return Number.NaN;
  return own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND;
}

async function listProcesses(): Promise<Process[]> {
  const names = await readdir("/proc").catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readProcess));
  return found.filter((one) => one !== null);
}

/** Null for one that has ended meanwhile. */
async function readProcess(name: string): Promise<Process | null> {
  const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The name of the program stands in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime, stime, and those of children that have ended: fields 14 to 17 of proc(5).
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(name), parent: Number(fields[1]), ticks };
}
