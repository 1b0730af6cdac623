import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";
import { type ClientToServer, LIVE_NAMESPACE, type ServerToClient } from "#server/contract/live.ts";
import type { Context } from "#server/platform/context.ts";
import { freshness } from "../events/as-of.ts";
import { refuseForeign } from "../http/guard.ts";
import type { Tail } from "../tail/tail.ts";
import { Session } from "./session.ts";
import type { SubscriptionHost } from "./subscription.ts";
import { Topics } from "./topics.ts";
import { Turnstile } from "./turnstile.ts";

const PULSE_MS = 2_000;
/** Room for the largest filter: 150 globs of 1,024 characters. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** When a restart brings every client back at once, their reads of the log take turns. */
const CATCH_UPS_AT_ONCE = 2;

export type Gateway = {
  countClients: () => number;
  /** Ends all connections, so that clients look for the server again, and leaves the HTTP server alone. */
  close: () => Promise<void>;
};

/**
 * Puts Socket.IO on the HTTP server: live frames, hints and the pulse, in the namespace `/live`.
 *
 * @param allowedHosts as `refuseForeign` takes them.
 */
export function attachGateway(
  server: HttpServer,
  ctx: Context,
  tail: Tail,
  { allowedHosts }: { allowedHosts: readonly string[] },
): Gateway {
  const closing = new AbortController();
  const io = new Server<ClientToServer, ServerToClient>(server, {
    allowRequest: (request, decide) => {
      const refusal = closing.signal.aborted
        ? "The server is stopping."
        : refuseForeign(request, allowedHosts);
      decide(refusal, refusal === null);
    },
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    serveClient: false,
    transports: ["websocket", "polling"],
  });
  const topics = new Topics();
  const listening = topics.listen(ctx, closing.signal);
  const host: SubscriptionHost = { ctx, tail, catchUps: new Turnstile(CATCH_UPS_AT_ONCE) };

  const live = io.of(LIVE_NAMESPACE);
  live.on("connection", (socket) => {
    new Session(socket, host, topics);
    socket.emit("pulse", freshness(ctx, tail.position));
  });
  const pulse = setInterval(() => live.volatile.emit("pulse", freshness(ctx, tail.position)), PULSE_MS);

  return {
    countClients: () => live.sockets.size,
    close: async () => {
      clearInterval(pulse);
      closing.abort();
      await listening;
      io.engine.close();
    },
  };
}
