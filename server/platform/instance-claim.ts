import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type ConnectOptions, connect, type Sql } from "#drizzle/db.ts";
import { AppError } from "./errors.ts";
import { isProcessAlive } from "./postgres/postmaster.ts";

/**
 * The right of one server to work on a data folder. It is an advisory lock of the database, held by a session of its
 * own, so it ends with the process however that ends.
 *
 * A claim is held; renewing, when the database went away under it; lost, when another server got it meanwhile; or
 * released. Only `renew` and `release` change that.
 */
export type InstanceClaim = {
  /** Tells later servers, in their refusal, where this one answers. */
  announce: (url: string) => Promise<void>;
  isLost: () => boolean;
  /** Gives the right back. Call it when nothing works on the data any more. */
  release: () => Promise<void>;
};

type ClaimOptions = {
  dataDir: string;
  database: ConnectOptions;
  /** Aborted when the server stops: a session that ends from then on is not renewed. */
  ending: AbortSignal;
  /** Another server took over while the database was away: this one must stop. */
  onLost: (error: AppError) => void;
};

const INSTANCE_LOCK = 7_104_002;
const RETRY_MS = 100;
/** How long the session of a killed server may take to end. */
const PATIENCE_MS = 10_000;
/** How long a server that is still there may take to finish, where it is just stopping. */
const PATIENCE_BESIDE_LIVING_MS = 1_000;

const instanceSchema = z.object({ pid: z.number().int(), url: z.string().nullable(), startedAt: z.string() });
type Instance = z.infer<typeof instanceSchema>;

/** Claims the data folder for this process, or refuses with a `conflict` that names the server that holds it. */
export async function claimInstance({
  dataDir,
  database,
  ending,
  onLost,
}: ClaimOptions): Promise<InstanceClaim> {
  let state: "held" | "renewing" | "lost" | "released" = "renewing";
  const file = path.join(dataDir, "instance.json");
  const instance: Instance = { pid: process.pid, url: null, startedAt: new Date().toISOString() };

  const { sql, close } = connect(database, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connection: { application_name: "nagare instance" },
    onclose: () => {
      if (state !== "held" || ending.aborted) return;
      state = "renewing";
      void renew();
    },
  });

  async function renew(): Promise<void> {
    const isHeld = await tryToLock(sql, PATIENCE_MS, ending).catch(() => false);
    if (state === "released" || ending.aborted) return;
    state = isHeld ? "held" : "lost";
    if (isHeld) await writeInstance(file, instance);
    else onLost(refusal(dataDir, await readInstance(file)));
  }

  const other = await readInstance(file);
  const isOtherAlive = other !== null && other.pid !== process.pid && isProcessAlive(other.pid);
  try {
    const isHeld = await tryToLock(sql, isOtherAlive ? PATIENCE_BESIDE_LIVING_MS : PATIENCE_MS, ending);
    if (!isHeld) throw refusal(dataDir, await readInstance(file));
    state = "held";
    await writeInstance(file, instance);
  } catch (error) {
    state = "released";
    await close();
    throw error;
  }

  return {
    announce: async (url) => {
      instance.url = url;
      await writeInstance(file, instance);
    },
    isLost: () => state === "lost",
    release: async () => {
      state = "released";
      const current = await readInstance(file);
      if (current?.pid === process.pid) await rm(file, { force: true });
      await close();
    },
  };
}

/** Tries until it has the lock, or another session has kept it for all of `patienceMs`. A database that is away is waited for. */
async function tryToLock(sql: Sql, patienceMs: number, ending: AbortSignal): Promise<boolean> {
  let refusedSince: number | null = null;
  while (!ending.aborted) {
    try {
      const [row] = await sql`select pg_try_advisory_lock(${INSTANCE_LOCK}) as held`;
      if (row?.held === true) return true;
      refusedSince ??= performance.now();
    } catch {
      refusedSince = null;
    }
    if (refusedSince !== null && performance.now() - refusedSince >= patienceMs) return false;
    await sleep(RETRY_MS);
  }
  throw new AppError("unavailable", "The server is stopping.");
}

async function readInstance(file: string): Promise<Instance | null> {
  try {
    return instanceSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null;
  }
}

async function writeInstance(file: string, instance: Instance): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(instance)}\n`);
  await rename(unfinished, file);
}

function refusal(dataDir: string, holder: Instance | null): AppError {
  const who = holder === null ? "" : ` (pid ${holder.pid}${holder.url === null ? "" : `, ${holder.url}`})`;
  const stop = holder === null ? "Stop it first" : `Stop it first (\`kill ${holder.pid}\`)`;
  return new AppError(
    "conflict",
    `Another server${who} works on the data in ${dataDir}. ` +
      `${stop}, or give this one data of its own with NAGARE_DATA_DIR and PORT.`,
  );
}
