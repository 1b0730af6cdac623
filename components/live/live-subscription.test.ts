import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LiveFrame } from "#server/contract/live.ts";
import { followEvents } from "./live-subscription.ts";
import { FakeSocket } from "./testing/fake-socket.ts";

function open() {
  const socket = new FakeSocket();
  const frames: LiveFrame[] = [];
  const refusals: unknown[] = [];
  const stop = followEvents(socket.asSocket(), {
    filter: { type: ["order.*"] },
    after: "10",
    maxRows: 100,
    onFrame: (frame) => frames.push(frame),
    onReset: () => {},
    onAnswer: (refusal) => refusals.push(refusal),
  });
  const request = () => socket.messages("subscribe").at(-1) as { key: string; after: string }; // as it was sent
  const frame = (key: string, from: string, to: string) => {
    const acknowledge = vi.fn();
    socket.receive("frame", { key, from, to, rows: [], matched: 0, shown: 0, skipped: 0 }, acknowledge);
    return acknowledge;
  };
  return { socket, frames, refusals, stop, request, frame };
}

describe("Following events", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("subscribes on each connection after the last position that it was given", () => {
    const { socket, frames, request, frame } = open();
    expect(socket.sent).toEqual([]);
    socket.connect();
    expect(request()).toMatchObject({ filter: { type: ["order.*"] }, after: "10", maxRows: 100 });
    expect(frame(request().key, "10", "15")).toHaveBeenCalled();
    expect(frames).toHaveLength(1);

    socket.disconnect();
    socket.connect();
    expect(request().after).toBe("15");
    socket.receive("reset", { key: request().key, position: "40", reason: "gap-too-wide" });
    socket.disconnect();
    socket.connect();
    expect(request().after).toBe("40");
  });

  test("takes no frame of an earlier subscription", () => {
    const { socket, frames, request, frame } = open();
    socket.connect();
    const { key } = request();
    socket.disconnect();
    socket.connect();
    frame(key, "10", "15");
    expect(frames).toEqual([]);
    expect(request().after).toBe("10");
  });

  test("asks again when no answer comes, and says when it was refused", () => {
    const { socket, refusals } = open();
    socket.connect();
    socket.answer("subscribe", new Error("no answer in time"));
    expect(socket.messages("subscribe")).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(socket.messages("subscribe")).toHaveLength(2);
    const refusal = { ok: false, code: "too-many", message: "Too many." };
    socket.answer("subscribe", null, refusal);
    socket.answer("subscribe", null, { ok: true });
    expect(refusals).toEqual([refusal, null]);
  });

  test("leaves nothing behind when it ends", () => {
    const { socket, frames, stop, request, frame } = open();
    socket.connect();
    const { key } = request();
    socket.answer("subscribe", new Error("no answer in time"));
    stop();
    expect(socket.messages("unsubscribe")).toEqual([key]);
    expect(socket.listenerCount).toBe(0);
    vi.advanceTimersByTime(10_000);
    frame(key, "10", "11");
    expect(socket.messages("subscribe")).toHaveLength(1);
    expect(frames).toEqual([]);
  });
});
