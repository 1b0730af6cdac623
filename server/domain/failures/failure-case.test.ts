import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CASE_LIMITS,
  CASE_STATUSES,
  type CaseCommand,
  type FailureCase,
  LONGEST_MUTE_MS,
  moveCase,
  newFailureCase,
  statusAt,
} from "./failure-case.ts";

/** Knows no statuses: only until when it is quiet, since when it is settled, and what was written down. */
type Model = {
  nowMs: number;
  quietUntilMs: number;
  resolvedAtMs: number | null;
  count: number;
  returns: number;
  notes: string[];
  owner: string | null;
};
type Real = { failureCase: FailureCase };

const START_MS = 1_000_000;

class Send implements fc.Command<Model, Real> {
  readonly command: CaseCommand;
  constructor(command: CaseCommand) {
    this.command = command;
  }
  check = () => true;
  run(model: Model, real: Real) {
    const { command } = this;
    const isQuiet = model.nowMs < model.quietUntilMs;
    const isResolved = model.resolvedAtMs !== null;
    let applies = true;
    let returns = false;
    switch (command.kind) {
      case "see":
        returns = model.resolvedAtMs !== null && command.lastSeenMs > model.resolvedAtMs;
        model.count += command.count;
        if (returns) Object.assign(model, { resolvedAtMs: null, returns: model.returns + 1 });
        break;
      case "mute":
        applies = !isResolved && command.untilMs > model.nowMs;
        if (applies) model.quietUntilMs = command.untilMs;
        break;
      case "unmute":
        applies = isQuiet;
        model.quietUntilMs = 0;
        break;
      case "resolve":
        applies = !isResolved;
        if (applies) Object.assign(model, { resolvedAtMs: model.nowMs, quietUntilMs: 0 });
        break;
      case "reopen":
        applies = isResolved;
        model.resolvedAtMs = null;
        break;
      case "assign":
        model.owner = command.owner;
        break;
      case "note":
        model.notes.push(command.text);
        break;
      case "link":
        break;
    }
    const move = moveCase(real.failureCase, command, model.nowMs);
    expect(move.kind).toBe(applies ? "moved" : "refused");
    if (move.kind === "moved") {
      expect(move.isReturn).toBe(returns);
      real.failureCase = move.failureCase;
    }
    compare(model, real.failureCase);
  }
  toString = () => JSON.stringify(this.command);
}

class Wait implements fc.Command<Model, Real> {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(model: Model, real: Real) {
    model.nowMs += this.ms;
    compare(model, real.failureCase);
  }
  toString = () => `wait ${this.ms} ms`;
}

function compare(model: Readonly<Model>, failureCase: FailureCase): void {
  const quiet = model.nowMs < model.quietUntilMs ? "muted" : "open";
  expect(statusAt(failureCase, model.nowMs)).toBe(model.resolvedAtMs === null ? quiet : "resolved");
  const { count, returns, owner } = failureCase;
  expect({ count, returns, owner }).toEqual({
    count: model.count,
    returns: model.returns,
    owner: model.owner,
  });
  expect(failureCase.notes.map(({ text }) => text)).toEqual(model.notes);
  expect(failureCase.firstSeenMs).toBeLessThanOrEqual(failureCase.lastSeenMs);
}

const moments = fc.integer({ min: START_MS - 2000, max: START_MS + 20_000 });
const commands: fc.Arbitrary<CaseCommand> = fc.oneof(
  fc
    .record({ count: fc.integer({ min: 1, max: 9 }), from: moments, ms: fc.nat(500) })
    .map(({ count, from, ms }) => ({
      kind: "see" as const,
      count,
      firstSeenMs: from,
      lastSeenMs: from + ms,
    })),
  moments.map((untilMs) => ({ kind: "mute" as const, by: "aiko", untilMs })),
  fc.constantFrom<CaseCommand>(
    { kind: "unmute" },
    { kind: "resolve", by: "aiko" },
    { kind: "reopen" },
    { kind: "assign", owner: "ben" },
    { kind: "assign", owner: null },
    { kind: "note", by: "ben", text: "The tax service was down." },
    { kind: "link", ticketUrl: "https://tickets.example.com/OPS-1" },
  ),
);

test("a case does what its model does, whatever happens in whatever order", () => {
  const steps = fc.commands(
    [commands.map((command) => new Send(command)), fc.nat(3000).map((ms) => new Wait(ms))],
    { maxCommands: 60, size: "max" },
  );
  fc.assert(
    fc.property(steps, (script) => {
      fc.modelRun(() => {
        const model: Model = {
          nowMs: START_MS,
          quietUntilMs: 0,
          resolvedAtMs: null,
          count: 1,
          returns: 0,
          notes: [],
          owner: null,
        };
        return { model, real: { failureCase: newFailureCase("1-abc", 1, START_MS, START_MS) } };
      }, script);
    }),
    { numRuns: 300 },
  );
});

function after(...sent: CaseCommand[]): FailureCase {
  return sent.reduce(
    (failureCase, command) => {
      const move = moveCase(failureCase, command, START_MS);
      if (move.kind === "refused") throw new Error(move.reason);
      return move.failureCase;
    },
    newFailureCase("1-abc", 3, START_MS - 10, START_MS - 5),
  );
}

const see = (lastSeenMs: number): CaseCommand => ({
  kind: "see",
  count: 1,
  firstSeenMs: lastSeenMs,
  lastSeenMs,
});

test("a resolved case reopens when its fingerprint returns, with its owner, notes and ticket", () => {
  const resolved = after(
    { kind: "assign", owner: "ben" },
    { kind: "note", by: "ben", text: " fixed in 4.2 " },
    { kind: "link", ticketUrl: "https://tickets.example.com/OPS-1" },
    { kind: "resolve", by: "ben" },
  );
  const move = moveCase(resolved, see(START_MS + 1), START_MS + 5);
  expect(move).toMatchObject({
    kind: "moved",
    isReturn: true,
    failureCase: {
      status: "open",
      returns: 1,
      count: 4,
      owner: "ben",
      notes: [{ text: "fixed in 4.2" }],
      ticketUrl: "https://tickets.example.com/OPS-1",
    },
  });
});

test("what died before the case was resolved, and is counted late, reopens nothing", () => {
  const resolved = after({ kind: "resolve", by: "ben" });
  expect(moveCase(resolved, see(START_MS), START_MS + 5)).toMatchObject({
    isReturn: false,
    failureCase: { status: "resolved", count: 4 },
  });
});

test("a muted case counts, stays quiet, and is open again at its end", () => {
  const muted = after({ kind: "mute", by: "ben", untilMs: START_MS + 100 }, see(START_MS));
  expect(muted).toMatchObject({ status: "muted", count: 4 });
  expect([99, 100].map((ms) => statusAt(muted, START_MS + ms))).toEqual(["muted", "open"]);
  expect(CASE_STATUSES).toContain(muted.status);
});

test("what makes no sense is refused with a word on what to do", () => {
  const refuse = (command: CaseCommand, failureCase = after()) => {
    const move = moveCase(failureCase, command, START_MS);
    expect(move).toMatchObject({ kind: "refused", reason: expect.stringMatching(/\.$/) });
  };
  refuse({ kind: "mute", by: "ben", untilMs: START_MS });
  refuse({ kind: "mute", by: "ben", untilMs: Number.NaN });
  refuse({ kind: "mute", by: "ben", untilMs: START_MS + LONGEST_MUTE_MS + 1 });
  refuse({ kind: "note", by: "ben", text: " \n" });
  refuse({ kind: "note", by: "ben", text: "x".repeat(CASE_LIMITS.note + 1) });
  refuse({ kind: "assign", owner: "x".repeat(CASE_LIMITS.owner + 1) });
  for (const ticketUrl of ["OPS-1", "javascript:alert(1)", `https://x/${"y".repeat(3000)}`])
    refuse({ kind: "link", ticketUrl });
  const many = { ...after(), notes: Array(CASE_LIMITS.notes).fill({ atMs: 0, by: "ben", text: "x" }) };
  refuse({ kind: "note", by: "ben", text: "one more" }, many);
});
