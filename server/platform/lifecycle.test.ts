import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createFixedClock } from "./clock.ts";
import { type Lifecycle, runLifecycle } from "./lifecycle.ts";
import { createLog } from "./log.ts";

type FixedClock = ReturnType<typeof createFixedClock>;

/** Runs a lifecycle whose signals and exits are in the hands of the test. */
function run(
  startParts: (
    lifecycle: Lifecycle,
    told: string[],
    signals: EventEmitter,
    clock: FixedClock,
  ) => Promise<void>,
  deadlineMs = 60_000,
) {
  const told: string[] = [];
  const lines: string[] = [];
  const signals = new EventEmitter();
  const clock = createFixedClock("2026-01-01T00:00:00Z");
  const { promise: exited, resolve: exitNow } = Promise.withResolvers<number>();
  const log = createLog({
    level: "info",
    format: "json",
    destination: { write: (line) => lines.push(line) },
  });
  const ended = runLifecycle({ log, deadlineMs, signals, clock, exitNow }, (lifecycle) =>
    startParts(lifecycle, told, signals, clock),
  );
  return { told, lines, signals, exited, ended };
}

async function startPart(lifecycle: Lifecycle, told: string[], name: string) {
  return lifecycle.start(name, async () => {
    told.push(`start ${name}`);
    return { value: name, stop: async () => void told.push(`stop ${name}`) };
  });
}

test("parts start in order and stop in reverse on SIGTERM, with exit code 0", async () => {
  const { told, signals, ended } = run(async (lifecycle, told, signals) => {
    await startPart(lifecycle, told, "database");
    await startPart(lifecycle, told, "http");
    signals.emit("SIGTERM");
  });
  expect(await ended).toBe(0);
  expect(told).toEqual(["start database", "start http", "stop http", "stop database"]);
  expect(signals.eventNames()).toEqual([]);
});

test("a part that fails to start stops those before it, and the reason is thrown", async () => {
  const { told, ended } = run(async (lifecycle, told) => {
    await startPart(lifecycle, told, "database");
    await lifecycle.start("http", () => Promise.reject(new Error("Port 3000 is taken.")));
  });
  await expect(ended).rejects.toThrow("Port 3000 is taken.");
  expect(told).toEqual(["start database", "stop database"]);
});

test("a signal while a part starts lets it finish, stops it, and starts no other", async () => {
  const { told, ended } = run(async (lifecycle, told, signals) => {
    await lifecycle.start("database", async (stopping) => {
      signals.emit("SIGINT");
      told.push(`stopping ${stopping.aborted}`);
      return { value: null, stop: async () => void told.push("stop database") };
    });
    await startPart(lifecycle, told, "http");
  });
  expect(await ended).toBe(0);
  expect(told).toEqual(["stopping true", "stop database"]);
});

test("a part that can't go on brings the others down in order, with exit code 1", async () => {
  const { told, lines, ended } = run(async (lifecycle, told) => {
    await startPart(lifecycle, told, "database");
    lifecycle.fail("database", new Error("The disk is full."));
  });
  expect(await ended).toBe(1);
  expect(told).toEqual(["start database", "stop database"]);
  expect(lines.join("")).toContain("The disk is full.");
});

test("a part that fails to stop does not keep the others from stopping", async () => {
  const { told, lines, ended } = run(async (lifecycle, told, signals) => {
    await startPart(lifecycle, told, "database");
    await lifecycle.start("http", async () => ({
      value: null,
      stop: () => Promise.reject(new Error("stuck socket")),
    }));
    signals.emit("SIGTERM");
  });
  expect(await ended).toBe(0);
  expect(told).toEqual(["start database", "stop database"]);
  expect(lines.join("")).toContain("stuck socket");
});

test("a second signal exits at once", async () => {
  const held = Promise.withResolvers<void>();
  const { exited, ended } = run(async (lifecycle, _told, signals, clock) => {
    await lifecycle.start("http", async () => ({ value: null, stop: () => held.promise }));
    signals.emit("SIGTERM");
    clock.advance(500);
    signals.emit("SIGINT");
  });
  expect(await exited).toBe(130);
  held.resolve();
  await ended;
});

test("one Ctrl-C that arrives along several ways still stops in order", async () => {
  const { told, ended } = run(async (lifecycle, told, signals, clock) => {
    await startPart(lifecycle, told, "database");
    signals.emit("SIGINT");
    clock.advance(499);
    signals.emit("SIGINT");
  });
  expect(await ended).toBe(0);
  expect(told).toEqual(["start database", "stop database"]);
});

test("the deadline names the part that did not stop, and exits", async () => {
  const held = Promise.withResolvers<void>();
  const { lines, exited, ended } = run(async (lifecycle, _told, signals) => {
    await lifecycle.start("http", async () => ({ value: null, stop: () => held.promise }));
    signals.emit("SIGTERM");
  }, 5);
  expect(await exited).toBe(1);
  expect(lines.join("")).toContain('"parts":["http"],"msg":"stop.abandoned"');
  held.resolve();
  await ended;
});
