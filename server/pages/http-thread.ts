import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import { Worker } from "node:worker_threads";
import { createProxyServer, type ProxyServer } from "httpxy";
import { pause } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import type { ThreadData } from "./serve-in-thread.ts";

/** Before a thread that ended by itself is started anew. */
const RESTART_MS = 1_000;
const STOP_LIMIT_MS = 5_000;

type HttpThreadOptions<Options> = {
  /** Calls `serveInThread`. */
  module: URL;
  options: Options;
  log: Log;
  /** Answers while there is no thread to do so. */
  whileGone: (response: ServerResponse) => void;
};

/**
 * A server for HTTP in a thread of its own, so that what it works on holds nothing else of the process up. Requests are
 * forwarded over a socket that nobody else can open. A thread that ends by itself is started anew.
 */
export class HttpThread<Options> {
  readonly #options: HttpThreadOptions<Options>;
  readonly #folder: string;
  readonly #proxy: ProxyServer;
  readonly #closing = new AbortController();
  #starts = 0;
  #worker: Worker | null = null;
  #socketPath: string | null = null;

  private constructor(options: HttpThreadOptions<Options>, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#proxy = createProxyServer();
    this.#proxy.on("error", (_error, _request, to) => {
      if (to instanceof Socket) to.destroy();
      else if (to !== undefined && !to.headersSent) this.#options.whileGone(to);
      else to?.destroy();
    });
  }

  /** Resolves when it answers. Throws what kept it from that. */
  static async start<Options>(options: HttpThreadOptions<Options>): Promise<HttpThread<Options>> {
    // Only its owner may enter a folder that is made so.
    const thread = new HttpThread(options, await mkdtemp(path.join(os.tmpdir(), "nagare-")));
    try {
      await thread.#start();
    } catch (error) {
      await thread.close();
      throw error;
    }
    return thread;
  }

  forward(request: IncomingMessage, response: ServerResponse): void {
    if (this.#socketPath === null) this.#options.whileGone(response);
    else void this.#proxy.web(request, response, { target: { socketPath: this.#socketPath } });
  }

  forwardUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // It is typed as less than it is.
    if (this.#socketPath === null || !(socket instanceof Socket)) socket.destroy();
    else void this.#proxy.ws(request, socket, { target: { socketPath: this.#socketPath } }, head);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const worker = this.#worker;
    if (worker !== null) {
      const ended = new Promise((resolve) => worker.once("exit", resolve));
      worker.postMessage("stop");
      const limit = setTimeout(() => void worker.terminate(), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const { module, options } = this.#options;
    this.#starts += 1;
    const socketPath = addressIn(this.#folder, this.#starts);
    const workerData: ThreadData<Options> = { socketPath, options };
    const worker = new Worker(module, { workerData });
    this.#worker = worker;
    let failure: unknown = new Error("The thread ended before it answered.");
    // A thread that threw exits, too.
    worker.on("error", (error) => {
      failure = error;
    });
    await new Promise<void>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("exit", () => {
        this.#worker = null;
        this.#socketPath = null;
        reject(failure);
      });
    });
    this.#socketPath = socketPath;
    worker.once("exit", () => void this.#restart(failure));
  }

  async #restart(error: unknown): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    this.#options.log.error(
      { module: path.basename(this.#options.module.pathname), err: error },
      "thread.lost",
    );
    await pause(RESTART_MS, signal);
    if (!signal.aborted) await this.#start().catch((again: unknown) => this.#restart(again));
  }
}

function addressIn(folder: string, start: number): string {
  if (process.platform === "win32") return `\\\\.\\pipe\\${path.basename(folder)}-${start}`;
  return path.join(folder, `${start}.sock`);
}
