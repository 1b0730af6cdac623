import { io, type Socket } from "socket.io-client";
import { expect, vi } from "vitest";
import {
  type ClientToServer,
  LIVE_NAMESPACE,
  type LiveFrame,
  type LiveReset,
  type ServerToClient,
  type SubscribeAnswer,
  type SubscribeRequest,
  type WatchAnswer,
} from "#server/contract/live.ts";

export type LiveClientSocket = Socket<ServerToClient, ClientToServer>;

/** A connected client that writes down what it gets. */
export class LiveClient {
  readonly socket: LiveClientSocket;
  readonly frames: LiveFrame[] = [];
  readonly frameTimes: number[] = [];
  readonly resets: LiveReset[] = [];
  readonly hints: string[][] = [];
  /** While false, frames are not acknowledged, as if the client were busy. */
  isAcknowledging = true;
  #owed: (() => void)[] = [];

  constructor(url: string) {
    this.socket = io(`${url}${LIVE_NAMESPACE}`, { transports: ["websocket"], forceNew: true });
    this.socket.on("frame", (frame, acknowledge) => {
      this.frames.push(frame);
      this.frameTimes.push(performance.now());
      if (this.isAcknowledging) acknowledge();
      else this.#owed.push(acknowledge);
    });
    this.socket.on("reset", (reset) => this.resets.push(reset));
    this.socket.on("hints", (topics, acknowledge) => {
      this.hints.push(topics);
      acknowledge();
    });
  }

  /** Acknowledges what was held back, and everything from now on. */
  acknowledge(): void {
    this.isAcknowledging = true;
    for (const acknowledge of this.#owed.splice(0)) acknowledge();
  }

  async subscribe(request: Partial<SubscribeRequest> = {}): Promise<SubscribeAnswer> {
    return this.socket.timeout(10_000).emitWithAck("subscribe", { key: "all", filter: {}, ...request });
  }

  async watch(topic: string): Promise<WatchAnswer> {
    return this.socket.timeout(10_000).emitWithAck("watch", topic);
  }

  positions(): string[] {
    return this.frames.flatMap((frame) => frame.rows.map((row) => row.position));
  }

  matched(): number {
    return this.frames.reduce((sum, frame) => sum + frame.matched, 0);
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Waits until something that is polled becomes true. */
export async function until(isTrue: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 60_000, interval: 5 });
}
