import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AttemptKey,
  type Delivery,
  isSettled,
  type Move,
  moveDelivery,
  newDelivery,
} from "./delivery.ts";
import { describeError } from "./error-record.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/**
 * Workers that claim, answer, answer late, die and are replaced, operators that discard and replay, and a clock
 * that runs, in every order, against a model that knows nothing of statuses: it only remembers who may answer,
 * what has been spent, and what took effect.
 */
type Model = {
  nowMs: number;
  generation: number;
  /** Attempts started in this generation. */
  started: number;
  /** The attempt whose answer counts, and when its lease ends. */
  held: { attempt: number; untilMs: number } | null;
  /** Earliest moment of the next attempt. */
  dueMs: number;
  end: "succeeded" | "dead" | "discarded" | null;
};
type Real = {
  delivery: Delivery;
  /** Attempts that some worker still believes to be its own. */
  claims: AttemptKey[];
  /** Generations in which an effect was committed. */
  effects: number[];
};
type Command = fc.Command<Model, Real>;

const LEASE_MS = 1000;
const error = describeError("handler", "Card was declined");
const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  retries: fc.integer({ min: 0, max: 4 }),
  baseMs: fc.integer({ min: 0, max: 500 }),
  factor: fc.constantFrom(1, 2, 3),
  capMs: fc.constant(2000),
  jitter: fc.constant("none" as const),
});

let policy: RetryPolicy;
const send = (real: Real, model: Readonly<Model>, command: Parameters<typeof moveDelivery>[1]): Move => {
  const move = moveDelivery(real.delivery, command, { policy, nowMs: model.nowMs, random: () => 0 });
  if (move.kind === "moved") real.delivery = move.delivery;
  return move;
};

/** What the model expects of a failed attempt. */
function failModel(model: Model, isFinal: boolean): void {
  const delay = Math.min(policy.capMs, policy.baseMs * policy.factor ** (model.started - 1));
  model.held = null;
  if (isFinal || model.started > policy.retries) model.end = "dead";
  else model.dueMs = model.nowMs + delay;
}

class Wait implements Command {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(model: Model) {
    model.nowMs += this.ms;
  }
  toString = () => `wait ${this.ms} ms`;
}

class Claim implements Command {
  check = () => true;
  run(model: Model, real: Real) {
    const isFree = model.end === null && model.held === null && model.nowMs >= model.dueMs;
    const move = send(real, model, { kind: "claim", worker: "w", leaseMs: LEASE_MS });
    expect(move.kind).toBe(isFree ? "moved" : "refused");
    if (!isFree) return;
    model.started += 1;
    model.held = { attempt: model.started, untilMs: model.nowMs + LEASE_MS };
    const { generation, attempt } = real.delivery;
    expect({ generation, attempt }).toEqual({ generation: model.generation, attempt: model.started });
    real.claims.push({ generation, attempt });
  }
  toString = () => "claim";
}

/** A worker that claimed at some time answers now, perhaps long after it lost its lease. */
class Answer implements Command {
  readonly pick: number;
  readonly outcome: "succeed" | "fail" | "fail-for-good";
  constructor(pick: number, outcome: "succeed" | "fail" | "fail-for-good") {
    this.pick = pick;
    this.outcome = outcome;
  }
  check = () => true;
  run(model: Model, real: Real) {
    const claim = real.claims[this.pick % Math.max(real.claims.length, 1)];
    if (claim === undefined) return;
    const counts = claim.generation === model.generation && claim.attempt === model.held?.attempt;
    const move =
      this.outcome === "succeed"
        ? send(real, model, { kind: "succeed", ...claim })
        : send(real, model, { kind: "fail", ...claim, error, retryable: this.outcome === "fail" });
    expect(move.kind).toBe(counts ? "moved" : "refused");
    if (!counts) return;
    if (this.outcome === "succeed") {
      model.held = null;
      model.end = "succeeded";
      real.effects.push(claim.generation);
    } else failModel(model, this.outcome === "fail-for-good");
  }
  toString = () => `answer ${this.pick}: ${this.outcome}`;
}

class Sweep implements Command {
  check = () => true;
  run(model: Model, real: Real) {
    const isExpired = model.held !== null && model.nowMs >= model.held.untilMs;
    expect(send(real, model, { kind: "expire", error }).kind).toBe(isExpired ? "moved" : "refused");
    if (isExpired) failModel(model, false);
  }
  toString = () => "sweep leases";
}

class Discard implements Command {
  check = () => true;
  run(model: Model, real: Real) {
    const applies = model.held === null && (model.end === null || model.end === "dead");
    expect(send(real, model, { kind: "discard", reason: "test" }).kind).toBe(applies ? "moved" : "refused");
    if (applies) model.end = "discarded";
  }
  toString = () => "discard";
}

class Replay implements Command {
  check = () => true;
  run(model: Model, real: Real) {
    const applies = model.end !== null;
    expect(send(real, model, { kind: "replay" }).kind).toBe(applies ? "moved" : "refused");
    if (applies) Object.assign(model, { generation: model.generation + 1, started: 0, dueMs: 0, end: null });
  }
  toString = () => "replay";
}

const steps = fc.commands<Model, Real>(
  [
    fc.integer({ min: 0, max: 1500 }).map((ms) => new Wait(ms)),
    fc.constant(new Claim()),
    fc
      .tuple(fc.nat(20), fc.constantFrom("succeed" as const, "fail" as const, "fail-for-good" as const))
      .map(([pick, outcome]) => new Answer(pick, outcome)),
    fc.constant(new Sweep()),
    fc.constant(new Discard()),
    fc.constant(new Replay()),
  ],
  { maxCommands: 60, size: "max" },
);

function start(): { model: Model; real: Real } {
  return {
    model: { nowMs: 0, generation: 0, started: 0, held: null, dueMs: 0, end: null },
    real: { delivery: newDelivery(), claims: [], effects: [] },
  };
}

test("a delivery does what its model does, whatever happens in whatever order", () => {
  fc.assert(
    fc.property(policies, steps, (chosen, commands) => {
      policy = chosen;
      const world = start();
      fc.modelRun(() => world, commands);
      const { model, real } = world;
      if (model.end !== null) expect(real.delivery.status).toBe(model.end);
      else expect(isSettled(real.delivery.status)).toBe(false);
      expect(real.effects).toEqual([...new Set(real.effects)]);
    }),
    { numRuns: 500 },
  );
});

test("left to its workers, every delivery ends succeeded or dead after at most all its attempts", () => {
  fc.assert(
    fc.property(policies, steps, fc.infiniteStream(fc.boolean()), (chosen, commands, outcomes) => {
      policy = chosen;
      const world = start();
      fc.modelRun(() => world, commands);
      const { model, real } = world;
      for (let turn = 0; model.end === null; turn += 1) {
        expect(turn).toBeLessThan(3 * (policy.retries + 2));
        model.nowMs += 10_000;
        new Sweep().run(model, real);
        model.nowMs += 10_000;
        new Claim().run(model, real);
        const outcome = outcomes.next().value ? "succeed" : "fail";
        if (model.held !== null) new Answer(real.claims.length - 1, outcome).run(model, real);
      }
      expect(isSettled(real.delivery.status)).toBe(true);
      expect(model.started).toBeLessThanOrEqual(policy.retries + 1);
    }),
    { numRuns: 300 },
  );
});
