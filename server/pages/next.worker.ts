import next from "next";
import { serveInThread } from "./serve-in-thread.ts";

/** Renders the pages. They read through the public API, at the address that stands in `NAGARE_INTERNAL_URL`. */
await serveInThread(async ({ isDevelopment, dir }: { isDevelopment: boolean; dir: string }) => {
  const app = next({ dev: isDevelopment, dir, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    listener: (request, response) => void handle(request, response),
    // In development, the socket over which changed pages are announced.
    upgrade: app.getUpgradeHandler(),
    close: () => app.close(),
  };
});
