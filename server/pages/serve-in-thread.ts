import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { Duplex } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";

/** What a thread is started with. */
export type ThreadData<Options> = { socketPath: string; options: Options };

export type ThreadServer = {
  listener: RequestListener;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  close: () => Promise<void>;
};

/** Serves what `open` gives at the socket that this thread was started for, until it is asked to stop. */
export async function serveInThread<Options>(
  open: (options: Options) => Promise<ThreadServer>,
): Promise<void> {
  const { socketPath, options } = workerData as ThreadData<Options>; // of HttpThread
  const { listener, upgrade, close } = await open(options);
  const server = createServer(listener);
  // Who forwards keeps connections for the next request, and could not know that one is being closed.
  server.keepAliveTimeout = 0;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void upgrade(request, socket, head);
  });
  parentPort?.once("message", async () => {
    server.close();
    server.closeAllConnections();
    await close();
    process.exit();
  });
  server.listen(socketPath, () => parentPort?.postMessage("listening"));
}
