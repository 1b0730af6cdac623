import { io, type Socket } from "socket.io-client";
import { type ClientToServer, LIVE_NAMESPACE, type ServerToClient } from "#server/contract/live.ts";
import { getConnection, setConnection, setReconnect } from "./connection-store.ts";
import { setFreshness } from "./freshness.ts";

export type LiveSocket = Socket<ServerToClient, ClientToServer>;

const MAX_DELAY_MS = 5_000;
/** After so many attempts (some twenty seconds) the bar says that there is no connection; trying goes on. */
const PATIENT_ATTEMPTS = 6;

let socket: LiveSocket | null = null;

/**
 * The one socket of the tab, opened when something first asks for it. It connects again by itself for ever; whoever
 * subscribes does so on every `connect`.
 */
export function getLiveSocket(): LiveSocket {
  socket ??= openSocket();
  return socket;
}

function openSocket(): LiveSocket {
  const opened: LiveSocket = io(LIVE_NAMESPACE, {
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 300,
    reconnectionDelayMax: MAX_DELAY_MS,
  });
  let lastContact: number | null = null;
  const touch = () => {
    lastContact = Date.now();
  };
  const lose = (attempt: number) => {
    const isOffline = !navigator.onLine || attempt > PATIENT_ATTEMPTS;
    setConnection(
      isOffline ? { state: "offline", lastContact } : { state: "reconnecting", attempt, lastContact },
    );
  };
  const retryNow = () => {
    // Ends the wait for the next attempt.
    opened.disconnect();
    opened.connect();
  };

  setConnection({ state: "connecting" });
  setReconnect(retryNow);
  opened.onAny(touch);
  opened.on("connect", () => {
    touch();
    setConnection({ state: "online", since: Date.now() });
  });
  opened.on("disconnect", (reason) => {
    if (reason === "io client disconnect") return;
    lose(1);
    // The only reason after which the client does not try by itself.
    if (reason === "io server disconnect") opened.connect();
  });
  opened.on("connect_error", () => {
    if (getConnection().state === "connecting") lose(1);
    // A refusal by the namespace, after which the client does not try by itself.
    if (!opened.active) setTimeout(() => opened.connect(), MAX_DELAY_MS);
  });
  opened.io.on("reconnect_attempt", lose);
  opened.on("pulse", setFreshness);
  // Here and not where they are used: also hints that nobody waits for any more are to be acknowledged.
  opened.on("hints", (_topics, acknowledge) => acknowledge());
  addEventListener("online", () => {
    if (!opened.connected) retryNow();
  });
  addEventListener("offline", () => {
    if (!opened.connected) lose(1);
  });
  return opened;
}
