import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pacer } from "./pacer.ts";

describe("Pacer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function openPacer() {
    const acknowledgements: (() => void)[] = [];
    const sentAt: number[] = [];
    const start = performance.now();
    const pacer = new Pacer(100, (acknowledge) => {
      sentAt.push(performance.now() - start);
      acknowledgements.push(acknowledge);
    });
    return { pacer, sentAt, acknowledge: () => acknowledgements.shift()?.() };
  }

  test("sends the first message at once and folds the next requests into one, an interval later", () => {
    const { pacer, sentAt, acknowledge } = openPacer();
    pacer.request();
    acknowledge();
    pacer.request();
    pacer.request();
    pacer.request();
    vi.advanceTimersByTime(1_000);
    expect(sentAt).toEqual([0, 100]);
  });

  test("waits for the acknowledgement, however long it takes, and sends once then", () => {
    const { pacer, sentAt, acknowledge } = openPacer();
    pacer.request();
    for (let i = 0; i < 50; i += 1) {
      vi.advanceTimersByTime(100);
      pacer.request();
    }
    expect(sentAt).toEqual([0]);
    acknowledge();
    vi.advanceTimersByTime(1_000);
    expect(sentAt).toEqual([0, 5_000]);
  });

  test("keeps a request of little hurry until its gap has passed, unless a hurried one comes", () => {
    const { pacer, sentAt, acknowledge } = openPacer();
    pacer.request();
    acknowledge();
    pacer.request(2_000);
    vi.advanceTimersByTime(1_500);
    expect(sentAt).toEqual([0]);
    pacer.request();
    expect(sentAt).toEqual([0, 1_500]);
    acknowledge();
    pacer.request(2_000);
    vi.advanceTimersByTime(2_000);
    expect(sentAt).toEqual([0, 1_500, 3_500]);
  });

  test("sends nothing after it was stopped, not even on an acknowledgement", () => {
    const { pacer, sentAt, acknowledge } = openPacer();
    pacer.request();
    pacer.request();
    pacer.stop();
    acknowledge();
    vi.advanceTimersByTime(1_000);
    expect(sentAt).toEqual([0]);
  });
});
