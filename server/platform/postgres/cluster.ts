import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, appendFile, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AppError, messageOf } from "../errors.ts";
import { type Account, chooseAccount, commandAs, giveTo, makeDataDir, makeFolderFor } from "./account.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./binaries.ts";
import { isProcessAlive } from "./postmaster.ts";

/** The superuser and the database that the server works with. */
export const USER = "nagare";
export const DATABASE = "nagare";

/** A folder with the data of one Postgres, ready to be started. */
export type Cluster = {
  binaries: PostgresBinaries;
  account: Account;
  /** The data folder of Postgres. */
  folder: string;
  password: string;
};

type OpenOptions = { dataDir: string; isDurable: boolean; onProgress: (step: string) => void };

const run = promisify(execFile);

/** Opens the cluster below `dataDir`, and makes it first if there is none. */
export async function openCluster({ dataDir, isDurable, onProgress }: OpenOptions): Promise<Cluster> {
  const binaries = await findPostgresBinaries();
  await makeDataDir(dataDir);
  const folder = path.join(dataDir, "postgres");
  const account = await chooseAccount(binaries.postgres, dataDir, folder);
  const passwordFile = path.join(dataDir, "postgres.password");
  const password = await readOrMakePassword(passwordFile);

  const version = await findClusterVersion(folder);
  if (version === null) {
    onProgress(`Creating a database in ${folder}`);
    await createCluster({ binaries, account, folder, passwordFile, isDurable });
  } else if (version !== String(binaries.majorVersion)) {
    throw otherVersion(folder, version, binaries.majorVersion);
  }
  await giveTo(account, folder);
  return { binaries, account, folder, password };
}

async function readOrMakePassword(file: string): Promise<string> {
  const made = randomBytes(24).toString("base64url");
  try {
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return (await readFile(file, "utf8")).trim();
  }
}

async function findClusterVersion(folder: string): Promise<string | null> {
  try {
    return (await readFile(path.join(folder, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

type CreateOptions = Omit<Cluster, "password"> & { passwordFile: string; isDurable: boolean };

/** Makes it beside its place and moves it there when complete: a process killed half-way leaves nothing behind in it. */
async function createCluster({ binaries, account, folder, passwordFile, isDurable }: CreateOptions) {
  await removeUnfinished(folder);
  const unfinished = `${folder}.new-${process.pid}`;
  await makeFolderFor(account, unfinished);
  await giveTo(account, passwordFile);
  const { file, args, options } = commandAs(account, binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    // Upper and lower case of every script, without depending on the locales of the system.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...(isDurable ? [] : ["--no-sync"]),
  ]);
  try {
    await run(file, args, { ...options, cwd: "/" });
    await rename(unfinished, folder);
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    if (await isPresent(path.join(folder, "PG_VERSION"))) return; // another process was first
    throw new AppError(
      "unavailable",
      `No database could be made in ${folder}: ${messageOf(cause)}. Look after the cause, or set NAGARE_DATA_DIR to another folder, or DATABASE_URL to a Postgres.`,
      { cause },
    );
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${path.basename(folder)}.new-`;
  for (const entry of await readdir(path.dirname(folder))) {
    if (!entry.startsWith(prefix) || isProcessAlive(Number(entry.slice(prefix.length)))) continue;
    await rm(path.join(path.dirname(folder), entry), { recursive: true, force: true });
  }
}

async function isPresent(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** A log of the database that is longer than this is set aside when the database starts. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** The log of the database, writable for it. One older log is kept beside it. */
export async function prepareLogFile(dataDir: string, account: Account): Promise<string> {
  const file = path.join(dataDir, "postgres.log");
  const size = await stat(file).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size > MAX_LOG_BYTES) await rename(file, `${file}.1`);
  await appendFile(file, "", { mode: 0o600 });
  await giveTo(account, file);
  return file;
}

function otherVersion(folder: string, found: string, brought: number): AppError {
  return new AppError(
    "unavailable",
    `The database in ${folder} was made by Postgres ${found}, but this version of the server brings Postgres ${brought}. ` +
      "Start the version that made it and dump the data, or set DATABASE_URL to a Postgres that holds it. " +
      'docs/operations.md, "Upgrade", has the steps.',
  );
}
