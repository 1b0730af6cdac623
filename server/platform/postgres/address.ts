import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { AppError } from "../errors.ts";
import { type Account, giveTo } from "./account.ts";

/** Where Postgres listens: a folder with a socket in it, or a port of the loopback address. */
export type Address = { host: string; port: number };

const SOCKET_PORT = 5432; // part of the name of the socket only: nothing listens on this port
const MAX_SOCKET_PATH_BYTES = 100; // 103 on macOS, 107 on Linux
const LONGEST_SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}.lock`;

/** A Unix socket where there are such; it keeps other users of the machine out. Else a free loopback port. */
export async function chooseAddress(dataDir: string, account: Account): Promise<Address> {
  if (process.platform === "win32") return { host: "127.0.0.1", port: await findFreePort() };
  const ours = path.join(dataDir, "socket");
  const digest = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  const candidates = [
    ours,
    path.join(os.tmpdir(), `nagare-${digest}`),
    path.join("/tmp", `nagare-${digest}`),
  ];
  for (const folder of candidates) {
    if (fitsSocket(folder) && (await canHoldSocket(folder, account)))
      return { host: folder, port: SOCKET_PORT };
  }
  throw new AppError(
    "unavailable",
    `There is no folder for the socket of the database: none of ${candidates.join(", ")} can hold one. ` +
      "Set NAGARE_DATA_DIR to a shorter path on a local disk.",
  );
}

/** Postgres takes a list of folders, separated by commas; plain names need no quoting. */
export function fitsSocket(folder: string): boolean {
  const length = Buffer.byteLength(path.join(folder, LONGEST_SOCKET_NAME));
  return length <= MAX_SOCKET_PATH_BYTES && /^[\w./@+-]+$/.test(folder);
}

async function canHoldSocket(folder: string, account: Account): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 }).catch(() => {});
    const stats = await lstat(folder);
    const uid = process.getuid?.();
    const owners = account.kind === "user" ? [uid, account.uid] : [uid];
    // Somebody else's folder of that name is a trap.
    if (!stats.isDirectory() || !owners.includes(stats.uid) || (stats.mode & 0o077) !== 0) return false;
    await tryToListen(path.join(folder, `probe-${process.pid}`));
    await giveTo(account, folder);
    return true;
  } catch {
    return false;
  }
}

function tryToListen(target: string | number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once("error", reject);
  const onListening = () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
  };
  if (typeof target === "string") server.listen(target, onListening);
  else server.listen(target, "127.0.0.1", onListening);
  return promise;
}

function findFreePort(): Promise<number> {
  return tryToListen(0);
}
