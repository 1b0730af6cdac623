import { expect, test } from "vitest";
import { createLog } from "#server/platform/log.ts";
import { runEvery } from "./run-every.ts";

const AN_HOUR_MS = 3_600_000;

function options(signal: AbortSignal, lines: string[] = []) {
  const log = createLog({
    level: "warn",
    format: "json",
    destination: { write: (line) => lines.push(line) },
  });
  return { name: "counting", pauseMs: AN_HOUR_MS, signal, log };
}

test("work that says there is more is done again at once", async () => {
  const stop = new AbortController();
  let done = 0;
  await runEvery(options(stop.signal), async () => {
    done += 1;
    if (done === 3) stop.abort();
    return true;
  });
  expect(done).toBe(3);
});

test("a stop during the pause ends it", async () => {
  const stop = new AbortController();
  const { promise: worked, resolve } = Promise.withResolvers<void>();
  const ended = runEvery(options(stop.signal), async () => {
    resolve();
    return false;
  });
  await worked;
  stop.abort();
  await ended;
});

test("a stop while the work runs leaves no pause after it", async () => {
  const stop = new AbortController();
  await runEvery(options(stop.signal), async () => {
    stop.abort();
    return false;
  });
});

test("a failure is logged and does not end the loop", async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  const ended = runEvery({ ...options(stop.signal, lines), pauseMs: 0 }, async () => {
    if (lines.length < 2) throw new Error("no database");
    stop.abort();
    return false;
  });
  await ended;
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("no database");
});
