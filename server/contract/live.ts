import { z } from "zod";
import { type AsOfDto, type EventSummaryDto, eventFilterSchema, positionSchema } from "./events.ts";

/** The Socket.IO namespace of everything live. */
export const LIVE_NAMESPACE = "/live";

/** Most rows that a frame may carry: all of 5,000 events a second. What comes faster is counted and sampled. */
export const MAX_FRAME_ROWS = 500;

export const subscribeSchema = z.object({
  /** The client's own name for the subscription; frames carry it. */
  key: z.string().min(1).max(100),
  /** The read API's filter. `to` is ignored: live has no end. */
  filter: eventFilterSchema,
  /** The last position that the client holds. Without it the subscription starts now. */
  after: positionSchema.optional(),
  /** Most rows a frame may carry; the rest is counted as skipped. */
  maxRows: z.number().int().min(1).max(MAX_FRAME_ROWS).default(100),
});
export type SubscribeRequest = z.input<typeof subscribeSchema>;

/** A noun, or a noun and what it is about: `consumers`, `dead-letters:orders`. */
export const topicSchema = z
  .string()
  .max(250)
  .regex(/^[a-z][a-z-]*(:.+)?$/su, "A topic is a noun, such as consumers or dead-letters:orders.");

/**
 * Everything that matched after `from` up to and including `to`: the newest rows oldest first, and exact
 * counts (`matched = shown + skipped`). What is skipped is older than the rows. `from` is the `to` of the frame
 * before it, so a client sees a gap.
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

/**
 * Nobody counts what came after the client's position: the gap is too wide, or the position was never handed out
 * by this database. Load the list anew; the next frame goes on from `position`.
 */
export type LiveReset = { key: string; position: string; reason: "gap-too-wide" | "unknown-position" };

export type Refusal = { ok: false; code: "invalid" | "too-many" | "internal"; message: string };

/** `position` is the `from` of the first frame. */
export type SubscribeAnswer = { ok: true; key: string; position: string } | Refusal;

export type WatchAnswer = { ok: true; topic: string } | Refusal;

export interface ServerToClient {
  /** Sent at most ten times a second for a subscription; the next one waits for the acknowledgement. */
  frame: (frame: LiveFrame, acknowledge: () => void) => void;
  reset: (reset: LiveReset) => void;
  /** Every two seconds: how fresh the server is. */
  pulse: (asOf: AsOfDto) => void;
  /**
   * Hints that something under these watched topics changed: look again. Sent at most ten times a second; the next
   * ones wait for the acknowledgement, folded into one a topic.
   */
  hints: (topics: string[], acknowledge: () => void) => void;
}

export interface ClientToServer {
  /** A key that is in use replaces the subscription that has it. */
  subscribe: (request: SubscribeRequest, answer: (answer: SubscribeAnswer) => void) => void;
  unsubscribe: (key: string) => void;
  /** Topics such as `consumers` or `dead-letters:orders`, for hints. */
  watch: (topic: string, answer: (answer: WatchAnswer) => void) => void;
  unwatch: (topic: string) => void;
}
