import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { askToWait, type PageListener } from "../http/server.ts";
import type { Log } from "../platform/log.ts";
import { HttpThread } from "./http-thread.ts";
import { openPageAssets, type PageAssets } from "./page-assets.ts";

export type Pages = { listener: PageListener; close: () => Promise<void> };

/**
 * Prepares the pages, which are rendered in a thread of their own: whoever takes events in never waits for a page. They
 * read through the public API, at the address that stands in `NAGARE_INTERNAL_URL`.
 *
 * @param server in development, gets the socket over which changed pages are announced.
 */
export async function openPages({
  isDevelopment,
  server,
  log,
}: {
  isDevelopment: boolean;
  server: Server;
  log: Log;
}): Promise<Pages> {
  const thread = await HttpThread.start({
    module: new URL("./next.worker.ts", import.meta.url),
    options: { isDevelopment, dir: fileURLToPath(new URL("../..", import.meta.url)) },
    log,
    whileGone: askToWait,
  });
  if (isDevelopment) {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url?.startsWith("/_next/") === true) thread.forwardUpgrade(request, socket, head);
    });
  }
  // While somebody writes pages, their files come and go.
  const assets: PageAssets = isDevelopment
    ? (_request, _response, next) => next()
    : openPageAssets(fileURLToPath(new URL("../../.next/static", import.meta.url)));
  return {
    listener: (request: IncomingMessage, response: ServerResponse) =>
      assets(request, response, () => thread.forward(request, response)),
    close: () => thread.close(),
  };
}
