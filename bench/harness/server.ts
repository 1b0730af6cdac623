import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type ConnectOptions, connect, type Database } from "#drizzle/db.ts";
import { DATABASE, USER } from "#server/platform/postgres/cluster.ts";
import { findPostmaster } from "#server/platform/postgres/postmaster.ts";

export type ServerOptions = {
  /** Settings beside the port and the data folder, such as `NAGARE_ROLES`. */
  settings?: Readonly<Record<string, string>>;
  /** With the database of another server instead of one of its own; it has to stop before that one does. */
  beside?: BenchServer;
};

/** A server of this tree with an empty database of its own, both gone after `stop`. */
export type BenchServer = {
  pid: number;
  /** On 127.0.0.1. */
  url: string;
  database: Database;
  /** How processes of the benchmark reach the database. */
  login: ConnectOptions;
  stop: () => Promise<void>;
};

const root = fileURLToPath(new URL("../..", import.meta.url));
const START_LIMIT_MS = 60_000;
const READY = /^Nagare is ready: (http:\/\/\S+)$/m;

/**
 * Starts `node server/main.ts` on a free port. A janitor process stops it and its Postgres and removes the data:
 * on `stop`, and also when this process dies before.
 */
export async function startBenchServer(
  { settings = {}, beside }: ServerOptions,
  signal: AbortSignal,
): Promise<BenchServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-bench-"));
  const dataDir = path.join(folder, "data");
  // With the flags of Node that this process was started with, which are those of `npm start`.
  const server = spawn(process.execPath, [...process.execArgv, path.join(root, "server/main.ts")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NAGARE_LOG_LEVEL: "warn",
      ...settings,
      PORT: "0",
      HOST: "127.0.0.1",
      DATABASE_URL: beside === undefined ? "" : addressOf(beside.login),
      NAGARE_DATA_DIR: dataDir,
    },
  });
  const output: string[] = [];
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  }
  await once(server, "spawn");
  if (server.pid === undefined) throw new Error("A spawned process has no id.");
  const stopServer = startJanitor(server.pid, folder);
  try {
    const url = await waitUntilReady(server, output, signal);
    const login = beside?.login ?? (await findLogin(dataDir));
    const database = connect(login, { max: 4 });
    server.once("exit", (code) => {
      if (code !== 0) process.stderr.write(`The server ended with exit code ${code}:\n${output.join("")}\n`);
    });
    const stop = async () => {
      await database.close();
      await stopServer();
    };
    return { pid: server.pid, url, database, login, stop };
  } catch (cause) {
    await stopServer();
    throw new Error(`The server did not start. It wrote:\n${output.join("")}`, { cause });
  }
}

async function waitUntilReady(server: ChildProcess, output: string[], signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const url = READY.exec(output.join(""))?.[1];
    if (url !== undefined) return url;
    if (server.exitCode !== null) throw new Error(`It ended with exit code ${server.exitCode}.`);
    await sleep(50);
  }
  throw new Error(`It was not ready after ${START_LIMIT_MS / 1000} seconds.`);
}

async function findLogin(dataDir: string): Promise<ConnectOptions> {
  const postmaster = await findPostmaster(path.join(dataDir, "postgres"));
  if (!postmaster?.address) throw new Error("The server has no Postgres of its own.");
  const password = (await readFile(path.join(dataDir, "postgres.password"), "utf8")).trim();
  return { ...postmaster.address, user: USER, database: DATABASE, password };
}

function addressOf({ host, port, user, password, database }: ConnectOptions): string {
  return `postgres://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(String(host))}`;
}

/** @returns how to have everything stopped and removed; resolves when it is. */
function startJanitor(serverPid: number, folder: string): () => Promise<void> {
  const script = fileURLToPath(new URL("janitor.ts", import.meta.url));
  // A session of its own: the terminal's Ctrl-C must not reach it.
  const janitor = spawn(process.execPath, [script, String(serverPid), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  return async () => {
    if (janitor.exitCode !== null) return;
    const ended = once(janitor, "exit");
    janitor.stdin.end();
    await ended;
  };
}
