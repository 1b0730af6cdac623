import { expect, test } from "vitest";
import { AppError } from "./errors.ts";
import { createLog } from "./log.ts";

function record(format: "text" | "json") {
  const lines: string[] = [];
  const log = createLog({ level: "info", format, destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

test("json has the level in words, the time in ISO format and the fields", () => {
  const { log, lines } = record("json");
  log.info({ port: 3000 }, "server.started");
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    port: 3000,
    msg: "server.started",
  });
});

test("text is one line a fact", () => {
  const { log, lines } = record("text");
  log.warn({ reason: "no answer", attempts: 3 }, "delivery.parked");
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d WARN delivery.parked reason="no answer" attempts=3\n$/),
  ]);
});

test("an error is logged with its code and causes, and without the values of the row it met", () => {
  const failure = Object.assign(new Error("bad row"), {
    code: "22P02",
    where: 'COPY events, line 1: "secret"',
  });
  const { log, lines } = record("json");
  log.error({ err: new Error("not stored", { cause: failure }) }, "batch.refused");
  expect(lines[0]).toContain('"code":"22P02"');
  expect(lines[0]).toContain("bad row");
  expect(lines[0]).not.toContain("secret");
});

test("text shows the stacks of an error and of its cause", () => {
  const { log, lines } = record("text");
  log.error({ err: new Error("outer", { cause: new Error("inner") }) }, "batch.refused");
  expect(lines[0]).toMatch(
    /ERROR batch.refused\n {2}Error: outer\n {6}at [\s\S]*caused by:\n {2}Error: inner\n/,
  );
});

test("text shows no stack of a warning, or of an error that says what to do", () => {
  const { log, lines } = record("text");
  log.warn({ err: new Error("connection lost") }, "tail.interrupted");
  log.error({ err: new AppError("conflict", "Stop the other one first.") }, "part.failed");
  expect(lines.map((line) => line.slice(9))).toEqual([
    "WARN tail.interrupted\n  connection lost\n",
    "ERROR part.failed\n  Stop the other one first.\n",
  ]);
});
