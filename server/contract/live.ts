import { z } from "zod";
import { type AsOfDto, type EventSummaryDto, eventFilterSchema, positionSchema } from "./events.ts";

/** The Socket.IO namespace of everything live. */
export const LIVE_NAMESPACE = "/live";

export const subscribeSchema = z.object({
  /** The client's own name for the subscription; frames carry it. */
  key: z.string().min(1).max(100),
  /** The read API's filter. `to` is ignored: live has no end. */
  filter: eventFilterSchema,
  /** The last position that the client holds. Without it the subscription starts now. */
  after: positionSchema.optional(),
  /** Most rows a frame may carry; the rest is counted as skipped. */
  maxRows: z.number().int().min(1).max(500).default(100),
});
export type SubscribeRequest = z.input<typeof subscribeSchema>;

/**
 * Everything that matched after `from` up to and including `to`: the newest rows oldest first, and exact
 * counts (`matched = shown + skipped`). `from` is the `to` of the frame before it, so a client sees a gap.
 */
export type LiveFrame = {
  key: string;
  from: string;
  to: string;
  rows: EventSummaryDto[];
  matched: number;
  shown: number;
  skipped: number;
  asOf: AsOfDto;
};

/** The gap since `after` is too wide to count: load the list anew, then go on from `position`. */
export type LiveReset = { key: string; position: string; reason: "gap-too-wide" | "unknown-position" };

export type SubscribeAnswer =
  | { ok: true; key: string; position: string }
  | { ok: false; code: string; message: string };

export interface ServerToClient {
  /** Sent at most ten times a second for a subscription; the next one waits for the acknowledgement. */
  frame: (frame: LiveFrame, acknowledge: () => void) => void;
  reset: (reset: LiveReset) => void;
  /** Ten times a minute, and at once when it changes much: how fresh the server is. */
  pulse: (asOf: AsOfDto) => void;
  /** A hint that something under this topic changed: look again. */
  topic: (topic: string) => void;
}

export interface ClientToServer {
  subscribe: (request: SubscribeRequest, answer: (answer: SubscribeAnswer) => void) => void;
  unsubscribe: (key: string) => void;
  /** Topics such as `consumers` or `dead-letters:orders`, for hints. */
  watch: (topic: string) => void;
  unwatch: (topic: string) => void;
}
