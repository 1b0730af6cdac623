import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const START_LIMIT_MS = 5 * 60_000; // the build of the pages is in it

/** Starts the server that all specs share. They find its address as `baseURL`. */
export default async function startSharedServer(): Promise<() => Promise<void>> {
  const { url, stop } = await startServer();
  process.env.NAGARE_E2E_URL = url;
  return stop;
}

export type RunningServer = { url: string; stop: () => Promise<void> };

/** Starts a server as `npm start` does, with a database of its own. */
export async function startServer(): Promise<RunningServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "nagare-e2e-"));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PORT: String(port),
      HOST: "127.0.0.1",
      DATABASE_URL: "",
      NAGARE_DATA_DIR: path.join(folder, "data"),
      NAGARE_LOG_LEVEL: "warn",
      // The consumers of the specs listen on this machine.
      NAGARE_ALLOWED_TARGETS: "127.0.0.0/8",
    },
  });
  const output: string[] = [];
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  }

  try {
    await waitUntilReady(server, url);
  } catch (cause) {
    await endProcess(server);
    throw new Error(`The server did not start. It wrote:\n${output.join("")}`, { cause });
  }

  const stop = async () => {
    await endProcess(server);
    await rm(folder, { recursive: true, force: true });
    if (server.exitCode !== 0) {
      throw new Error(`The server ended with exit code ${server.exitCode}. It wrote:\n${output.join("")}`);
    }
  };
  return { url, stop };
}

async function waitUntilReady(server: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`It ended with exit code ${server.exitCode}.`);
    const response = await fetch(`${url}/api/v1/health/ready`).catch(() => null);
    if (response?.ok) return;
    await sleep(200);
  }
  throw new Error(`It was not ready after ${START_LIMIT_MS / 1000} seconds.`);
}

async function endProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGTERM");
  await once(server, "exit");
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (typeof address !== "object" || address === null) throw new Error("No port is free.");
  return address.port;
}
