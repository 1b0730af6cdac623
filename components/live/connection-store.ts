/**
 * How the tab is connected to the server.
 *
 * `idle` (nothing on the page is live) → `connecting` → `online` → `reconnecting` (each attempt counted, last
 * contact kept) → `online`, or `offline` when trying is given up or the browser has no network.
 * Only the owner of the socket changes it, through `setConnection`.
 */
export type Connection =
  | { state: "idle" }
  | { state: "connecting" }
  | { state: "online"; since: number }
  | { state: "reconnecting"; attempt: number; lastContact: number | null }
  | { state: "offline"; lastContact: number | null };

let connection: Connection = { state: "idle" };
let reconnect: (() => void) | null = null;
const listeners = new Set<() => void>();

export const IDLE: Connection = { state: "idle" };

export function getConnection(): Connection {
  return connection;
}

/** Says how things stand. For the owner of the socket. */
export function setConnection(next: Connection): void {
  connection = next;
  for (const listener of listeners) listener();
}

/** Gives the "Reconnect now" button something to do; null takes it away. For the owner of the socket. */
export function setReconnect(next: (() => void) | null): void {
  reconnect = next;
  for (const listener of listeners) listener();
}

export function getReconnect(): (() => void) | null {
  return reconnect;
}

export function subscribeToConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
