import type { LiveSocket } from "./socket.ts";

type Watch = { socket: LiveSocket; listeners: Set<() => void>; stop: () => void };

const watches = new Map<string, Watch>();

/**
 * Listens for hints that something under a topic changed. The listener also runs whenever watching begins, at first
 * and on every new connection: what changed before that was not hinted at.
 *
 * @returns how to end it.
 */
export function watchTopic(socket: LiveSocket, topic: string, listener: () => void): () => void {
  const watch = watches.get(topic) ?? startWatch(socket, topic);
  watch.listeners.add(listener);
  return () => {
    watch.listeners.delete(listener);
    if (watch.listeners.size > 0) return;
    watch.stop();
    watches.delete(topic);
  };
}

function startWatch(socket: LiveSocket, topic: string): Watch {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const begin = () => socket.emit("watch", topic, (answer) => answer.ok && tell());
  const takeHints = (topics: string[]) => {
    if (topics.includes(topic)) tell();
  };
  socket.on("connect", begin);
  socket.on("hints", takeHints);
  if (socket.connected) begin();
  const watch: Watch = {
    socket,
    listeners,
    stop: () => {
      socket.off("connect", begin);
      socket.off("hints", takeHints);
      if (socket.connected) socket.emit("unwatch", topic);
    },
  };
  watches.set(topic, watch);
  return watch;
}
