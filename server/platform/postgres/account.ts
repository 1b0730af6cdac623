import { execFile } from "node:child_process";
import { lchown, lstat, mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AppError, messageOf } from "../errors.ts";

/**
 * Who Postgres runs as. It refuses to run as root, so a server that is root itself has two ways out: a user namespace
 * in which root is called `nobody` (the files stay root's, so folders that only root may enter are no obstacle), or
 * another user of the system, who then owns the files.
 */
export type Account = { kind: "self" } | { kind: "namespace" } | { kind: "user"; uid: number; gid: number };

/** How to start a program as an account: arguments for `spawn`. */
export type AccountCommand = {
  file: string;
  args: string[];
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv };
};

const NOBODY = "65534";
const SERVICE_USER = "postgres";

const run = promisify(execFile);

export function commandAs(account: Account, file: string, args: readonly string[]): AccountCommand {
  // Postgres needs nothing of our environment, which may hold secrets. Windows programs don't start without theirs.
  const options = process.platform === "win32" ? {} : { env: CLEAN_ENV };
  switch (account.kind) {
    case "self":
      return { file, args: [...args], options };
    case "namespace": {
      const wrapper = ["--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--", file];
      return { file: "unshare", args: [...wrapper, ...args], options };
    }
    case "user":
      return { file, args: [...args], options: { ...options, uid: account.uid, gid: account.gid } };
  }
}

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
// An environment needs no NODE_ENV, although Next's types declare it as always there.
const CLEAN_ENV = {
  PATH: SYSTEM_PATH,
  LC_ALL: "C",
  TZ: "UTC",
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;

/**
 * Finds an account that may run `program` and write to `dataDir`. The present owner of `clusterDir` keeps it.
 *
 * @param dataDir exists.
 * @param clusterDir the folder of Postgres in it, which may not exist yet.
 */
export async function chooseAccount(program: string, dataDir: string, clusterDir: string): Promise<Account> {
  const uid = process.getuid?.();
  if (uid === undefined) return { kind: "self" };
  const owner = await lstat(clusterDir).catch(() => null);
  if (uid !== 0) {
    if (owner !== null && owner.uid !== uid) throw foreignData(dataDir, owner.uid, uid);
    return { kind: "self" };
  }

  const reasons: string[] = [];
  for (const candidate of candidatesForRoot(owner, await lstat(dataDir))) {
    try {
      const account = await candidate();
      if (account === null) continue;
      await probe(account, program, dataDir);
      return account;
    } catch (error) {
      reasons.push(messageOf(error).trim());
    }
  }
  throw new AppError(
    "unavailable",
    `Postgres does not run as root, and no other way to run it on ${dataDir} was found. Start the server as an ` +
      "ordinary user who owns its folders, or set NAGARE_DATA_DIR to a folder that every user can reach " +
      "(such as /var/lib/nagare, with the program in /opt), or set DATABASE_URL to a Postgres that runs elsewhere.",
    { cause: new Error(reasons.join("\n")) },
  );
}

type Owner = { uid: number; gid: number };

/** In the order in which they are tried. */
function candidatesForRoot(owner: Owner | null, parent: Owner): (() => Promise<Account | null>)[] {
  if (owner !== null && owner.uid !== 0)
    return [async () => ({ kind: "user", uid: owner.uid, gid: owner.gid })];
  return [
    async () => (parent.uid === 0 ? null : { kind: "user", uid: parent.uid, gid: parent.gid }),
    async () => ({ kind: "namespace" }),
    async () => ({ kind: "user", ...((await findUser(SERVICE_USER)) ?? (await createUser(SERVICE_USER))) }),
  ];
}

/** Makes a folder whose files are to belong to whoever owns the folder around it, also where root makes it. */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    const firstMade = await mkdir(dataDir, { recursive: true });
    if (firstMade === undefined || process.getuid?.() !== 0) return;
    const { uid, gid } = await lstat(path.dirname(firstMade));
    await giveTo({ kind: "user", uid, gid }, firstMade);
  } catch (cause) {
    throw new AppError(
      "unavailable",
      `The data folder ${dataDir} can't be made (${messageOf(cause)}). ` +
        "Set NAGARE_DATA_DIR to a folder that this user may write to.",
      { cause },
    );
  }
}

/** Makes a folder that the account can write to, and nobody else can read. */
export async function makeFolderFor(account: Account, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await giveTo(account, folder);
}

/** Hands a file, or a folder and all that is in it, to the account. */
export async function giveTo(account: Account, target: string): Promise<void> {
  if (account.kind !== "user" || process.getuid?.() !== 0) return;
  const stats = await lstat(target);
  if (stats.uid === account.uid && stats.gid === account.gid) return;
  if (stats.isDirectory()) {
    for (const entry of await readdir(target)) await giveTo(account, path.join(target, entry));
  }
  await lchown(target, account.uid, account.gid);
}

/** Postgres looks itself up among the users, reads its own program and writes below the data folder. */
async function probe(account: Account, program: string, dataDir: string): Promise<void> {
  const script = 'id -un && cd "$1" && "$2" --version';
  const { file, args, options } = commandAs(account, "/bin/sh", ["-c", script, "sh", dataDir, program]);
  await run(file, args, { ...options, timeout: 10_000, cwd: "/" });
}

async function findUser(name: string): Promise<Owner | null> {
  try {
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map(async (which) => Number((await run("id", [which, name])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}

async function createUser(name: string): Promise<Owner> {
  await run("groupadd", ["--force", "--system", name], { env: CLEAN_ENV });
  const description = ["--system", "--gid", name, "--no-create-home", "--shell", "/usr/sbin/nologin"];
  await run("useradd", [...description, name], { env: CLEAN_ENV });
  const user = await findUser(name);
  if (user === null) throw new Error(`The user ${name} was made, but can't be found.`);
  return user;
}

function foreignData(dataDir: string, ownerUid: number, uid: number): AppError {
  return new AppError(
    "forbidden",
    `The database in ${dataDir} belongs to another user (uid ${ownerUid}, this process is uid ${uid}). ` +
      `Start the server as that user, give the folder away with \`chown -R ${uid} ${dataDir}\`, ` +
      "or set NAGARE_DATA_DIR to another folder.",
  );
}
