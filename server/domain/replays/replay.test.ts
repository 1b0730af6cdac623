import { expect, test } from "vitest";
import { type ItemEnd, nextItems, type ReplayItem, readyItems, settleItem } from "./next-items.ts";
import {
  moveReplay,
  newReplayRun,
  problemOfOptions,
  REPLAY_MOVES,
  REPLAY_STATUSES,
  type ReplayOptions,
  type ReplayRun,
  replayTotals,
} from "./replay-run.ts";
import { drive, ReplayWorld, waiting } from "./testing/replay-world.ts";

const PLAIN: ReplayOptions = {
  canary: 0,
  ratePerSecond: null,
  concurrency: 4,
  stop: null,
  unknownAfterMs: 5000,
};
const itemsOf = (count: number, key: (index: number) => string | null = () => null): ReplayItem[] =>
  Array.from({ length: count }, (_, index) => waiting(`item-${index}`, key(index)));
const same: ItemEnd = { kind: "failed", fingerprint: "1-old" };
const succeeded: ItemEnd = { kind: "succeeded" };

test("a replay that succeeds is finished, and its totals are sums", () => {
  const world = new ReplayWorld({ ...PLAIN, canary: 3, ratePerSecond: 10 }, itemsOf(50));
  drive(world, () => succeeded);
  expect(world.run.status).toBe("finished");
  expect(replayTotals(world.run)).toMatchObject({
    succeeded: 50,
    ended: 50,
    inFlight: 0,
    left: 0,
    itemCount: 50,
  });
});

test("a canary that fails stops the replay before anything else starts", () => {
  const stop = { share: 0.05, minEnded: 100 };
  const world = new ReplayWorld({ ...PLAIN, canary: 5, stop }, itemsOf(1000));
  drive(world, (id) => (id === "item-2" ? same : succeeded));
  expect(world.run).toMatchObject({
    status: "stopped",
    reason: { fingerprint: "1-old", failed: 1, ended: 5 },
  });
  expect(world.starts).toHaveLength(5);
  expect(replayTotals(world.run)).toMatchObject({ succeeded: 4, "failed-same": 1, left: 995 });
});

test("failures in many different ways don't stop it, one way does, and so do outcomes that never come", () => {
  const options = { ...PLAIN, concurrency: 1, stop: { share: 0.1, minEnded: 20 } };
  const scattered = new ReplayWorld(options, itemsOf(60));
  drive(scattered, (id) => ({ kind: "failed", fingerprint: `1-${id}` }));
  expect(scattered.run.status).toBe("finished");
  expect(replayTotals(scattered.run)["failed-new"]).toBe(60);
  const alike = new ReplayWorld(options, itemsOf(60));
  drive(alike, (id) =>
    Number(id.slice(5)) % 7 === 0 ? { kind: "failed", fingerprint: "1-new" } : succeeded,
  );
  expect(alike.run).toMatchObject({
    status: "stopped",
    reason: { fingerprint: "1-new", failed: 3, ended: 20 },
  });
  const silent = new ReplayWorld(options, itemsOf(60));
  drive(silent, () => ({ kind: "unknown" }));
  expect(silent.run).toMatchObject({
    status: "stopped",
    reason: { fingerprint: null, failed: 20, ended: 20 },
  });
});

test("a failing item stops its key, and not the others", () => {
  const world = new ReplayWorld(
    PLAIN,
    itemsOf(30, (index) => `key-${index % 3}`),
  );
  drive(world, (id) => (id === "item-4" ? same : succeeded));
  expect(world.run.status).toBe("finished");
  expect(replayTotals(world.run)).toMatchObject({ succeeded: 21, "failed-same": 1, left: 8 });
  expect(readyItems(world.items)).toEqual([]);
});

test("an item has one outcome; a late one takes the place of an unknown one", () => {
  const world = new ReplayWorld(
    PLAIN,
    itemsOf(2, () => "key"),
  );
  world.do({ kind: "look" });
  world.do({ kind: "wait", ms: 4999 });
  world.do({ kind: "sweep" });
  expect(replayTotals(world.run).unknown).toBe(0);
  world.do({ kind: "wait", ms: 1 });
  world.do({ kind: "sweep" });
  expect(replayTotals(world.run)).toMatchObject({ unknown: 1, inFlight: 0, left: 1 });
  expect(readyItems(world.items)).toEqual([]);
  world.do({ kind: "end", pick: 0, end: succeeded });
  world.do({ kind: "end", pick: 0, end: same });
  expect(replayTotals(world.run)).toMatchObject({ succeeded: 1, unknown: 0, "failed-same": 0 });
  expect(readyItems(world.items).map(({ id }) => id)).toEqual(["item-1"]);
});

test("an item that was never started, or has ended, is not settled", () => {
  const run = newReplayRun(PLAIN, 1);
  expect(settleItem(run, waiting("a"), succeeded).kind).toBe("refused");
  const state = { kind: "ended", outcome: "unknown", fingerprint: null } as const;
  expect(settleItem(run, { ...waiting("a"), state }, { kind: "unknown" }).kind).toBe("refused");
});

test("a wait says what it waits for", () => {
  const wait = (options: Partial<ReplayOptions>, count = 10, status: "running" | "paused" = "running") => {
    const run: ReplayRun = { ...newReplayRun({ ...PLAIN, ...options }, count), status };
    return nextItems(run, itemsOf(count), 1000).wait;
  };
  expect(wait({})).toEqual({ kind: "concurrency" });
  expect(wait({ canary: 2 })).toEqual({ kind: "canary" });
  expect(wait({ ratePerSecond: 4 })).toEqual({ kind: "rate", untilMs: 1250 });
  expect(wait({}, 3)).toEqual({ kind: "nothing-ready" });
  expect(wait({}, 3, "paused")).toEqual({ kind: "not-running" });
});

test("a command applies where the drawing has its arrow, and nowhere else", () => {
  const commands = ["start", "pause", "resume", "cancel"] as const;
  const applied = REPLAY_STATUSES.flatMap((status) => {
    const reason = { fingerprint: null, failed: 1, ended: 1 };
    const run: ReplayRun = {
      ...newReplayRun(PLAIN, 1),
      ...(status === "stopped" ? { status, reason } : { status }),
    };
    return commands.flatMap((command) => {
      const move = moveReplay(run, command);
      return move.kind === "moved" ? [`${status} ${command} ${move.run.status}`] : [];
    });
  });
  expect(applied).toEqual([
    "planned start running",
    "planned cancel cancelled",
    "running pause paused",
    "running cancel cancelled",
    "paused resume running",
    "paused cancel cancelled",
  ]);
  expect(Object.keys(REPLAY_MOVES)).toEqual([...commands]);
});

test("options that make no sense are named", () => {
  expect(problemOfOptions(PLAIN)).toBeNull();
  for (const wrong of [
    { canary: -1 },
    { canary: 1.5 },
    { concurrency: 0 },
    { ratePerSecond: 0 },
    { ratePerSecond: Number.NaN },
    { stop: { share: 1, minEnded: 1 } },
    { stop: { share: 0.1, minEnded: 0 } },
    { unknownAfterMs: 0 },
  ]) {
    expect(problemOfOptions({ ...PLAIN, ...wrong })).toMatch(/\.$/);
  }
});

test("a worker whose clock is behind doesn't wait for the other clock's time", () => {
  const started = moveReplay(newReplayRun({ ...PLAIN, ratePerSecond: 1 }, 3), "start");
  if (started.kind === "refused") throw new Error("A planned replay can be started.");
  const first = nextItems(started.run, itemsOf(3), 3_600_000);
  expect(nextItems(first.run, itemsOf(3), 0).wait).toEqual({ kind: "rate", untilMs: 1000 });
});
