import { describe, expect, it } from "vitest";
import { consumer, emissions, findingInput, received } from "../testing/finding-input.ts";
import { findFanOutBottlenecks } from "./fan-out-bottleneck.ts";
import { findHotKeys } from "./hot-key.ts";
import { findNeverReceives } from "./never-receives.ts";
import { findNoDeadLetters } from "./no-dead-letters.ts";
import { findUnboundedRetries } from "./unbounded-retries.ts";
import { findVersionSkew } from "./version-skew.ts";

const policy = { retries: 3, baseMs: 1_000, factor: 2, capMs: 60_000, jitter: "full" } as const;

describe("a consumer that never receives", () => {
  const find = (given: Parameters<typeof consumer>[0], emitted = 100) =>
    findNeverReceives(
      findingInput({
        consumers: [consumer(given)],
        emissions: [emissions({ events: emitted })],
        edges: [{ id: "orders->mail", from: "orders", to: "mail", types: [] }],
      }),
    );

  it("is found where it was there for the whole window while events went by", () => {
    expect(find({ received: [] })).toMatchObject([
      { kind: "never-receives", nodes: ["mail"], edges: ["orders->mail"], numbers: { emitted: 100 } },
    ]);
  });

  it("is not one that got something, came lately, is paused or is behind, or where nothing happened", () => {
    expect(find({})).toEqual([]);
    expect(find({ received: [], subscribedMs: 60_000 })).toEqual([]);
    expect(find({ received: [], isPaused: true })).toEqual([]);
    expect(find({ received: [], backlog: 3 })).toEqual([]);
    expect(find({ received: [] }, 3)).toEqual([]);
  });
});

describe("a fan-out bottleneck", () => {
  const find = (slow: Parameters<typeof consumer>[0], others = 3) =>
    findFanOutBottlenecks(
      findingInput({
        emissions: [emissions({ events: 1_000 })],
        channels: [{ node: "orders", kind: "topic" }],
        edges: [
          { id: "shop->orders", from: "shop", to: "orders", types: ["order.placed"] },
          { id: "orders->slow", from: "orders", to: "slow", types: ["order.placed"] },
          { id: "orders->other", from: "orders", to: "other-0", types: ["order.placed"] },
        ],
        consumers: [
          consumer({
            service: "slow",
            consumer: "slow",
            received: [received({ meanMs: 400, p95Ms: 900 })],
            ...slow,
          }),
          ...Array.from({ length: others }, (_, index) =>
            consumer({ service: `other-${index}`, consumer: `other-${index}` }),
          ),
        ],
      }),
    );

  it("is the one that is far slower than the others and has fallen behind", () => {
    expect(find({ backlog: 5_000 })).toMatchObject([
      {
        kind: "fan-out-bottleneck",
        severity: "harm",
        nodes: ["slow", "shop"],
        edges: ["shop->orders", "orders->slow"],
        numbers: { consumers: 4, p95Ms: 900, othersP95Ms: 20, backlog: 5_000 },
      },
    ]);
  });

  it("is also one that is at work nearly all the time", () => {
    const busy = find({ concurrency: 1, received: [received({ attempts: 8_000, meanMs: 400, p95Ms: 900 })] });
    expect(busy).toMatchObject([{ severity: "risk", numbers: { busy: expect.closeTo(0.889, 2) } }]);
  });

  it("is not one that is slow and keeps up, or is as slow as the others, or stands alone", () => {
    expect(find({})).toEqual([]);
    expect(find({ backlog: 5_000, received: [received({ p95Ms: 40 })] })).toEqual([]);
    expect(find({ backlog: 5_000 }, 1)).toEqual([]);
  });
});

describe("a hot key", () => {
  const key = { type: "order.placed", key: "customer-7", events: 600, all: 1_000, positions: ["3", "2"] };
  const ordered = consumer({ isOrdered: true, received: [received({ attempts: 1_000, meanMs: 4_000 })] });
  const find = (keys: (typeof key)[], consumers = [ordered]) =>
    findHotKeys(findingInput({ keys, consumers }));

  it("is one that keeps an ordered consumer at work with one event after the other", () => {
    expect(find([key])).toMatchObject([
      {
        kind: "hot-key",
        severity: "harm",
        names: { key: "customer-7" },
        positions: ["3", "2"],
        numbers: { events: 600, share: 0.6, busy: expect.closeTo(0.667, 2) },
      },
    ]);
  });

  it("is a risk where the consumer is quick enough by now", () => {
    const quick = consumer({ isOrdered: true });
    expect(find([key], [quick])).toMatchObject([{ severity: "risk" }]);
  });

  it("is none with few events or a small share, or where order does not count", () => {
    expect(find([{ ...key, all: 50, events: 50 }])).toEqual([]);
    expect(find([{ ...key, events: 100 }])).toEqual([]);
    expect(find([key], [consumer()])).toEqual([]);
    expect(find([key], [consumer({ isOrdered: true, received: [received({ type: "other" })] })])).toEqual([]);
  });
});

describe("a consumer without dead letters", () => {
  const find = (given: Parameters<typeof consumer>[0]) =>
    findNoDeadLetters(findingInput({ consumers: [consumer(given)] }));

  it("is harmful once it has failed, and a risk before", () => {
    const failing = find({ hasDeadLetters: false, received: [received({ failed: 7 })] });
    expect(failing).toMatchObject([{ severity: "harm", types: ["order.placed"], numbers: { failed: 7 } }]);
    expect(find({ hasDeadLetters: false })).toMatchObject([{ severity: "risk" }]);
  });

  it("is not one that has them, of which nobody knows, or that does nothing", () => {
    expect(find({})).toEqual([]);
    expect(find({ hasDeadLetters: null })).toEqual([]);
    expect(find({ hasDeadLetters: false, received: [] })).toEqual([]);
  });
});

describe("retries without bounds", () => {
  const find = (given: Parameters<typeof consumer>[0]) =>
    findUnboundedRetries(findingInput({ consumers: [consumer(given)] }));

  it("are too many, or go on for too long", () => {
    expect(find({ retry: { ...policy, retries: 1_000 } })).toMatchObject([
      { kind: "unbounded-retries", severity: "risk", numbers: { retries: 1_000 } },
    ]);
    const longMs = 20 * 3_600_000;
    expect(find({ retry: { ...policy, retries: 5, baseMs: longMs, capMs: longMs } })).toMatchObject([
      { numbers: { retries: 5, longestMs: 5 * longMs } },
    ]);
    const forever = find({ retry: { ...policy, retries: Number.POSITIVE_INFINITY } });
    expect(forever).toMatchObject([{ numbers: { retries: -1, longestMs: -1 } }]);
  });

  it("are seen where no policy is known", () => {
    expect(find({ retry: null, mostAttempts: 80 })).toMatchObject([
      { severity: "harm", numbers: { retries: -1, mostAttempts: 80 } },
    ]);
  });

  it("are not those that end within a day", () => {
    expect(find({})).toEqual([]);
    expect(find({ retry: null, mostAttempts: 4 })).toEqual([]);
    expect(find({ retry: { ...policy, retries: 20, capMs: 3_600_000 } })).toEqual([]);
    expect(find({ retry: { ...policy, retries: 0 } })).toEqual([]);
  });
});

describe("version skew", () => {
  const taken = (handled: number, failed: number) => [
    { service: "mail", handled, failed, positions: ["5", "4"] },
  ];
  const find = (one: ReturnType<typeof taken>, two: ReturnType<typeof taken>) =>
    findVersionSkew(
      findingInput({
        versions: [
          { type: "user", version: "1.0", producers: [{ service: "web", events: 50 }], consumers: one },
          { type: "user", version: "2.0", producers: [{ service: "app", events: 50 }], consumers: two },
        ],
      }),
    );

  it("is a consumer that fails at one version and handles another", () => {
    expect(find(taken(50, 1), taken(2, 48))).toMatchObject([
      {
        kind: "version-skew",
        nodes: ["mail", "app"],
        names: { version: "2.0", other: "1.0" },
        numbers: { failed: 48, handled: 2, otherHandled: 50 },
        positions: ["5", "4"],
      },
    ]);
  });

  it("is not one that fails at both, at neither, or hardly ever", () => {
    expect(find(taken(2, 48), taken(2, 48))).toEqual([]);
    expect(find(taken(50, 0), taken(50, 0))).toEqual([]);
    expect(find(taken(50, 0), taken(0, 2))).toEqual([]);
    expect(find(taken(50, 0), [])).toEqual([]);
  });
});
