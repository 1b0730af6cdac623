import type { EventFilter } from "#server/contract/events.ts";
import type { LiveFrame, LiveReset, Refusal } from "#server/contract/live.ts";
import type { LiveSocket } from "./socket.ts";

const RETRY_MS = 2_000;
const ANSWER_MS = 10_000;

type SubscriptionOptions = {
  filter: EventFilter;
  /** Everything up to here is held already. */
  after: string;
  maxRows: number;
  onFrame: (frame: LiveFrame) => void;
  onReset: (reset: LiveReset) => void;
  /** The server takes the subscription (null), or won't. */
  onAnswer: (refusal: Refusal | null) => void;
};

let lastKey = 0;

/**
 * Follows a filter from a position on, over any number of lost connections: on each new one it goes on after the
 * last position that it was given.
 *
 * @returns how to end it.
 */
export function followEvents(socket: LiveSocket, options: SubscriptionOptions): () => void {
  const { filter, maxRows, onFrame, onReset, onAnswer } = options;
  let position = options.after;
  let key = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  const subscribe = () => {
    clearTimeout(timer);
    if (key !== "") socket.emit("unsubscribe", key);
    // A key of its own: what the last one still had under way is not taken for this one's.
    lastKey += 1;
    key = `s${lastKey}`;
    const asked = key;
    socket
      .timeout(ANSWER_MS)
      .emit("subscribe", { key, filter, after: position, maxRows }, (error: Error | null, answer) => {
        if (asked !== key) return;
        if (error === null) onAnswer(answer.ok ? null : answer);
        else if (socket.connected) timer = setTimeout(subscribe, RETRY_MS);
      });
  };
  const takeFrame = (frame: LiveFrame, acknowledge: () => void) => {
    if (frame.key !== key) return;
    position = frame.to;
    onFrame(frame);
    acknowledge();
  };
  const takeReset = (reset: LiveReset) => {
    if (reset.key !== key) return;
    position = reset.position;
    onReset(reset);
  };

  socket.on("connect", subscribe);
  socket.on("frame", takeFrame);
  socket.on("reset", takeReset);
  if (socket.connected) subscribe();
  return () => {
    clearTimeout(timer);
    socket.off("connect", subscribe);
    socket.off("frame", takeFrame);
    socket.off("reset", takeReset);
    if (socket.connected) socket.emit("unsubscribe", key);
    key = "";
  };
}
