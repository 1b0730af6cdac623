import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { PageListener } from "./http/server.ts";
import { openPageAssets, type PageAssets } from "./page-assets.ts";

export type Pages = { listener: PageListener; close: () => Promise<void> };

/**
 * Prepares the pages. They read through the public API, at the address that stands in `NAGARE_INTERNAL_URL`.
 *
 * @param server in development, gets the socket over which changed pages are announced.
 */
export async function openPages({
  isDevelopment,
  server,
}: {
  isDevelopment: boolean;
  server: Server;
}): Promise<Pages> {
  const { default: next } = await import("next");
  const app = next({ dev: isDevelopment, dir: new URL("..", import.meta.url).pathname, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  if (isDevelopment) {
    const upgrade = app.getUpgradeHandler();
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url?.startsWith("/_next/") === true) void upgrade(request, socket, head);
    });
  }
  // While somebody writes pages, their files come and go.
  const assets: PageAssets = isDevelopment
    ? (_request, _response, next) => next()
    : openPageAssets(fileURLToPath(new URL("../.next/static", import.meta.url)));
  return {
    listener: (request, response) => assets(request, response, () => void handle(request, response)),
    close: () => app.close(),
  };
}
