import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { foldCalls } from "./fold-calls.ts";
import { FakeSocket } from "./testing/fake-socket.ts";
import { watchTopic } from "./topic-watch.ts";

describe("Watching a topic", () => {
  test("tells of each hint, and once whenever watching begins", () => {
    const socket = new FakeSocket();
    const listener = vi.fn();
    const stop = watchTopic(socket.asSocket(), "consumers", listener);
    socket.connect();
    expect(listener).not.toHaveBeenCalled();
    socket.answer("watch", { ok: true, topic: "consumers" });
    expect(listener).toHaveBeenCalledTimes(1);
    socket.receive("hints", ["sagas", "consumers"]);
    socket.receive("hints", ["sagas"]);
    expect(listener).toHaveBeenCalledTimes(2);

    socket.disconnect();
    socket.connect();
    socket.answer("watch", { ok: true, topic: "consumers" });
    expect(listener).toHaveBeenCalledTimes(3);
    stop();
  });

  test("is shared by all who watch the same topic, and ends with the last of them", () => {
    const socket = new FakeSocket();
    socket.connect();
    const [one, two] = [vi.fn(), vi.fn()];
    const stopOne = watchTopic(socket.asSocket(), "sagas", one);
    const stopTwo = watchTopic(socket.asSocket(), "sagas", two);
    expect(socket.messages("watch")).toEqual(["sagas"]);
    stopOne();
    socket.receive("hints", ["sagas"]);
    expect(one).not.toHaveBeenCalled();
    expect(two).toHaveBeenCalledTimes(1);
    stopTwo();
    expect(socket.messages("unwatch")).toEqual(["sagas"]);
    expect(socket.listenerCount).toBe(0);
  });
});

describe("Folded calls", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("run at once, and once more for a burst", () => {
    const run = vi.fn();
    const folded = foldCalls(run, 300);
    for (let call = 0; call < 10; call += 1) folded.call();
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(300);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1_000);
    expect(run).toHaveBeenCalledTimes(2);
    folded.call();
    expect(run).toHaveBeenCalledTimes(3);
    folded.call();
    folded.cancel();
    vi.advanceTimersByTime(1_000);
    expect(run).toHaveBeenCalledTimes(3);
  });

  test("wait for what is under way, however many come meanwhile, but not for ever", async () => {
    const ends: (() => void)[] = [];
    const run = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
    const folded = foldCalls(run, 300);
    folded.call();
    for (let call = 0; call < 20; call += 1) {
      await vi.advanceTimersByTimeAsync(200);
      folded.call();
    }
    expect(run).toHaveBeenCalledTimes(1);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toHaveBeenCalledTimes(2);

    folded.call();
    await vi.advanceTimersByTimeAsync(9_900);
    expect(run).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(run).toHaveBeenCalledTimes(3);
    ends[1]?.();
    folded.call();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(run).toHaveBeenCalledTimes(3);
    folded.cancel();
    ends[2]?.();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(run).toHaveBeenCalledTimes(3);
  });

  test("go on behind one that failed", async () => {
    const run = vi.fn(() => Promise.reject(new Error("The server can't be reached.")));
    const folded = foldCalls(run, 300);
    folded.call();
    folded.call();
    await vi.advanceTimersByTimeAsync(300);
    expect(run).toHaveBeenCalledTimes(2);
    folded.cancel();
  });
});
