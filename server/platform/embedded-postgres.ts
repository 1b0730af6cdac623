import { type ConnectOptions, connect } from "#drizzle/db.ts";
import { AppError } from "./errors.ts";
import { claimInstance, type InstanceClaim } from "./instance-claim.ts";
import type { Log } from "./log.ts";
import { chooseAddress } from "./postgres/address.ts";
import { DATABASE, openCluster, prepareLogFile, USER } from "./postgres/cluster.ts";
import { findPostmaster } from "./postgres/postmaster.ts";
import { chooseSettings, FORGETFUL } from "./postgres/settings.ts";
import { supervisePostgres } from "./postgres/supervisor.ts";

/** A Postgres that this process started, or took over from one that was killed. */
export type EmbeddedPostgres = {
  /** For `connect`. They stay the same when Postgres is started again after it died. */
  options: ConnectOptions;
  /** Tells later servers, in their refusal, where this one answers. */
  announce: (url: string) => Promise<void>;
  /** Ends all sessions and stops Postgres. Close the pools first. */
  stop: () => Promise<void>;
};

type StartOptions = {
  /** Absolute. Postgres lives in its folder `postgres`. */
  dataDir: string;
  log: Log;
  /** Told what is being done, in a sentence for people. */
  onProgress?: (step: string) => void;
  /** Aborts the start. After it, only `stop` ends Postgres. */
  signal?: AbortSignal;
  /** Another server took the data over while Postgres was away: this process must stop. */
  onLost?: (error: AppError) => void;
  /** False for tests: faster, and lost when the machine stops. */
  isDurable?: boolean;
};

/**
 * Starts a Postgres on `dataDir`, makes the database if it is new, and claims the data for this process. A second
 * server on the same data is refused with a `conflict`, and the first one's Postgres is left alone.
 */
export async function startEmbeddedPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, onProgress = () => {}, signal, onLost = () => {}, isDurable = true } = options;
  const cluster = await openCluster({ dataDir, isDurable, onProgress });
  const present = await findPostmaster(cluster.folder);
  const address = present?.address ?? (await chooseAddress(dataDir, cluster.account));
  const settings = { ...(await chooseSettings(cluster, address)), ...(isDurable ? {} : FORGETFUL) };
  const login = { ...address, user: USER, password: cluster.password };
  const maintenance = { ...login, database: "postgres" };

  const end = new AbortController();
  const abortStart = () => end.abort();
  signal?.addEventListener("abort", abortStart);
  if (signal?.aborted) abortStart();

  const logFile = await prepareLogFile(dataDir, cluster.account);
  const ending = end.signal;
  const postgres = supervisePostgres({
    cluster,
    settings,
    database: maintenance,
    logFile,
    log,
    ending,
    onProgress,
  });
  let claim: InstanceClaim | null = null;
  try {
    await postgres.start();
    claim = await claimInstance({ dataDir, database: maintenance, ending, onLost });
    const current = postgres.current();
    if (current?.wasSpawnedHere === false) log.info({ pid: current.pid }, "postgres.taken-over");
    await makeDatabase(maintenance);
  } catch (error) {
    end.abort();
    // Before the claim is ours, a Postgres that was there before us may be another server's.
    const isAnothers = error instanceof AppError && error.code === "conflict";
    if (claim !== null || (postgres.current()?.wasSpawnedHere && !isAnothers)) await postgres.stop();
    await claim?.release();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abortStart);
  }

  const held = claim;
  return {
    options: { ...login, database: DATABASE },
    announce: held.announce,
    stop: async () => {
      end.abort();
      if (!held.isLost()) await postgres.stop();
      await held.release();
    },
  };
}

async function makeDatabase(maintenance: ConnectOptions): Promise<void> {
  const { sql, close } = connect(maintenance, { max: 1 });
  try {
    const found = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (found.length === 0) await sql`create database ${sql(DATABASE)}`;
  } finally {
    await close();
  }
}
